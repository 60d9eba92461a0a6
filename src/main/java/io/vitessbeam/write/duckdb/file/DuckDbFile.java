package io.vitessbeam.write.duckdb.file;

import com.sun.management.OperatingSystemMXBean;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.read.Retry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * One open database file: a DuckDB instance, of which each range has a connection of its own. While
 * it is open no other process can open the file. Safe for threads.
 */
public final class DuckDbFile implements AutoCloseable {

  /** Tables whose names start with this are ours, and dead unless a live run owns them. */
  public static final String STAGING_PREFIX = "_vitessbeam_staging_";

  /** And with this. */
  public static final String LEDGER_PREFIX = "_vitessbeam_ledger_";

  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

  /** Enough for any number of ranges at a time, unless their rows are wide. */
  private static final long MEMORY = 1L << 30;

  /**
   * Set after opening: with settings in the open call, no one else in this JVM could join.
   *
   * <p>Two million rows of twelve columns, whole load, on two cores: 2.8 s of CPU like this; 5 s
   * and a file of 200 MB instead of 120 with DuckDB's own threads, which only get in the way of the
   * threads that stage ranges; 7 s and 225 MB when it preserves the order of rows, which have none.
   */
  private static final List<String> SETTINGS =
      List.of(
          // Of this connection and those that come from it. Dates are in UTC, wherever this runs.
          "SET TimeZone = 'UTC'",
          "SET threads = 1",
          "SET preserve_insertion_order = false",
          memoryLimit(MEMORY));

  /** More need more memory than the limit leaves them. */
  private static final int MOST_THREADS = 4;

  private final String path;
  private final DuckDBConnection connection;
  private final String catalog;
  private final FileClaim claim;
  private final Lock change = new ReentrantLock();
  private long memory = MEMORY;

  private DuckDbFile(String path, DuckDBConnection connection, String catalog, FileClaim claim) {
    this.path = path;
    this.connection = connection;
    this.catalog = catalog;
    this.claim = claim;
  }

  /**
   * Opens or creates a file and drops what dead runs left in it: DuckDB locks a file for one
   * process, and {@link FileClaim} for one class loader, so a run that isn't alive here is alive
   * nowhere. Waits some seconds for another process to close it.
   *
   * @param alive digests of the loads that go on
   * @throws io.vitessbeam.TransientException if another process has it open
   */
  public static DuckDbFile open(String path, Set<String> alive) {
    return Retry.patiently("Opening " + path, LOCK_PATIENCE, () -> claimed(path, alive));
  }

  private static DuckDbFile claimed(String path, Set<String> alive) {
    FileClaim claim = FileClaim.of(path);
    try {
      return open(path, alive, claim);
    } catch (RuntimeException | Error e) {
      claim.close();
      throw e;
    }
  }

  private static DuckDbFile open(String path, Set<String> alive, FileClaim claim) {
    try {
      // The driver itself, not DriverManager, which keeps that of another class loader: the first
      // job's of a cluster.
      DuckDBConnection connection =
          new DuckDBDriver()
              .connect("jdbc:duckdb:" + path, new Properties())
              .unwrap(DuckDBConnection.class);
      try {
        DuckDbSql.execute(connection, SETTINGS);
        String catalog = DuckDbSql.text(connection, "SELECT current_database()");
        sweep(connection, alive);
        return new DuckDbFile(path, connection, catalog, claim);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw DuckDbFailures.opening(path, e);
    }
  }

  private static void sweep(Connection connection, Set<String> alive) throws SQLException {
    List<String> drops = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet tables =
            statement.executeQuery(
                "SELECT database_name, schema_name, table_name FROM duckdb_tables()"
                    + " WHERE database_name = current_database() AND NOT temporary")) {
      while (tables.next()) {
        String name = tables.getString(3);
        boolean staging = name.startsWith(STAGING_PREFIX);
        boolean ledger = name.startsWith(LEDGER_PREFIX);
        if ((staging || ledger) && !alive.contains(name.substring(name.lastIndexOf('_') + 1))) {
          drops.add(
              "DROP TABLE "
                  + DuckDbSql.quoted(tables.getString(1))
                  + "."
                  + DuckDbSql.quoted(tables.getString(2))
                  + "."
                  + DuckDbSql.quoted(name));
        }
      }
    }
    DuckDbSql.execute(connection, drops);
  }

  public String path() {
    return path;
  }

  /** What the database is called in full names. */
  public String catalog() {
    return catalog;
  }

  /**
   * Changes tables, while no other load of this file does: of two transactions that create one
   * schema or table, or change one row, DuckDB refuses the second.
   */
  public <T> T change(DuckDbSql.Work<T> work) throws SQLException {
    change.lock();
    try {
      return work.run();
    } finally {
      change.unlock();
    }
  }

  /**
   * Makes room for wide rows, as far as the machine has it: when DuckDB writes values of 2,048 rows
   * it holds all of them in memory, and can't commit otherwise.
   *
   * @param bytes of 2,048 rows
   */
  public synchronized void reserve(long bytes) {
    long wanted = 3 * bytes < MEMORY / 4 ? 0 : Math.min(MEMORY + 3 * bytes, mostMemory());
    if (wanted > memory) {
      try {
        DuckDbSql.execute(connection, List.of(memoryLimit(wanted)));
        memory = wanted;
      } catch (SQLException e) {
        throw DuckDbFailures.during("Raising the memory limit", path, e);
      }
    }
  }

  /**
   * Gives DuckDB threads of its own, for when nothing is staged any more: merging a million changes
   * and the checkpoint after it take 3.1 instead of 4.5 s on two cores.
   */
  public void useAllCores() {
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    try {
      DuckDbSql.execute(connection, List.of("SET threads = " + threads));
    } catch (SQLException e) {
      throw DuckDbFailures.during("Setting the number of threads", path, e);
    }
  }

  private static long mostMemory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getTotalMemorySize() * 3 / 4 - Runtime.getRuntime().maxMemory();
  }

  private static String memoryLimit(long bytes) {
    return "SET memory_limit = '" + (bytes >> 20) + "MiB'";
  }

  /** A connection of its own for one thread at a time. */
  public DuckDBConnection connect() {
    try {
      return connection.duplicate();
    } catch (SQLException e) {
      throw DuckDbFailures.opening(path, e);
    }
  }

  /** Writes a checkpoint, unless others still have the file open, and lets other processes in. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new ConfigurationException(
          "Closing the DuckDB file " + path + " failed: " + e.getMessage(), e);
    } finally {
      claim.close();
    }
  }

  /** Whether there is neither a table nor a view in it. */
  public boolean isEmpty() {
    try {
      return DuckDbSql.number(
              connection,
              "SELECT count(*) FROM information_schema.tables WHERE table_catalog ="
                  + " current_database()")
          == 0;
    } catch (SQLException e) {
      throw DuckDbFailures.during("Looking for tables", path, e);
    }
  }

  /** Closes the file and removes it, with its log. */
  public void delete() {
    close();
    try {
      Files.deleteIfExists(Path.of(path));
      Files.deleteIfExists(Path.of(path + ".wal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
