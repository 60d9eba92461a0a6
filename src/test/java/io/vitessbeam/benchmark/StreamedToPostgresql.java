package io.vitessbeam.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database of PostgreSQL. */
final class StreamedToPostgresql implements StreamedTo {

  private final String uri;
  private final String jdbcUrl;
  private Connection connection;

  StreamedToPostgresql(String uri, String jdbcUrl) {
    this.uri = uri;
    this.jdbcUrl = jdbcUrl;
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public String uri() {
    return uri;
  }

  private Statement statement() throws SQLException {
    if (connection == null) {
      connection = DriverManager.getConnection(jdbcUrl);
    }
    return connection.createStatement();
  }

  @Override
  public boolean isThere() throws SQLException {
    try (Statement statement = statement();
        ResultSet found =
            statement.executeQuery("SELECT to_regclass('" + Traffic.BEATS + "') IS NOT NULL")) {
      found.next();
      return found.getBoolean(1);
    }
  }

  @Override
  public List<Beat> beatsAfter(long id) throws SQLException {
    List<Beat> beats = new ArrayList<>();
    try (Statement statement = statement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, written FROM "
                    + Traffic.BEATS
                    + " WHERE id > "
                    + id
                    + " ORDER BY id")) {
      while (rows.next()) {
        beats.add(new Beat(rows.getLong(1), rows.getLong(2)));
      }
    }
    return beats;
  }

  @Override
  public Visible visible() throws SQLException {
    try (Statement statement = statement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + Traffic.BEATS)) {
      rows.next();
      return new Visible(rows.getLong(1), Latencies.nowMicros());
    }
  }

  /** Locks what each flush changes. */
  @Override
  public Hold hold() throws SQLException {
    Connection holding = DriverManager.getConnection(jdbcUrl);
    holding.setAutoCommit(false);
    try (Statement statement = holding.createStatement()) {
      statement.execute("LOCK TABLE " + Traffic.BEATS + " IN SHARE ROW EXCLUSIVE MODE");
    }
    return holding::close;
  }

  @Override
  public Contents contents(String table) throws SQLException {
    return Contents.ofPostgresql(jdbcUrl, table + " WHERE NOT _cdc_deleted");
  }
}
