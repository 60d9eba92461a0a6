package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestCluster.CUSTOMER;
import static io.vitessbeam.testing.TestCluster.PASSWORD;
import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.VitessRead;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full cluster: logins, production's limits, primaries and shards that change between runs. */
class FullClusterIT {

  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final String COLUMNS = "(id BIGINT UNSIGNED NOT NULL PRIMARY KEY, n INT, s TEXT)";

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("copy.duckdb");
  }

  @Test
  void aTableBeyondTheRowLimitArrivesWhole() throws SQLException {
    String table = CLUSTER.newTable("large");
    CLUSTER.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS);
    insert(SHOP, table, 1, 12_000);
    assertThatThrownBy(() -> CLUSTER.execute(SHOP, "SELECT * FROM " + table))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Row count exceeded 10000");

    IngestRun run =
        IngestRun.load(EmbeddedRunner.DIRECT, CLUSTER.uriText(SHOP, PASSWORD), table, file);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(TableRows.ofDuckDb(file, "SELECT * FROM " + table)).isEqualTo(source(SHOP, table));
    assertThat(
            TestPipelines.read(
                EmbeddedRunner.DIRECT, VitessRead.from(CLUSTER.uri(SHOP)).withTable(table)))
        .map(row -> row.getValue("id") + "|" + row.getValue("n") + "|" + row.getValue("s") + "|")
        .containsExactlyInAnyOrderElementsOf(source(SHOP, table));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewPrimaryBetweenRuns(boolean crash) throws SQLException {
    String table = CLUSTER.newTable("reparented");
    CLUSTER.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS);
    insert(SHOP, table, 1, 100);
    assertThat(sync(SHOP, table)).contains("copied");
    assertSynced(SHOP, table);
    change(SHOP, table, 1);
    if (crash) {
      int old = CLUSTER.reparent(SHOP, "0");
      CLUSTER.stopTablet(old);
      CLUSTER.emergencyReparent(SHOP, "0");
      change(SHOP, table, 2);
      CLUSTER.startTablet(old);
    } else {
      CLUSTER.reparent(SHOP, "0");
      change(SHOP, table, 2);
    }

    assertThat(sync(SHOP, table)).doesNotContain("copied");

    assertSynced(SHOP, table);
    assertThat(sync(SHOP, table)).contains("nothing new");
  }

  @Test
  void newShardsBetweenRuns() throws SQLException {
    String table = CLUSTER.newTable("resharded");
    CLUSTER.createSharded(table, "id", COLUMNS);
    insert(CUSTOMER, table, 1, 100);
    assertThat(sync(CUSTOMER, table)).contains("copied");
    assertSynced(CUSTOMER, table);
    change(CUSTOMER, table, 1);
    CLUSTER.reshard(CUSTOMER, "-80,80-");
    change(CUSTOMER, table, 2);

    List<String> before = TableRows.ofDuckDb(file, "SELECT * FROM " + table);
    IngestRun refused = trySync(CUSTOMER, table);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(table, "resharded", "--full-refresh").hasLineCount(1);
    assertThat(TableRows.ofDuckDb(file, "SELECT * FROM " + table)).isEqualTo(before);

    assertThat(sync(CUSTOMER, table, "--full-refresh")).contains("copied");
    assertSynced(CUSTOMER, table);
    change(CUSTOMER, table, 3);
    assertThat(sync(CUSTOMER, table)).doesNotContain("copied");
    assertSynced(CUSTOMER, table);
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertRefused(
        CLUSTER.uriText(SHOP, "wr0ng"),
        CLUSTER.hostAndPort() + " refuses user 'tests': wrong user name or password");
    // Its gRPC port is asked first.
    assertRefused(
        CLUSTER.cdcUriText(SHOP, "wr0ng"),
        ":" + CLUSTER.grpcPort() + " refuses user 'tests': auth failure",
        "Check user and password of the URI");
  }

  private void assertRefused(String uri, String... messages) {
    IngestRun run = IngestRun.load(EmbeddedRunner.DIRECT, uri, "any", file);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(messages).doesNotContain("wr0ng").hasLineCount(1);
    assertThat(file).doesNotExist();
  }

  private String sync(String keyspace, String table, String... more) {
    IngestRun run = trySync(keyspace, table, more);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private IngestRun trySync(String keyspace, String table, String... more) {
    return IngestRun.load(
        EmbeddedRunner.DIRECT, CLUSTER.cdcUriText(keyspace, PASSWORD), table, file, more);
  }

  private void assertSynced(String keyspace, String table) throws SQLException {
    assertThat(
            TableRows.ofDuckDb(file, "SELECT id, n, s FROM " + table + " WHERE NOT _cdc_deleted"))
        .isEqualTo(source(keyspace, table));
  }

  private static List<String> source(String keyspace, String table) throws SQLException {
    try (Connection connection = CLUSTER.connect(keyspace)) {
      return TableRows.ofVitess(connection, "SELECT id, n, s FROM " + table);
    }
  }

  /** Rows in, rows out, rows changed; another third of the hundred each time. */
  private static void change(String keyspace, String table, int time) throws SQLException {
    insert(keyspace, table, 1000 * time, 50);
    CLUSTER.execute(
        keyspace,
        "UPDATE " + table + " SET n = n + 1000 WHERE id % 3 = " + time % 3,
        "DELETE FROM " + table + " WHERE id % 10 = " + time);
  }

  private static void insert(String keyspace, String table, int from, int count)
      throws SQLException {
    String values =
        IntStream.range(from, from + count)
            .mapToObj(id -> "(" + id + "," + id % 7 + ",'row " + id + "')")
            .collect(Collectors.joining(","));
    CLUSTER.execute(keyspace, "INSERT INTO " + table + " (id, n, s) VALUES " + values);
  }
}
