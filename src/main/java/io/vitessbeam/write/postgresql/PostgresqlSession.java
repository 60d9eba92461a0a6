package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlServer;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.read.postgresql.CopyRows;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.TextRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose every transaction begins with the same settings, whatever server, database and
 * user are set to. They end with it, so that a pooler in front of the server does no harm.
 * Statements are logged at debug level before they are sent. For one thread at a time.
 */
final class PostgresqlSession implements AutoCloseable {

  /** What a transaction is for. */
  enum Purpose {
    /** Lost with the server's last moments it is missed, and the run fails; nothing is wrong. */
    STAGING("set_config('synchronous_commit', 'off', true)"),
    /** Is on disk when it is committed. */
    PUBLISHING("set_config('synchronous_commit', 'on', true)");

    private final String setting;

    Purpose(String setting) {
      this.setting = setting;
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  private static final Duration QUICK = Duration.ofSeconds(20);

  /** A block, or the swap of tables, takes seconds at most. */
  private static final Duration SHORT = Duration.ofMinutes(15);

  /** Rows of a whole table are compared or copied in one statement. */
  private static final Duration LONG = Duration.ofHours(24);

  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  /** The last one is of PostgreSQL 17. */
  private static final String BEGIN =
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;"
          + " SELECT set_config('TimeZone', 'UTC', true),"
          + " set_config('DateStyle', 'ISO, YMD', true),"
          + " set_config('IntervalStyle', 'postgres', true),"
          + " set_config('extra_float_digits', '1', true),"
          + " set_config('bytea_output', 'hex', true),"
          + " set_config('standard_conforming_strings', 'on', true),"
          + " set_config('client_min_messages', 'warning', true),"
          + " set_config('statement_timeout', '0', true),"
          + " set_config('idle_in_transaction_session_timeout', '0', true),"
          + " CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL"
          + " THEN set_config('transaction_timeout', '0', true) END, ";

  private final Connection connection;

  private PostgresqlSession(Connection connection) {
    this.connection = connection;
  }

  /** For statements that take seconds. */
  static PostgresqlSession open(PostgresqlUri uri) {
    return new PostgresqlSession(new PostgresqlServer(uri).writing(SHORT));
  }

  /** For questions that are answered at once or not at all. */
  static PostgresqlSession quick(PostgresqlUri uri) {
    return new PostgresqlSession(new PostgresqlServer(uri).writing(QUICK));
  }

  /** For statements that may take hours. */
  static PostgresqlSession patient(PostgresqlUri uri) {
    return new PostgresqlSession(new PostgresqlServer(uri).writing(LONG));
  }

  /** Begins a transaction that is left open. */
  void begin(Purpose purpose) throws SQLException {
    execute(BEGIN + purpose.setting);
  }

  /** Does everything in one transaction. */
  <T> T transaction(Purpose purpose, Work<T> work) throws SQLException {
    try {
      begin(purpose);
      T result = work.run();
      SQL.debug("COMMIT");
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  void execute(List<String> statements) throws SQLException {
    for (String sql : statements) {
      execute(sql);
    }
  }

  void execute(String sql) throws SQLException {
    SQL.debug("{}", sql);
    try (Statement statement = statement()) {
      statement.execute(sql);
    }
  }

  /** Runs a statement; gives the number of rows that it changed. */
  long update(String sql) throws SQLException {
    SQL.debug("{}", sql);
    try (Statement statement = statement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /** The number in the first column of the first row. */
  long number(String query) throws SQLException {
    return Long.parseLong(rows(query).get(0).get(0));
  }

  /** Whether the condition in the first column of the first row holds. */
  boolean holds(String query) throws SQLException {
    return rows(query).get(0).get(0).equals("t");
  }

  /** All rows, as text with null for NULL, for queries that give few. */
  List<List<String>> rows(String query) throws SQLException {
    SQL.debug("{}", query);
    try (Statement statement = statement()) {
      return TextRows.of(statement, query);
    }
  }

  /** The values of the first column, for queries that give few rows. */
  List<String> column(String query) throws SQLException {
    return rows(query).stream().map(row -> row.get(0)).toList();
  }

  /** What runs a COPY. */
  CopyManager copying(String sql) throws SQLException {
    SQL.debug("{}", sql);
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /**
   * Begins to read, in the transaction that is going on. The rows end the session with them.
   *
   * @param schema of the rows
   * @param texts how the value of each column is made MySQL's
   */
  SourceRows copied(TableSchema schema, List<ValueText> texts, String select) {
    return new CopyRows(connection, schema, texts, select);
  }

  private Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    // Braces in names are no JDBC escapes.
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** Breaks the connection, from any thread; the server rolls back what was going on. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      SQL.debug("Breaking a connection", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      SQL.debug("Closing a connection", e);
    }
  }
}
