package io.vitessbeam.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file of DuckDB. A stream has it open while it applies something, and can't while it is read
 * here: so it is opened only when it has changed, for some milliseconds.
 */
final class StreamedToDuckDb implements StreamedTo {

  private final Path file;

  /** Of the file as it was read last. */
  private FileTime read = FileTime.fromMillis(0);

  private boolean there;

  private Visible visible = new Visible(0, 0);

  StreamedToDuckDb(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return "DuckDB";
  }

  @Override
  public String uri() {
    return "duckdb:///" + file;
  }

  @Override
  public boolean isThere() throws SQLException {
    if (!there && Files.exists(file)) {
      try (Connection connection = Contents.open(file);
          Statement statement = connection.createStatement();
          ResultSet tables =
              statement.executeQuery(
                  "SELECT 1 FROM duckdb_tables() WHERE table_name = '" + Traffic.BEATS + "'")) {
        there = tables.next();
      } catch (SQLException e) {
        requireBusy(e);
      }
    }
    return there;
  }

  @Override
  public List<Beat> beatsAfter(long id) throws SQLException {
    List<Beat> beats = new ArrayList<>();
    FileTime changed = changed();
    if (changed.equals(read)) {
      return beats;
    }
    try (Connection connection = Contents.open(file);
        Statement statement = connection.createStatement();
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
      read = changed;
    } catch (SQLException e) {
      requireBusy(e);
    }
    return beats;
  }

  @Override
  public Visible visible() throws SQLException {
    FileTime changed = changed();
    try (Connection connection = Contents.open(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + Traffic.BEATS)) {
      rows.next();
      visible = new Visible(rows.getLong(1), changed.to(TimeUnit.MICROSECONDS));
    } catch (SQLException e) {
      requireBusy(e);
    }
    return visible;
  }

  /** The checkpoint at the end of a flush, when the file is closed, changes it last. */
  private FileTime changed() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireBusy(SQLException e) throws SQLException {
    if (!String.valueOf(e.getMessage()).contains("lock")) {
      throw e;
    }
  }

  @Override
  public Hold hold() throws SQLException {
    while (true) {
      try {
        Connection connection = Contents.open(file);
        return connection::close;
      } catch (SQLException e) {
        requireBusy(e);
      }
    }
  }

  @Override
  public Contents contents(String table) throws SQLException {
    return Contents.ofDestination(file, table);
  }
}
