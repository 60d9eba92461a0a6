package io.vitessbeam.write;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.testing.ChildJvm;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill leaves: the JVM of a load is killed with -9, and another run loads the same at once.
 * It goes ahead, the table is as if nobody had been killed, and nothing else is left.
 */
class KilledLoadsIT {

  /** Who is killed where: before which of the statements of its publication, or while it stages. */
  private enum Case {
    DUCKDB_STAGING(Place.DUCKDB, REPLACE, ""),
    DUCKDB_PUBLISHING(Place.DUCKDB, APPEND, "1:COMMIT"),
    POSTGRESQL_STAGING(Place.POSTGRESQL, REPLACE, ""),
    POSTGRESQL_PUBLISHING(Place.POSTGRESQL, APPEND, "1:COMMIT"),
    MYSQL_STAGING(Place.MYSQL, REPLACE, ""),
    MYSQL_SWAPPING(Place.MYSQL, REPLACE, "1:RENAME TABLE"),
    MYSQL_MERGING(Place.MYSQL, MERGE, "2:INSERT INTO `$t`"),
    VITESS_STAGING(Place.VITESS, MERGE, ""),
    VITESS_APPENDING(Place.VITESS, APPEND, "2:INSERT INTO `$t`"),
    VITESS_DROPPING(Place.VITESS, REPLACE, "1:DROP TABLE");

    private final Place place;
    private final WriteStrategy strategy;
    private final String last;

    Case(Place place, WriteStrategy strategy, String last) {
      this.place = place;
      this.strategy = strategy;
      this.last = last;
    }
  }

  private enum Place {
    DUCKDB,
    POSTGRESQL,
    MYSQL,
    VITESS;

    String uri(Path file) {
      return switch (this) {
        case DUCKDB -> file.toString();
        case POSTGRESQL -> TestPostgresql.shared().uri();
        case MYSQL -> TestMysql.shared().uri();
        case VITESS -> TestVitess.shared().uriText(TestVitess.SHOP);
      };
    }

    Connection connect(Path file) throws SQLException {
      return switch (this) {
        case DUCKDB -> DriverManager.getConnection("jdbc:duckdb:" + file);
        case POSTGRESQL -> TestPostgresql.shared().connect();
        case MYSQL -> TestMysql.shared().connect();
        case VITESS -> TestVitess.shared().connect(TestVitess.SHOP + ":0");
      };
    }

    /** The database of the tables. */
    String schema() {
      return switch (this) {
        case DUCKDB -> "'main'";
        case POSTGRESQL -> "'public'";
        case MYSQL, VITESS -> "DATABASE()";
      };
    }
  }

  /** The tables that loads keep their books in. */
  private static final List<String> BOOKS =
      List.of(
          "_vitessbeam_loads",
          "_vitessbeam_published",
          "_vitessbeam_workers",
          "_vitessbeam_positions");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir private Path folder;

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void anotherRunGoesAheadAndNothingIsLeft() throws Exception {
    Map<Case, List<String>> before = new EnumMap<>(Case.class);
    for (Case one : Case.values()) {
      before.put(one, staged(one));
    }
    List<Future<?>> cases = new ArrayList<>();
    for (Case one : Case.values()) {
      cases.add(
          threads.submit(
              () -> {
                killAndLoadAgain(one);
                return null;
              }));
    }
    for (Future<?> one : cases) {
      one.get();
    }
    for (Case one : Case.values()) {
      List<String> left = staged(one);
      left.removeAll(before.get(one));
      assertThat(left).as("left by %s or another of its place", one).isEmpty();
    }
  }

  private Path file(Case one) {
    return folder.resolve(one + ".duckdb");
  }

  private static String table(Case one) {
    return "killed_" + one.name().toLowerCase(Locale.ROOT);
  }

  private void killAndLoadAgain(Case one) throws Exception {
    String uri = one.place.uri(file(one));
    String table = table(one);
    if (one == Case.VITESS_APPENDING) {
      // By its key what was appended is found again; without one all rows go in one transaction.
      create(one, table);
    }
    try (ChildJvm child =
        ChildJvm.start(
            KilledLoad.class, uri, table, one.strategy.name(), one.last.replace("$t", table))) {
      child.awaitLine(KilledLoad.STANDING);
      child.kill();
    }
    long start = System.nanoTime();
    KilledLoad.load(uri, KilledLoad.spec(table, one.strategy));
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(took).as("%s", one).isLessThan(Duration.ofSeconds(60));
    assertThat(query(one, "SELECT count(*), count(DISTINCT id), sum(id) FROM " + table))
        .as("%s", one)
        .containsExactly(
            "%d|%d|%d"
                .formatted(
                    KilledLoad.ROWS,
                    KilledLoad.ROWS,
                    KilledLoad.ROWS * (KilledLoad.ROWS - 1L) / 2));
  }

  private void create(Case one, String table) throws SQLException {
    try (Connection connection = one.place.connect(file(one));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, name VARCHAR(50))");
    }
  }

  /** What is there beside tables and books. */
  private List<String> staged(Case one) throws SQLException {
    List<String> found =
        new ArrayList<>(
            query(
                one,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                    + one.place.schema()));
    found.removeIf(name -> !name.startsWith("_vitessbeam_") || BOOKS.contains(name));
    return found;
  }

  private List<String> query(Case one, String sql) throws SQLException {
    try (Connection connection = one.place.connect(file(one));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }
}
