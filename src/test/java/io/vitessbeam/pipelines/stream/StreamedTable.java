package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A table of the sharded keyspace of the shared Vitess that a stream follows: with rows to begin
 * with, changes at random, and a comparison with what has become of it elsewhere.
 */
record StreamedTable(String name) {

  static final Duration SOON = Duration.ofMinutes(5);

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String COLUMNS = "id, name, amount, seen";
  private static final List<String> SHARDS = List.of("-80", "80-");

  static StreamedTable create(String prefix, int rows) throws SQLException {
    StreamedTable table = new StreamedTable(VITESS.newTable(prefix));
    VITESS.createSharded(
        table.name,
        "id",
        "hash",
        "(id BIGINT PRIMARY KEY, name VARCHAR(80), amount DECIMAL(20,4), seen DATETIME(6))");
    for (int from = 1; from <= rows; from += 2_000) {
      table.insert(from, Math.min(rows, from + 1_999));
    }
    return table;
  }

  static String uri() {
    return "vitess+cdc://%s:%d/%s?grpc_port=%d"
        .formatted(VITESS.host(), VITESS.port(), CUSTOMER, VITESS.grpcPort());
  }

  /** The names of all tables of the keyspace. */
  static List<String> all() throws SQLException {
    try (Connection connection = VITESS.connect(CUSTOMER + ":-80")) {
      return TableRows.of(connection, "SHOW TABLES").stream()
          .map(row -> row.substring(0, row.length() - 1))
          .toList();
    }
  }

  /** Inserts rows in a transaction. */
  void insert(int from, int to) throws SQLException {
    StringBuilder sql = new StringBuilder("INSERT INTO " + name + " (" + COLUMNS + ") VALUES ");
    for (int id = from; id <= to; id++) {
      sql.append(id == from ? "" : ",")
          .append(
              "(%d,'n😀 %d',%d.0625,'2024-02-29 12:00:00.%06d')"
                  .formatted(id, id, id, id % 1_000_000));
    }
    execute(sql.toString());
  }

  void execute(String... statements) throws SQLException {
    VITESS.execute(CUSTOMER, statements);
  }

  /** An insert, an update, a delete, a row that comes again, or a row that moves to another key. */
  void change(Random random) throws SQLException {
    int id = 1 + random.nextInt(2_000);
    switch (random.nextInt(5)) {
      case 0 -> execute("DELETE FROM " + name + " WHERE id = " + id);
      case 1 -> {
        int from = 10_000 + random.nextInt(1_000_000);
        execute("DELETE FROM " + name + " WHERE id BETWEEN " + from + " AND " + (from + 20));
        insert(from, from + 20);
      }
      case 2 ->
          execute(
              "UPDATE "
                  + name
                  + " SET name = NULL, amount = -amount WHERE id BETWEEN %d AND %d"
                      .formatted(id, id + 30));
      case 3 ->
          execute(
              "INSERT INTO %s (id, name, amount) VALUES (%d, 'again', 1) ON DUPLICATE KEY UPDATE name = CONCAT(COALESCE(name, ''), '+')"
                  .formatted(name, id));
      default -> execute("UPDATE %s SET amount = amount + 1 WHERE id = %d".formatted(name, id));
    }
  }

  /** Its rows now, shard by shard, where a new column is known at once. */
  List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String shard : SHARDS) {
      try (Connection connection = VITESS.connect(CUSTOMER + ":" + shard)) {
        rows.addAll(TableRows.ofVitess(connection, "SELECT " + COLUMNS + " FROM " + name));
      }
    }
    rows.sort(naturalOrder());
    return rows;
  }

  /**
   * Waits until the live rows elsewhere are these, and fails with the difference if they are not.
   */
  void awaitSame(StreamProcess stream, StreamPlace place, Path folder)
      throws SQLException, InterruptedException {
    List<String> expected = rows();
    long deadline = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < deadline && stream.runs()) {
      try {
        if (live(place, folder).equals(expected) && isStatedRight(place, folder)) {
          return;
        }
      } catch (SQLException e) {
        // Not there yet, or a file that is being written.
      }
      // A file is locked while it is read.
      TimeUnit.MILLISECONDS.sleep(500);
    }
    assertThat(stream.runs()).as(stream.output()).isTrue();
    try {
      assertSame(place, folder);
    } catch (AssertionError e) {
      throw new AssertionError(stream.output(), e);
    }
  }

  void assertSame(StreamPlace place, Path folder) throws SQLException {
    List<String> expected = rows();
    List<String> missing = new ArrayList<>(expected);
    List<String> wrong = live(place, folder);
    List<String> there = List.copyOf(wrong);
    wrong.removeAll(Set.copyOf(expected));
    missing.removeAll(Set.copyOf(there));
    assertThat(wrong).as("rows of %s that are not its source's", name).isEmpty();
    assertThat(missing).as("rows that %s lacks", name).isEmpty();
    assertThat(there).as(name).isEqualTo(expected);
    assertThat(isStatedRight(place, folder)).as("what is stored of %s is true", name).isTrue();
  }

  /** Whether the table holds what is stored with its position, which is not always counted. */
  private boolean isStatedRight(StreamPlace place, Path folder) throws SQLException {
    String wrong =
        "SELECT number FROM _vitessbeam_positions p WHERE table_name = '%s' AND (row_count <>"
            + " (SELECT COUNT(*) FROM %s) OR NOT EXISTS (SELECT 1 FROM %s WHERE _cdc_lsn ="
            + " p.greatest_lsn))";
    return place.rows(folder, wrong.formatted(name, name, name)).isEmpty();
  }

  List<String> live(StreamPlace place, Path folder) throws SQLException {
    return place.rows(folder, "SELECT " + COLUMNS + " FROM " + name + " WHERE NOT _cdc_deleted");
  }
}
