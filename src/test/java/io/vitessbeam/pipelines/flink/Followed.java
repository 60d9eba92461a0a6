package io.vitessbeam.pipelines.flink;

import static io.vitessbeam.testing.TestVitess.SHOP;

import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** A table of two rows of a real Vitess, and the file that it is followed into. */
record Followed(String table, Path file) {

  private static final TestVitess VITESS = TestVitess.shared();

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

  /** The flags that name it, after others. */
  String[] flags(String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    String uri = VITESS.uriText(SHOP).replaceFirst("^vitess:", "vitess+cdc:");
    flags.add("--source-uri=" + uri + "?grpc_port=" + VITESS.grpcPort());
    flags.add("--source-table=" + table);
    flags.add("--dest-uri=duckdb:///" + file);
    return flags.toArray(String[]::new);
  }

  /** What the file holds, as {@code id|v}. */
  List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties());
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT id, v FROM " + table + " ORDER BY id")) {
      while (result.next()) {
        rows.add(result.getString(1) + "|" + result.getString(2));
      }
    }
    return rows;
  }
}
