package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the positions of a file say of the contents of its tables, which is not always counted. */
final class StatedContents {

  private static final String STATED =
      "SELECT schema_name, p.table_name, greatest_lsn, row_count FROM _vitessbeam_positions p JOIN"
          + " duckdb_tables() t ON lower(t.table_name) = lower(p.table_name) WHERE schema_name ="
          + " 'main' AND number = 0 AND run = '%s'";

  private StatedContents() {}

  /** Fails unless they are those of the tables that a run wrote into the main schema. */
  static void assertTrue(Path file, String run) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      if (rows(
              statement,
              "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name ="
                  + " '_vitessbeam_positions'")
          .isEmpty()) {
        return;
      }
      for (List<String> stated : rows(statement, STATED.formatted(run))) {
        String table = "main.\"" + stated.get(1) + "\"";
        assertThat(stated.subList(2, 4))
            .as("contents of %s", table)
            .isEqualTo(rows(statement, "SELECT max(_cdc_lsn), count(*) FROM " + table).get(0));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<List<String>> rows(Statement statement, String query) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
