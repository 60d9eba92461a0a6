package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.block.Block;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database file of a test, looked at from outside. */
final class DatabaseFile {

  private final Path path;

  DatabaseFile(Path directory) {
    this.path = directory.resolve("test.duckdb");
  }

  Path path() {
    return path;
  }

  LoadId<DuckDbUri> id(String runId, String table) {
    return LoadId.of(
        new DuckDbUri(path.toString()), "", LoadSpec.replace(runId, TargetTable.parse(table)));
  }

  /** Loads all blocks as one run. */
  void load(String runId, String table, List<Block> blocks) {
    LoadId<DuckDbUri> id = id(runId, table);
    DuckDbLoader load = DuckDbLoads.ofThisJvm().acquire(id);
    try {
      load.publish(stage(load, blocks));
    } finally {
      DuckDbLoads.ofThisJvm().release(load);
    }
  }

  static List<StagedRange> stage(DuckDbLoader load, List<Block> blocks) {
    List<StagedRange> receipts = new ArrayList<>();
    blocks.forEach(block -> load.stage(block).ifPresent(receipts::add));
    return receipts;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** All values of the rows, one after the other. */
  List<Object> query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Object> values = new ArrayList<>();
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getObject(i));
        }
      }
      return values;
    }
  }

  /** The names of all tables of all schemas. */
  List<Object> tables() throws SQLException {
    return query("SELECT table_name FROM duckdb_tables() ORDER BY ALL");
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + path);
  }
}
