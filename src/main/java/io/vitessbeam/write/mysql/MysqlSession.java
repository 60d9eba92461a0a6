package io.vitessbeam.write.mysql;

import io.vitessbeam.write.mysql.staging.BlockInserts;
import io.vitessbeam.write.mysql.staging.StagingColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection with the statements that were prepared on it. For one thread at a time. */
public final class MysqlSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MysqlSession.class);

  private static final Duration LONG = Duration.ofHours(24);

  private final Connection connection;
  private BlockInserts inserts;
  private boolean forgotten;

  MysqlSession(Connection connection) {
    this.connection = connection;
  }

  public Connection connection() {
    return connection;
  }

  public long update(String sql) throws SQLException {
    return MysqlSql.update(connection, sql);
  }

  public long number(String sql) throws SQLException {
    return MysqlSql.number(connection, sql);
  }

  /** The inserts into a staging table; a session prepares those of one table. */
  BlockInserts inserts(StagingColumns columns) throws SQLException {
    if (inserts == null || !inserts.columns().equals(columns)) {
      inserts = new BlockInserts(connection, columns);
    }
    return inserts;
  }

  /** Statements between BEGIN and COMMIT. */
  public interface Statements {
    void run() throws SQLException;
  }

  public void atomically(Statements statements) throws SQLException {
    update("BEGIN");
    try {
      statements.run();
      update("COMMIT");
    } catch (SQLException | RuntimeException e) {
      try {
        update("ROLLBACK");
      } catch (SQLException rollback) {
        e.addSuppressed(rollback);
      }
      throw e;
    }
  }

  /**
   * Lets a statement take a day; others don't get this session, since its settings are not theirs.
   */
  public void withoutTimeout() throws SQLException {
    forgotten = true;
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONG.toMillis()));
  }

  boolean isForgotten() {
    return forgotten;
  }

  /** Breaks the connection: the server rolls back what was not committed. */
  void abandon() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("Breaking a connection", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("Closing a connection", e);
    }
  }
}
