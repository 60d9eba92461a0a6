package io.vitessbeam.write.duckdb.file;

import io.vitessbeam.schema.TextRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quoting for DuckDB, and running statements, which are logged at debug level. */
public final class DuckDbSql {

  private static final Logger LOG = LoggerFactory.getLogger(DuckDbSql.class);

  private DuckDbSql() {}

  public static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  public static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        LOG.debug(sql);
        statement.execute(sql);
      }
    }
  }

  /** Runs a statement; gives the number of rows that it changed. */
  public static long update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      LOG.debug(sql);
      return statement.executeLargeUpdate(sql);
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** Does everything in one transaction. */
  public static <T> T atomically(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try {
      result = work.run();
      LOG.debug("COMMIT");
      connection.commit();
    } catch (SQLException | RuntimeException | Error e) {
      giveUp(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  /**
   * DuckDB itself rolls back what fails to commit, as on a full disk. Then there is no transaction
   * for the driver to end, which it insists on before another mode.
   */
  private static void giveUp(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException again) {
      failure.addSuppressed(again);
      suppress(failure, () -> execute(connection, List.of("BEGIN TRANSACTION")));
    }
    suppress(failure, () -> connection.setAutoCommit(true));
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static void suppress(Throwable failure, Step step) {
    try {
      step.run();
    } catch (SQLException again) {
      failure.addSuppressed(again);
    }
  }

  /** Runs all statements in one transaction. */
  public static void atomically(Connection connection, List<String> statements)
      throws SQLException {
    atomically(
        connection,
        () -> {
          execute(connection, statements);
          return null;
        });
  }

  /** The first value of the first row; null if there is none. */
  public static String text(Connection connection, String query) throws SQLException {
    List<String> row = row(connection, query);
    return row.isEmpty() ? null : row.get(0);
  }

  /** The number in the first column of the first row; 0 for NULL. */
  public static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The values of the first row, empty if there is none. */
  public static List<String> row(Connection connection, String query) throws SQLException {
    List<List<String>> rows = rows(connection, query);
    return rows.isEmpty() ? List.of() : rows.get(0);
  }

  /** All rows, for queries that give few. */
  public static List<List<String>> rows(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return TextRows.of(statement, query);
    }
  }
}
