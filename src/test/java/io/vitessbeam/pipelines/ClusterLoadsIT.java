package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestCluster.PASSWORD;
import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TabletMetrics;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads into a full cluster, whose tablets have production's limits: no statement comes near them,
 * however large the table is. That is asked of the vttablet itself.
 */
@Tag("volume")
class ClusterLoadsIT {

  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final int ROWS = 1_500_000;
  private static final int ROWS_OF_INTERVALS = 300_000;

  /** Rows with the keys from FROM to UNTIL, in no order of them, all different by SALT. */
  private static final String SELECT =
      "SELECT id, n, s, changed FROM (SELECT i AS id, (i %% 1000 + %3$d)::INTEGER AS n,"
          + " 'row ' || i || ' of %3$d' AS s,"
          + " TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS changed"
          + " FROM (SELECT %1$d + (k * 7368787) %% (%2$d - %1$d) AS i"
          + " FROM range(%2$d - %1$d) keys(k)))";

  @TempDir private Path folder;

  private final String table = CLUSTER.newTable("loaded");
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("source.duckdb");
  }

  @AfterEach
  void drop() throws SQLException {
    CLUSTER.execute(SHOP + ":0", "DROP TABLE IF EXISTS " + table);
  }

  @Test
  void theLimitsAreThoseOfProduction() {
    TabletMetrics tablet = CLUSTER.primaryMetrics(SHOP);
    assertThat(tablet.queryTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(tablet.transactionTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(tablet.mostRows()).isEqualTo(10_000);
    assertThat(tablet.mostTransactions()).isEqualTo(20);
  }

  /**
   * A table is replaced; then as many rows are merged into it, of which it knows three quarters.
   */
  @Test
  void millionsOfRowsStayFarFromTheLimits() throws SQLException {
    // Every hundredth key comes twice, and the later row counts.
    duckDb(
        "CREATE TABLE loaded AS " + SELECT.formatted(0, ROWS, 1),
        "CREATE TABLE twice AS SELECT id, n, 'older', changed - INTERVAL 1 DAY AS changed"
            + " FROM loaded WHERE id % 100 = 0",
        "CREATE TABLE replacing AS FROM loaded UNION ALL FROM twice");
    load("replacing", "replace", "--primary-key=id", "--incremental-key=changed");
    assertTableIs("loaded");

    duckDb(
        "CREATE TABLE merging AS " + SELECT.formatted(ROWS / 4, ROWS + ROWS / 4, 2),
        "CREATE TABLE merged AS FROM loaded WHERE id < " + ROWS / 4 + " UNION ALL FROM merging");
    load("merging", "merge", "--primary-key=id");
    assertTableIs("merged");
  }

  /** More rows go than come, within the interval that they span. */
  @Test
  void largeIntervalsStayFarFromTheLimits() throws SQLException {
    int first = ROWS_OF_INTERVALS / 3;
    duckDb(
        "CREATE TABLE loaded AS " + SELECT.formatted(0, ROWS_OF_INTERVALS, 1),
        "CREATE TABLE changing AS FROM ("
            + SELECT.formatted(first, 2 * first, 2)
            + ") WHERE id % 2 = 0",
        "CREATE TABLE changed AS FROM loaded"
            + " WHERE changed NOT BETWEEN (SELECT min(changed) FROM changing)"
            + " AND (SELECT max(changed) FROM changing) UNION ALL FROM changing");
    load("loaded", "replace", "--primary-key=id");
    CLUSTER.execute(SHOP + ":0", "ALTER TABLE " + table + " ADD KEY (changed)");

    load("changing", "delete+insert", "--primary-key=id", "--incremental-key=changed");

    assertTableIs("changed");
  }

  private static void assertNothingCameNearTheLimits(TabletMetrics before) {
    TabletMetrics after = CLUSTER.primaryMetrics(SHOP);
    assertThat(after.statementsSince(before)).containsKeys("Insert", "Delete", "COMMIT");
    assertThat(after.killedSince(before)).isEmpty();
    assertThat(after.errorsSince(before)).isEmpty();
    assertThat(after.slowStatementsSince(before)).isEmpty();
    assertThat(after.longTransactionsSince(before)).isEmpty();
  }

  private void load(String source, String strategy, String... more) {
    TabletMetrics before = CLUSTER.primaryMetrics(SHOP);
    IngestRun run = IngestRun.on(EmbeddedRunner.DIRECT, flags(source, strategy, more));
    assertThat(run.status()).as(run.err()).isZero();
    assertNothingCameNearTheLimits(before);
  }

  private String[] flags(String source, String strategy, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=duckdb:///" + file);
    flags.add("--source-table=" + source);
    flags.add("--dest-uri=" + CLUSTER.uriText(SHOP, PASSWORD));
    flags.add("--dest-table=" + SHOP + "." + table);
    flags.add("--incremental-strategy=" + strategy);
    return flags.toArray(String[]::new);
  }

  /** Compares every value of every row with a table of the file. */
  private void assertTableIs(String expected) throws SQLException {
    String row = "concat_ws('|', id, n, s, %s)";
    String ofVitess = row.formatted("DATE_FORMAT(changed, '%Y-%m-%d %H:%i:%s.%f')");
    String ofDuckDb = row.formatted("strftime(changed, '%Y-%m-%d %H:%M:%S.%f')");
    try (Connection vitess = CLUSTER.connect(SHOP + ":0")) {
      assertThat(
              TableRows.ofVitess(
                  vitess, digest(ofVitess, "CAST(CONV(%s, 16, 10) AS UNSIGNED)", table)))
          .isEqualTo(TableRows.ofDuckDb(file, digest(ofDuckDb, "('0x' || %s)::UBIGINT", expected)));
    }
  }

  /** The query for the number of rows, and the sums of both halves of their MD5. */
  private static String digest(String row, String number, String of) {
    String md5 = "md5(" + row + ")";
    return "SELECT COUNT(*), SUM("
        + number.formatted("substr(" + md5 + ", 1, 16)")
        + "), SUM("
        + number.formatted("substr(" + md5 + ", 17, 16)")
        + ") FROM "
        + of;
  }

  private void duckDb(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
