package io.vitessbeam.pipelines.flink;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestVitess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBDriver;

/** A table of two rows of a real Vitess, and the file that it is followed into. */
record Followed(String table, Path file) {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** A new one, whose file will be in a folder. */
  static Followed of(Path folder) throws SQLException {
    String table = VITESS.newTable("session");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, v VARCHAR(9))",
        "INSERT INTO " + table + " VALUES (1, 'one'), (2, 'two')");
    return new Followed(table, folder.resolve(table + ".duckdb"));
  }

  /** Changes the second row, and adds a third. */
  void change() throws SQLException {
    VITESS.execute(SHOP, "UPDATE " + table + " SET v = 'zwei' WHERE id = 2");
    insert(3, "three");
  }

  void insert(int id, String v) throws SQLException {
    VITESS.execute(SHOP, "INSERT INTO %s VALUES (%d, '%s')".formatted(table, id, v));
  }

  void delete(int id) throws SQLException {
    VITESS.execute(SHOP, "DELETE FROM %s WHERE id = %d".formatted(table, id));
  }

  /** The flags that name it, after others. */
  String[] flags(String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    String uri = VITESS.uriText(SHOP).replaceFirst("^vitess:", "vitess+cdc:");
    flags.add("--source-uri=" + uri + "?grpc_port=" + VITESS.grpcPort());
    flags.add("--source-table=" + table);
    flags.add("--dest-uri=duckdb:///" + file);
    return flags.toArray(String[]::new);
  }

  /** What the source holds, as {@code id|v}. */
  List<String> source() throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return rows(connection, "SELECT id, v FROM " + table + " ORDER BY id");
    }
  }

  /** What the file holds, as {@code id|v}. */
  List<String> rows() throws SQLException {
    return rows("SELECT id, v FROM " + table + " WHERE NOT _cdc_deleted ORDER BY id");
  }

  /** When each row was written, and behind which change. */
  List<String> written() throws SQLException {
    return rows("SELECT _cdc_synced_at, _cdc_lsn FROM " + table + " ORDER BY id");
  }

  private List<String> rows(String sql) throws SQLException {
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties())) {
      return rows(connection, sql);
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1) + "|" + result.getString(2));
      }
    }
    return rows;
  }

  /** Waits until the file holds what the source holds, and fails with the difference. */
  void awaitSame() throws SQLException, InterruptedException {
    awaitRows(source());
  }

  void awaitRows(List<String> expected) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    List<String> rows = List.of();
    while (!rows.equals(expected) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(500);
      try {
        rows = Files.exists(file) ? rows() : List.of();
      } catch (SQLException e) {
        // Not there yet, or open in the job, which is at work on it.
      }
    }
    assertThat(rows).isEqualTo(expected);
  }
}
