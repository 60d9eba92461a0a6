package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TextRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to a DuckDB file that is only read, or to none. For one thread. */
final class DuckDbSession implements AutoCloseable {

  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  /** For sorts and joins of queries; a plain read takes some batches. */
  private static final String MEMORY = "512MiB";

  private static final int MOST_MESSAGE = 600;

  /** The line, its text, what is wrong with it, advice, the file and the settings of the reader. */
  private static final Pattern CSV_ERROR =
      Pattern.compile(
          "CSV Error on Line: (\\d+)\\s+Original Line: (.*?)\\R((?:.(?!\\R))*?.)\\R.*?file ="
              + " (\\V+)",
          Pattern.DOTALL);

  private final String name;
  private final Connection connection;

  private DuckDbSession(String name, Connection connection) {
    this.name = name;
    this.connection = connection;
  }

  /**
   * Opens a database.
   *
   * @param database path of the file; empty for none
   * @param streaming whether results come as they are made; then the first error is all that is
   *     known of a statement
   * @throws ConfigurationException if it can't be opened
   */
  static DuckDbSession open(String database, boolean streaming) {
    if (!database.isEmpty() && !Files.exists(Path.of(database))) {
      throw new ConfigurationException("There is no DuckDB file " + database);
    }
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", String.valueOf(streaming));
    if (!database.isEmpty()) {
      properties.setProperty("duckdb.read_only", "true");
    }
    try {
      Connection connection = new DuckDBDriver().connect("jdbc:duckdb:" + database, properties);
      DuckDbSession session = new DuckDbSession(database, connection);
      try {
        session.execute("SET TimeZone = 'UTC'");
        session.execute("SET memory_limit = '" + MEMORY + "'");
        session.setTemporaryFolder();
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      return session;
    } catch (SQLException e) {
      throw new ConfigurationException(opening(database, text(e)), e);
    }
  }

  private static String opening(String database, String message) {
    if (message.contains("different configuration")) {
      return "DuckDB file "
          + database
          + " is open in this process to write, and can't be read beside that";
    }
    if (message.contains("lock")) {
      return "DuckDB file "
          + database
          + " is open in another process, and DuckDB lets nobody read it meanwhile: end that one ("
          + message
          + ")";
    }
    return "DuckDB file " + database + " can't be read: " + message;
  }

  /** DuckDB's own place is beside the file, or the working directory. */
  private void setTemporaryFolder() throws SQLException {
    String folder = Path.of(System.getProperty("java.io.tmpdir"), "vitess-beam-read").toString();
    // It can't be set again once it is in use, by another connection of the same file.
    if (!folder.equals(column("SELECT current_setting('temp_directory')").get(0))) {
      execute("SET temp_directory = " + QuotedName.literal(folder));
    }
  }

  Connection connection() {
    return connection;
  }

  void execute(String sql) throws SQLException {
    SQL.debug("{}", sql);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of a result. */
  List<String> column(String sql) throws SQLException {
    return rows(sql).stream().map(row -> row.get(0)).toList();
  }

  /** A whole result as text. */
  List<List<String>> rows(String sql) throws SQLException {
    SQL.debug("{}", sql);
    try (Statement statement = connection.createStatement()) {
      return TextRows.of(statement, sql);
    }
  }

  /** The same of a statement that reads a table which it has to be given. */
  List<List<String>> rows(String sql, AttachedTable attached) throws SQLException {
    try (AttachedTable.Rows given = attached.attach(connection.unwrap(DuckDBConnection.class))) {
      try {
        return rows(sql);
      } catch (SQLException e) {
        if (given.failure().isPresent()) {
          throw given.failure().get();
        }
        throw e;
      }
    }
  }

  /** What a failure before the first row means: the user can mend it. */
  static ConfigurationException refused(String doing, Exception e) {
    return new ConfigurationException(doing + " failed: " + text(e), e);
  }

  /** What a failure while rows come means. */
  static VitessBeamException broken(String doing, Exception e) {
    return new DataException(doing + " failed: " + text(e), e);
  }

  /** DuckDB's message in one line, without the text of the statement and without advice. */
  private static String text(Exception e) {
    String message = String.valueOf(e.getMessage());
    int wrapped = message.indexOf("message=");
    if (message.contains("CDataJniException") && wrapped >= 0) {
      message = message.substring(wrapped + "message=".length());
      message = message.endsWith("}") ? message.substring(0, message.length() - 1) : message;
    }
    Matcher csv = CSV_ERROR.matcher(message);
    if (csv.find()) {
      return csv.group(4)
          + ", line "
          + csv.group(1)
          + ": "
          + csv.group(3).strip()
          + ": "
          + csv.group(2);
    }
    // Where a statement fails before it runs, the reason stands behind this.
    int reason = message.indexOf("\nError: ");
    message = reason < 0 ? message : message.substring(reason + "\nError: ".length());
    for (String end : List.of("\n\nLINE ", "\nPossible fixes", "\nPossible solutions")) {
      int at = message.indexOf(end);
      message = at < 0 ? message : message.substring(0, at);
    }
    String line = message.strip().replaceAll("\\s*\\R\\s*", "; ");
    return line.length() <= MOST_MESSAGE ? line : line.substring(0, MOST_MESSAGE) + "…";
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      SQL.debug("Closing {}", name, e);
    }
  }
}
