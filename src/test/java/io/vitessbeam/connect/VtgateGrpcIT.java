package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.stub.StreamObserver;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.testing.TestVitess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real vtgate says, and what is made of it. */
class VtgateGrpcIT {

  private TestVitess vitess;
  private VitessCdcUri uri;

  @BeforeEach
  void find() {
    vitess = TestVitess.shared();
    uri = VitessCdcUri.of(vitess.uri(TestVitess.CUSTOMER), vitess.host(), vitess.grpcPort());
  }

  @Test
  void isReached() {
    try (VtgateGrpc vtgate = VtgateGrpc.open(uri.grpc())) {
      // Twice, over one connection.
      assertThatCode(vtgate::requireReachable).doesNotThrowAnyException();
      assertThatCode(vtgate::requireReachable).doesNotThrowAnyException();
    }
  }

  @Test
  void itsMysqlPort() {
    GrpcAddress wrong =
        new GrpcAddress(vitess.host(), vitess.port(), "", Secret.NONE, GrpcTls.NONE);
    try (VtgateGrpc vtgate = VtgateGrpc.open(wrong)) {
      assertThatThrownBy(vtgate::requireReachable)
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              wrong.hostAndPort()
                  + " is a port of the MySQL protocol. grpc_port has to be vtgate's gRPC port (its"
                  + " flag --grpc-port)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'MySQL56/xyz', damaged",
    "'249aee18-d2e8-11f0-8e5c-7e0d4bd4b2a5:1-30', damaged",
    "'MySQL56/', empty"
  })
  void positionsThatAreNone(String position, String reason) throws Exception {
    assertThat(failure(TestVitess.CUSTOMER, "-80", position, "t"))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("begin again with a copy");
  }

  @Test
  void aShardThatIsNotThere() throws Exception {
    assertThat(failure(TestVitess.CUSTOMER, "-40", "current", "t"))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("shard provided in VGTID, -40, not found in the customer keyspace");
  }

  @ParameterizedTest
  @CsvSource({"'', current", "0, current", "0, ''"})
  void aKeyspaceThatIsNotThere(String shard, String position) throws Exception {
    assertThat(failure("nokeyspace", shard, position, "t"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nokeyspace")
        .hasMessageContaining("Check the keyspace of the URI");
  }

  @Test
  void aTableThatIsNotThere() throws Exception {
    assertThat(failure(TestVitess.CUSTOMER, "-80", "", "no_such_table"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("table no_such_table is not present in the database");
  }

  /** Changes under a schema that is gone: the table is named, so that it can be copied again. */
  @Test
  void aTableThatWasDropped() throws Exception {
    String table = vitess.newTable("dropped");
    String position = "MySQL56/" + executed();
    vitess.execute(
        TestVitess.SHOP + ":0",
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, a INT)",
        "INSERT INTO " + table + " VALUES (1, 1)",
        "DROP TABLE " + table);

    Throwable raw = end(TestVitess.SHOP, "0", position, table);
    assertThat(GrpcFailures.whyUnreadable(raw, table)).contains("it was dropped or renamed");
    assertThat(GrpcFailures.streaming("x", raw))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The table was altered");
  }

  private String executed() throws Exception {
    try (var connection = vitess.connect(TestVitess.SHOP + ":0");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT @@global.gtid_executed")) {
      rows.next();
      return rows.getString(1).replace("\n", "");
    }
  }

  private VitessBeamException failure(String keyspace, String shard, String position, String table)
      throws Exception {
    VitessBeamException failure =
        GrpcFailures.streaming("The test's stream", end(keyspace, shard, position, table));
    assertThat(failure).hasMessageStartingWith("The test's stream failed: ");
    return failure;
  }

  private Throwable end(String keyspace, String shard, String position, String table)
      throws Exception {
    VStreamRequest.Builder request = VStreamRequest.newBuilder();
    request
        .getVgtidBuilder()
        .addShardGtidsBuilder()
        .setKeyspace(keyspace)
        .setShard(shard)
        .setGtid(position);
    request
        .getFilterBuilder()
        .addRulesBuilder()
        .setMatch(table)
        .setFilter("select * from " + table);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    try (VtgateGrpc vtgate = VtgateGrpc.open(uri.grpc())) {
      vtgate
          .stub()
          .vStream(
              request.build(),
              new StreamObserver<VStreamResponse>() {
                @Override
                public void onNext(VStreamResponse response) {
                  // The failure comes after what could be read.
                }

                @Override
                public void onError(Throwable failure) {
                  end.complete(failure);
                }

                @Override
                public void onCompleted() {
                  end.completeExceptionally(new AssertionError("ended without a failure"));
                }
              });
      return end.get(30, TimeUnit.SECONDS);
    }
  }
}
