package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.TextRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs statements. Each is logged before it runs, so that a log shows where a load ended. */
public final class MysqlSql {

  private static final Logger LOG = LoggerFactory.getLogger("io.vitessbeam.sql");

  private MysqlSql() {}

  /** Says what is about to be sent by another way than this class. */
  public static void log(String statement) {
    LOG.debug("{}", statement);
  }

  /** The number of rows that a statement changed; 0 for those that change none. */
  static long update(Connection connection, String sql) throws SQLException {
    log(sql);
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  public static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    log(sql);
    try (Statement statement = connection.createStatement()) {
      return TextRows.of(statement, sql);
    }
  }

  /** The first column of the first row, null if there is none. */
  public static String text(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = rows(connection, sql);
    return rows.isEmpty() ? null : rows.get(0).get(0);
  }

  /** The number in the first column of the first row, 0 if there is none. */
  static long number(Connection connection, String sql) throws SQLException {
    String text = text(connection, sql);
    return text == null ? 0 : Long.parseLong(text);
  }
}
