package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that change their definition, and what is asked for that can't be. */
class VitessSyncChangesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void aTableThatWasAlteredBetweenRunsIsCopiedAgain(String keyspace) throws SQLException {
    String table = create(keyspace);
    run(copy().of(keyspace, table));
    VITESS.execute(
        keyspace,
        "DELETE FROM " + table + " WHERE id = 1",
        "UPDATE " + table + " SET b = 20 WHERE id = 2",
        "ALTER TABLE " + table + " MODIFY b BIGINT NOT NULL",
        "INSERT INTO " + table + " (id, a, b) VALUES (4, 'd', 5000000000)");

    SyncedTable synced = run(copy().of(keyspace, table));

    assertThat(synced.copied()).isTrue();
    assertThat(synced.reason()).contains("column b");
    assertThat(synced.inserted()).isEqualTo(1);
    assertThat(synced.updated()).isEqualTo(1);
    assertThat(synced.deleted()).isEqualTo(1);
    copy().assertEqual(keyspace, table, "id, a, b", table);
  }

  /** The definitions are equal, and only the stream knows what happened between them. */
  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void aTableThatCanNotBeFollowedIsCopiedInASecondRound(String keyspace) throws SQLException {
    String altered = create(keyspace);
    String other = create(keyspace);
    VitessSync sync =
        VitessSync.from(SyncedCopy.source(keyspace))
            .to(copy().uri())
            .withTables(List.of(altered, other));
    runAll(sync);
    VITESS.execute(
        keyspace,
        "DELETE FROM " + altered + " WHERE id = 1",
        "ALTER TABLE " + altered + " DROP COLUMN b",
        "ALTER TABLE " + altered + " ADD COLUMN b INT",
        "UPDATE " + altered + " SET b = id * 7",
        "DELETE FROM " + other + " WHERE id = 2");

    List<SyncedTable> synced = runAll(sync);

    assertThat(synced).hasSize(2);
    for (SyncedTable table : synced) {
      assertThat(table.copied()).isEqualTo(table.source().equals(keyspace + "." + altered));
      assertThat(table.deleted()).isEqualTo(1);
    }
    copy().assertEqual(keyspace, altered, "id, a, b", altered);
    copy().assertEqual(keyspace, other, "id, a, b", other);
    assertThat(runAll(sync)).noneMatch(SyncedTable::copied);
  }

  @Test
  void aColumnThatIsAddedIsFollowedUnlessFrozen() throws SQLException {
    String table = create(SHOP);
    run(copy().of(SHOP, table));
    VITESS.execute(
        SHOP,
        "ALTER TABLE " + table + " ADD COLUMN c VARCHAR(20)",
        "UPDATE " + table + " SET c = 'new' WHERE id = 2");
    byte[] before = bytes();

    assertThatThrownBy(() -> run(copy().of(SHOP, table).withFrozenSchema(true)))
        .hasRootCauseInstanceOf(DataException.class)
        .hasMessageContaining("column c is new");

    assertThat(bytes()).isEqualTo(before);
    assertThat(run(copy().of(SHOP, table)).copied()).isFalse();
    copy().assertEqual(SHOP, table, "id, a, b, c", table);
  }

  @Test
  void aColumnThatIsNoLongerLeftOutIsCopied() throws SQLException {
    String table = create(SHOP);
    run(copy().of(SHOP, table).withoutColumns(List.of("a")));
    copy().assertEqual(SHOP, table, "id, b", table);

    SyncedTable synced = run(copy().of(SHOP, table));

    assertThat(synced.copied()).isTrue();
    assertThat(synced.reason()).isEqualTo("column a was left out");
    copy().assertEqual(SHOP, table, "id, a, b", table);
  }

  @Test
  void aFullRefreshForgetsWhatWasDeleted() throws SQLException {
    String table = create(SHOP);
    run(copy().of(SHOP, table));
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 2");
    run(copy().of(SHOP, table));
    assertThat(all(table)).containsExactly("1|", "2|", "3|");

    assertThat(run(copy().of(SHOP, table).withFullRefresh(true)).rowsCopied()).isEqualTo(2);

    assertThat(all(table)).containsExactly("1|", "3|");
  }

  @Test
  void allTablesOfAKeyspaceButSome() throws SQLException {
    String one = create(SHOP);
    String two = create(SHOP);
    List<String> others;
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      others = new ArrayList<>(new SchemaDiscovery(connection).baseTableNames());
    }
    others.removeAll(List.of(one, two));

    List<SyncedTable> synced =
        runAll(VitessSync.from(SyncedCopy.source(SHOP)).to(copy().uri()).withoutTables(others));

    assertThat(synced)
        .extracting(SyncedTable::source)
        .containsExactlyInAnyOrder("shop." + one, "shop." + two);
    copy().assertEqual(SHOP, one, "id, a, b", one);
    copy().assertEqual(SHOP, two, "id, a, b", two);
  }

  @Test
  void theKeyspaceOfATableIsFollowed() throws SQLException {
    String table = create(CUSTOMER);

    run(copy().of(SHOP, CUSTOMER + "." + table).withTable(CUSTOMER + "." + table, "", "x"));

    copy().assertEqual(CUSTOMER, table, "id, a, b", "x");
  }

  @Test
  void aKeyIsGivenToATableWithoutOne() throws SQLException {
    String table = VITESS.newTable("keyless");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT NOT NULL, a VARCHAR(9), b INT)",
        "INSERT INTO " + table + " (id, a, b) VALUES (1, 'a', 1), (2, 'b', 2)");

    assertThatThrownBy(() -> run(copy().of(SHOP, table)))
        .hasRootCauseInstanceOf(ConfigurationException.class)
        .hasMessageContaining("table " + table + " has no primary key; provide --primary-key");
    assertThat(copy().path()).doesNotExist();

    VitessSync keyed = copy().of(SHOP, table).withPrimaryKey(List.of("id"));
    run(keyed);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET a = 'c' WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2");
    run(keyed);

    copy().assertEqual(SHOP, table, "id, a, b", table);
  }

  /** Ranges of several tables wait for each other, and for their next call. */
  @Test
  void tablesOfManyCallsAreNotMixedUp() throws SQLException {
    List<String> tables = new ArrayList<>();
    for (String letter : List.of("x", "y")) {
      String table = VITESS.newTable("wide");
      tables.add(table);
      VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY, a VARCHAR(3000))");
      for (int from = 0; from < 2_000; from += 500) {
        List<String> rows = new ArrayList<>();
        for (int id = from; id < from + 500; id++) {
          rows.add("(" + id + ",REPEAT('" + letter + "',2500))");
        }
        VITESS.execute(SHOP, "INSERT INTO " + table + " (id, a) VALUES " + String.join(",", rows));
      }
    }

    runAll(
        VitessSync.from(SyncedCopy.source(SHOP))
            .to(copy().uri())
            .withTables(tables)
            .withParallelism(64));

    for (String table : tables) {
      copy().assertEqual(SHOP, table, "id, a", table);
    }
  }

  private static String create(String keyspace) throws SQLException {
    String table = VITESS.newTable("altered");
    String definition = "(id INT PRIMARY KEY, a VARCHAR(9), b INT)";
    if (keyspace.equals(SHOP)) {
      VITESS.execute(SHOP, "CREATE TABLE " + table + " " + definition);
    } else {
      VITESS.createSharded(table, "id", "hash", definition);
    }
    VITESS.execute(
        keyspace,
        "INSERT INTO " + table + " (id, a, b) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
    return table;
  }

  private static SyncedTable run(VitessSync sync) {
    List<SyncedTable> synced = runAll(sync);
    assertThat(synced).hasSize(1);
    return synced.get(0);
  }

  private static List<SyncedTable> runAll(VitessSync sync) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, sync.withRunId(UUID.randomUUID().toString()));
  }

  private List<String> all(String table) throws SQLException {
    return TableRows.ofDuckDb(copy().path(), "SELECT id FROM " + table);
  }

  private byte[] bytes() {
    try {
      return Files.readAllBytes(copy().path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SyncedCopy copy() {
    return new SyncedCopy(folder.resolve("x.duckdb"));
  }
}
