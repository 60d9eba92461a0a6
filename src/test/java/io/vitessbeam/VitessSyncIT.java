package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of a real Vitess are copied, and then followed, into a DuckDB file. */
class VitessSyncIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 2_000;

  @TempDir private Path folder;

  static Stream<Arguments> ways() {
    return Stream.of(EmbeddedRunner.values())
        .flatMap(
            runner ->
                Stream.of(SHOP, CUSTOMER)
                    .flatMap(
                        keyspace ->
                            Stream.of(false, true)
                                .map(vstream -> arguments(runner, keyspace, vstream))));
  }

  @ParameterizedTest(name = "{0} {1} copy=vstream {2}")
  @MethodSource("ways")
  void aTableIsCopiedOnceAndThenFollowed(
      EmbeddedRunner runner, String keyspace, boolean vstreamCopy) throws SQLException {
    String table = filled(keyspace);
    VitessSync sync =
        VitessSync.from(
                vstreamCopy ? SyncedCopy.copiedByVStream(keyspace) : SyncedCopy.source(keyspace))
            .to(copy().uri())
            .withTable(table, "", "target");

    List<SyncedTable> first = TestPipelines.read(runner, sync.withRunId(table + "-1"));

    assertThat(first).hasSize(1);
    assertThat(first.get(0).copied()).isTrue();
    assertThat(first.get(0).rowsCopied()).isEqualTo(ROWS);
    assertEqual(keyspace, table, "target");
    change(keyspace, table);

    List<SyncedTable> second = TestPipelines.read(runner, sync.withRunId(table + "-2"));

    assertThat(second.get(0).copied()).isFalse();
    assertThat(second.get(0).inserted()).isEqualTo(2);
    assertThat(second.get(0).updated()).isEqualTo(100);
    assertThat(second.get(0).deleted()).isEqualTo(51);
    assertEqual(keyspace, table, "target");

    List<SyncedTable> third = TestPipelines.read(runner, sync.withRunId(table + "-3"));

    assertThat(third.get(0))
        .isEqualTo(new SyncedTable(keyspace + "." + table, "target", false, "", 0, 0, 0, 0));
    assertEqual(keyspace, table, "target");
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void manyTablesAreFollowedTogether(String keyspace) throws SQLException {
    List<String> tables = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tables.add(filled(keyspace));
    }
    VitessSync sync =
        VitessSync.from(SyncedCopy.source(keyspace))
            .to(copy().uri())
            .withTables(tables)
            .withParallelism(1);

    List<SyncedTable> first = TestPipelines.read(EmbeddedRunner.DIRECT, sync.withRunId("m1"));

    assertThat(first).extracting(SyncedTable::rowsCopied).containsOnly((long) ROWS).hasSize(3);
    for (String table : tables) {
      assertEqual(keyspace, table, table);
    }
    change(keyspace, tables.get(1));

    List<SyncedTable> second =
        new ArrayList<>(TestPipelines.read(EmbeddedRunner.DIRECT, sync.withRunId("m2")));

    second.sort(Comparator.comparing(SyncedTable::source));
    assertThat(second).extracting(SyncedTable::deleted).containsExactlyInAnyOrder(0L, 51L, 0L);
    for (String table : tables) {
      assertEqual(keyspace, table, table);
    }
  }

  private static String filled(String keyspace) throws SQLException {
    String table = VITESS.newTable("sync");
    String definition =
        "(id BIGINT NOT NULL PRIMARY KEY, amount DECIMAL(12,2), note VARCHAR(50), made DATETIME(3))";
    if (keyspace.equals(SHOP)) {
      VITESS.execute(SHOP, "CREATE TABLE " + table + " " + definition);
    } else {
      VITESS.createSharded(table, "id", "hash", definition);
    }
    List<String> rows = new ArrayList<>();
    for (int id = 1; id <= ROWS; id++) {
      rows.add(
          "("
              + id
              + ","
              + id
              + ".25,"
              + (id % 7 == 0 ? "NULL" : "'é" + id + "'")
              + ",'2024-02-29 12:00:00.5')");
    }
    VITESS.execute(
        keyspace,
        "INSERT INTO " + table + " (id, amount, note, made) VALUES " + String.join(",", rows));
    return table;
  }

  /** 2 rows more, 100 with other values, 51 less, one of which has another key now. */
  private static void change(String keyspace, String table) throws SQLException {
    VITESS.execute(
        keyspace,
        "INSERT INTO " + table + " (id, amount, note, made) VALUES (100001, 1, 'new', NULL)",
        "UPDATE " + table + " SET note = 'changed' WHERE id <= 100",
        "DELETE FROM " + table + " WHERE id > 100 AND id <= 150",
        "DELETE FROM " + table + " WHERE id = 200",
        "INSERT INTO "
            + table
            + " (id, amount, note, made) VALUES (100200, 200.25, 'moved', NULL)");
  }

  private void assertEqual(String keyspace, String table, String target) throws SQLException {
    copy().assertEqual(keyspace, table, "id, amount, note, made", '"' + target + '"');
  }

  private SyncedCopy copy() {
    return new SyncedCopy(folder.resolve("x.duckdb"));
  }
}
