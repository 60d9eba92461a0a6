package io.vitessbeam;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.BlockRows;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPostgresql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password that stands elsewhere than in the address, at servers that ask for one. */
class PasswordsIT {

  @TempDir private Path folder;

  private String address(String uri, String password) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), password + "\n");
    String without = uri.replace(":" + password + "@", "@");
    assertThat(without).isNotEqualTo(uri);
    return without + (uri.contains("?") ? "&" : "?") + "password_file=" + file;
  }

  @Test
  void isReadFromItsFile() throws Exception {
    TestCluster cluster = TestCluster.shared();
    String table = cluster.newTable("secret");
    cluster.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY)",
        "INSERT INTO " + table + " VALUES (1)");
    String vitess = address(cluster.uriText(SHOP, TestCluster.PASSWORD), TestCluster.PASSWORD);
    String changes = address(cluster.cdcUriText(SHOP, TestCluster.PASSWORD), TestCluster.PASSWORD);

    assertThat(BlockRows.of(VitessRead.from(vitess).withTable(table)))
        .containsExactly(List.of("1"));
    // By both of its ports.
    IngestRun followed =
        IngestRun.of(
            "--source-uri=" + changes,
            "--source-table=" + table,
            "--dest-uri=duckdb://" + folder.resolve("followed.duckdb"));
    assertThat(followed.status()).as(followed.err()).isZero();
    Files.writeString(folder.resolve("password"), "another");
    assertThatThrownBy(() -> VitessRead.from(vitess).withTable(table).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("wrong user name or password");
    Files.delete(folder.resolve("password"));
    assertThatThrownBy(() -> VitessRead.from(vitess).withTable(table).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "The password is to be in the file %s, which can't be read: it isn't there"
                .formatted(folder.resolve("password")));
  }

  @Test
  void isInNoGraph() throws Exception {
    // Nothing before it is like it, so that the compression of a graph leaves it whole.
    String password = "kX9qWz7Tr2LmVb";
    String typed = TestPostgresql.shared().uri(password);
    String elsewhere = address(typed, password);

    assertThat(graph(typed)).contains(password);
    assertThat(graph(elsewhere)).doesNotContain(password);
  }

  private static String graph(String uri) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.empty(Schema.builder().addInt32Field("id").build()))
        .apply(
            VitessWrite.to(PostgresqlUri.parse(uri))
                .withTable("t")
                .withStrategy(WriteStrategy.APPEND)
                .rows());
    return new String(PipelineTranslation.toProto(pipeline).toByteArray(), ISO_8859_1);
  }

  @Test
  void mayBeInTheEnvironmentAndIsNamedIfItIsNot() {
    String uri = TestMysql.shared().uri().replaceFirst(":[^:@/]*@", "@") + "?password_env=NO_SUCH";

    assertThatThrownBy(() -> MysqlRead.from(uri).withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "The password is to be in the variable NO_SUCH of the environment, which is not set");
    assertThatThrownBy(() -> MysqlUri.parse("mysql://u:p@h/d?password_env=A"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("says in more than one way what the password is");
  }
}
