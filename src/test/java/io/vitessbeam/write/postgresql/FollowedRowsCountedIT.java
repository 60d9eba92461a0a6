package io.vitessbeam.write.postgresql;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trigger that keeps a row out of a table that follows, without an error, fails the run. */
class FollowedRowsCountedIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private final String table = VITESS.newTable("counted");
  private final TestSchema copies = new TestSchema();

  @ParameterizedTest
  @CsvSource({"INSERT, false", "UPDATE, false", "INSERT, true"})
  void whatATableKeepsOutFailsTheRunBeforeAnythingIsThere(String event, boolean copiesAnew)
      throws Exception {
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, name VARCHAR(40))",
        "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b')");
    sync(false);
    copies.execute(
        "CREATE FUNCTION $s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id = 3 OR"
            + " NEW.name = ''aa'' THEN RETURN NULL; END IF; RETURN NEW; END'",
        "CREATE TRIGGER keeper BEFORE %s ON $s.%s FOR EACH ROW EXECUTE FUNCTION $s.nothing()"
            .formatted(event, table));
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET name = 'aa' WHERE id = 1",
        "INSERT INTO " + table + " VALUES (3, 'c')");

    assertThatThrownBy(() -> sync(copiesAnew))
        .hasStackTraceContaining("DataException")
        .hasStackTraceContaining(table)
        .hasStackTraceContaining("trigger keeper");
    assertThat(copied()).containsExactly("1|a", "2|b");

    copies.execute("DROP TRIGGER keeper ON $s." + table);
    sync(false);
    assertThat(copied()).containsExactly("1|aa", "2|b", "3|c");
  }

  private void sync(boolean copiesAnew) {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://%s:%d/%s?grpc_port=%d&dest_schema=%s"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort(), copies.name()));
    VitessSync sync =
        VitessSync.from(uri)
            .to(TestSchema.uri())
            .withTables(List.of(table))
            .withFullRefresh(copiesAnew);
    TestPipelines.read(EmbeddedRunner.DIRECT, sync);
  }

  private List<String> copied() throws Exception {
    return copies.query("SELECT concat_ws('|', id, name) FROM $s." + table + " ORDER BY id");
  }
}
