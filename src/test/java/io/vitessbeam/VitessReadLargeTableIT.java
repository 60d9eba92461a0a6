package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables far beyond the row limit of the OLTP workload, compared byte by byte with the driver. */
class VitessReadLargeTableIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 200_000;
  private static final String EVENTS = VITESS.newTable("events");
  private static final String SPREAD = VITESS.newTable("spread");

  private static Map<String, Long> events;
  private static Map<String, Long> spread;

  @BeforeAll
  static void fill() throws SQLException {
    new EventsTable(VITESS.uri(SHOP), EVENTS).create(ROWS);
    VITESS.createSharded(
        SPREAD, "id", "hash", "(id BIGINT PRIMARY KEY, name VARCHAR(40), amount DECIMAL(12,2))");
    load();
    events = oracle(SHOP, EVENTS);
    spread = oracle(CUSTOMER, SPREAD);
    assertThat(events).hasSize(ROWS);
    assertThat(spread).hasSize(ROWS);
  }

  private static void load() throws SQLException {
    int rowsPerStatement = 2_000;
    try (Connection connection = VITESS.connect(CUSTOMER);
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < ROWS; from += rowsPerStatement) {
        StringBuilder sql =
            new StringBuilder("INSERT INTO " + SPREAD + " (id, name, amount) VALUES ");
        for (int id = from; id < from + rowsPerStatement; id++) {
          sql.append(id == from ? "(" : ",(").append(id).append(", ");
          sql.append(id % 7 == 0 ? "NULL" : "'näme " + id + "'");
          sql.append(", ").append(id).append('.').append(10 + id % 90).append(')');
        }
        statement.execute(sql.toString());
      }
    }
  }

  private static Map<String, Long> oracle(String keyspace, String table) throws SQLException {
    try (Connection connection = VITESS.connect(keyspace)) {
      return RowDigests.ofDriver(connection, "SELECT * FROM " + table).byKey();
    }
  }

  @ParameterizedTest
  @CsvSource({"DIRECT,1", "DIRECT,4", "DIRECT,16", "FLINK,4"})
  void everyRowOfAnUnshardedTable(EmbeddedRunner runner, int parallelism) {
    assertThat(digests(runner, SHOP, EVENTS, parallelism).equals(events)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"DIRECT,1", "DIRECT,4", "DIRECT,16", "FLINK,4"})
  void everyRowOfAShardedTable(EmbeddedRunner runner, int parallelism) {
    assertThat(digests(runner, CUSTOMER, SPREAD, parallelism).equals(spread)).isTrue();
  }

  /** Else the tests above would prove nothing. */
  @Test
  void theRowLimitOfOltpIsReal() throws SQLException {
    try (Connection connection = VITESS.connect(SHOP);
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + EVENTS))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Row count exceeded 10000");
    }
  }

  private static Map<String, Long> digests(
      EmbeddedRunner runner, String keyspace, String table, int parallelism) {
    PTransform<PBegin, PCollection<Block>> blocks =
        VitessRead.from(VITESS.uri(keyspace))
            .withTable(table)
            .withParallelism(parallelism)
            .blocks();
    RowDigests digests = new RowDigests();
    TestPipelines.forEach(runner, blocks, digests::add);
    return digests.byKey();
  }
}
