package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row that moves to another shard, as a delete there and an insert here, is not lost. */
class IngestCdcShardsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String LOW = CUSTOMER + ":-80";
  private static final String HIGH = CUSTOMER + ":80-";
  private static final int ROWS = 40;

  @TempDir private Path folder;

  private String table;
  private CdcCopy copy;

  /** Spread by a column that is not the key: an id can be on either shard, or on both. */
  @BeforeEach
  void fill() throws SQLException {
    table = VITESS.newTable("moving");
    VITESS.createSharded(
        table, "place", "hash", "(id BIGINT NOT NULL PRIMARY KEY, place BIGINT UNSIGNED, n INT)");
    for (int id = 1; id <= ROWS; id++) {
      VITESS.execute(
          CUSTOMER,
          "INSERT INTO " + table + " (id, place, n) VALUES (" + id + ", " + id + ", " + id + ")");
    }
    assertThat(count(LOW)).isBetween(1L, ROWS - 1L);
  }

  private long count(String target) throws SQLException {
    try (Connection connection = VITESS.connect(target)) {
      return TableRows.ofVitess(connection, "SELECT id FROM " + table).size();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, true, false",
    "DIRECT, false, false",
    "DIRECT, true, true",
    "DIRECT, false, true",
    "FLINK, true, false",
    "FLINK, false, false",
  })
  void aRowThatMovesSurvives(EmbeddedRunner runner, boolean deleteFirst, boolean runBetween)
      throws SQLException {
    copy = CdcCopy.of(runner, CUSTOMER, folder);
    copy.sync(table);
    copy.assertSame(table);
    // There and back, so that each shard is the one that was left once.
    for (String[] way : new String[][] {{LOW, HIGH}, {HIGH, LOW}, {LOW, HIGH}}) {
      move(way[0], way[1], deleteFirst, runBetween);
      copy.sync(table);
      copy.assertSame(table);
    }
    assertThat(copy.sync(table)).contains("nothing new");
    copy.assertSame(table);
  }

  /** All rows that only one of the shards has. */
  private void move(String from, String to, boolean deleteFirst, boolean runBetween)
      throws SQLException {
    try (Connection connection = VITESS.connect(from)) {
      String rows =
          String.join(
              ",",
              TableRows.ofVitess(connection, "SELECT id, place, n + 1000 FROM " + table).stream()
                  .map(row -> "(" + row.substring(0, row.length() - 1).replace('|', ',') + ")")
                  .toList());
      String insert = "INSERT INTO " + table + " (id, place, n) VALUES " + rows;
      String delete = "DELETE FROM " + table;
      String moved = insert + " ON DUPLICATE KEY UPDATE n = VALUES(n)";
      String first = deleteFirst ? delete : moved;
      String second = deleteFirst ? moved : delete;
      VITESS.execute(deleteFirst ? from : to, first);
      if (runBetween) {
        copy.sync(table);
      }
      VITESS.execute(deleteFirst ? to : from, second);
    }
  }

  /** A row that changes on its old shard after its copy on the new one was written. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theLastWriterOfAnIdHasIt(boolean runBetween) throws SQLException {
    copy = CdcCopy.of(EmbeddedRunner.DIRECT, CUSTOMER, folder);
    VITESS.execute(LOW, "INSERT INTO " + table + " (id, place, n) VALUES (1000, 1, 1)");
    copy.sync(table);
    VITESS.execute(HIGH, "INSERT INTO " + table + " (id, place, n) VALUES (1000, 2, 2)");
    if (runBetween) {
      copy.sync(table);
    }
    VITESS.execute(LOW, "DELETE FROM " + table + " WHERE id = 1000");
    copy.sync(table);
    copy.assertSame(table);
    VITESS.execute(HIGH, "UPDATE " + table + " SET n = 3 WHERE id = 1000");
    copy.sync(table);
    copy.assertSame(table);
    VITESS.execute(HIGH, "DELETE FROM " + table + " WHERE id = 1000");
    copy.sync(table);
    copy.assertSame(table);
    assertThat(copy.deleted(table)).contains("1000|");
  }

  /** Only one shard has changes: the position of the other moves as well. */
  @ParameterizedTest
  @CsvSource({"DIRECT", "FLINK"})
  void oneBusyShard(EmbeddedRunner runner) throws SQLException {
    copy = CdcCopy.of(runner, CUSTOMER, folder);
    copy.sync(table);
    for (int step = 1; step <= 3; step++) {
      VITESS.execute(HIGH, "UPDATE " + table + " SET n = n + 1");
      assertThat(copy.sync(table)).contains(count(HIGH) + " updated");
      copy.assertSame(table);
    }
    VITESS.execute(LOW, "DELETE FROM " + table);
    copy.sync(table);
    copy.assertSame(table);
    copy.dropPositions(table);
    VITESS.execute(HIGH, "UPDATE " + table + " SET n = -n");
    assertThat(copy.sync(table)).doesNotContain("copied");
    copy.assertSame(table);
  }
}
