package io.vitessbeam.testing;

import static io.vitessbeam.testing.TestVitess.SHOP;

import io.vitessbeam.testing.EveryType.TypedColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of {@link EveryType} as a table of the unsharded keyspace. */
public final class EveryTypeTable {

  /** Enough for every value of the column that has most of them; row 0 is all NULL. */
  public static final int ROWS = 4;

  private EveryTypeTable() {}

  /** Makes the table: {@code id}, from 0 on, and the columns; gives its name. */
  public static String create(TestVitess vitess, List<TypedColumn> columns) throws SQLException {
    String table = vitess.newTable("every_type");
    try (Connection connection = vitess.connect(SHOP + ":0")) {
      create(connection, table, columns);
    }
    return table;
  }

  /** The same by a session of any server of the MySQL protocol, whose SQL mode is changed. */
  public static void create(Connection connection, String table, List<TypedColumn> columns)
      throws SQLException {
    String definitions =
        columns.stream()
            .map(column -> column.name() + " " + nullable(column.definition()))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      // Lets the index 0 of an ENUM, a fraction of a FLOAT too many and a number too small pass.
      statement.execute("SET sql_mode = ''");
      statement.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, " + definitions + ")");
      statement.execute("INSERT INTO " + table + " (id) VALUES (0)");
      for (int row = 1; row < ROWS; row++) {
        int at = row - 1;
        String values =
            columns.stream().map(column -> column.at(at).sql()).collect(Collectors.joining(", "));
        statement.execute("INSERT INTO " + table + " VALUES (" + row + ", " + values + ")");
      }
    }
  }

  private static String nullable(String definition) {
    return definition.contains("GENERATED") ? definition : definition + " NULL";
  }
}
