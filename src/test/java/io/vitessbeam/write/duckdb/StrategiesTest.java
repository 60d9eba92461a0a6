package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads of a small table by every strategy that keeps the table. */
class StrategiesTest {

  @TempDir private Path directory;
  private DatabaseFile database;
  private ItemLoads items;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
    items = new ItemLoads(database);
  }

  @Test
  void appendAddsToWhatIsThere() throws Exception {
    assertThat(items.load(items.spec(WriteStrategy.APPEND), "1 a one 1", "2 b - -")).isEqualTo(2);
    assertThat(items.load(items.spec(WriteStrategy.APPEND), "1 a one 1")).isEqualTo(1);
    assertThat(items.load(items.spec(WriteStrategy.APPEND))).isZero();

    assertThat(items.rows()).containsExactly("1a one 1", "1a one 1", "2b - -");
  }

  @Test
  void aRunThatPublishesAgainAddsNothing() throws Exception {
    LoadSpec spec = items.spec(WriteStrategy.APPEND);
    items.load(spec, "1 a one 1");
    Loader again = new DuckDbDestination(new DuckDbUri(database.path().toString())).loader(spec);
    assertThat(again.publish(List.of(new StagedRange(0, 1, 1))).rows()).isEqualTo(1);
    again.release();

    assertThat(items.rows()).containsExactly("1a one 1");
  }

  @Test
  void mergeUpdatesAndInserts() throws Exception {
    items.load(items.spec(WriteStrategy.MERGE), "1 a one 1", "1 b two 1", "2 a three 1");
    items.load(items.spec(WriteStrategy.MERGE), "1 b zwei 2", "3 a vier 2", "2 a - 2");

    assertThat(items.rows()).containsExactly("1a one 1", "1b zwei 2", "2a - 2", "3a vier 2");
  }

  @Test
  void ofSeveralRowsWithOneKeyTheNewestStays() throws Exception {
    LoadSpec spec = items.spec(WriteStrategy.MERGE).withIncrementalKey("at");
    assertThat(items.load(spec, "1 a old 1", "1 a newest 9", "1 a none -", "2 b x 1")).isEqualTo(2);
    assertThat(items.rows()).containsExactly("1a newest 9", "2b x 1");

    items.load(
        items.spec(WriteStrategy.MERGE).withPrimaryKey(List.of("id")), "1 z first 1", "1 z last 1");
    assertThat(items.rows()).contains("1z last 1").hasSize(2);
  }

  @Test
  void whatTheTableHasBesideTheSourceStays() throws Exception {
    items.load(items.spec(WriteStrategy.MERGE), "1 a one 1");
    database.execute("ALTER TABLE items ADD COLUMN remark VARCHAR DEFAULT 'mine'");
    database.execute("COMMENT ON TABLE items IS 'theirs'");
    items.load(items.spec(WriteStrategy.MERGE), "1 a uno 2", "2 a due 2");

    assertThat(database.query("SELECT name || remark FROM items ORDER BY id"))
        .containsExactly("unomine", "duemine");
    assertThat(database.query("SELECT comment FROM duckdb_tables() WHERE table_name = 'items'"))
        .containsExactly("theirs");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteStrategy.class,
      names = {"MERGE", "SCD2", "DELETE_INSERT"})
  void aKeyIsNotNull(WriteStrategy strategy) throws Exception {
    items.load(items.spec(strategy), "1 a one 1");
    LoadSpec spec = items.spec(strategy).withPrimaryKey(List.of("name"));
    assertThatThrownBy(() -> items.load(spec, "2 a - 2", "3 a - 2", "4 a x 2"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 rows for items have NULL in name");
    assertThat(items.rows()).containsExactly("1a one 1");
  }

  @Test
  void aStrategyThatNeedsAKeySaysSo() {
    TableSchema keyless = new TableSchema("shop", "items", ItemLoads.ITEMS.columns(), List.of());
    for (WriteStrategy strategy : List.of(WriteStrategy.MERGE, WriteStrategy.SCD2)) {
      assertThatThrownBy(() -> ItemLoads.load(database, items.spec(strategy), keyless, "1 a one 1"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("shop.items has no primary key")
          .hasMessageContaining("--primary-key");
    }
    LoadSpec spec = items.spec(WriteStrategy.MERGE).withPrimaryKey(List.of("nope"));
    assertThatThrownBy(() -> items.load(spec, "1 a one 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no column nope");
    assertThat(database.path()).doesNotExist();
  }

  /** It chose the rows in the source, and may have been left out of them. */
  @Test
  void whereNothingIsOrderedTheIncrementalKeyMayBeAbsent() throws Exception {
    items.load(items.spec(WriteStrategy.REPLACE).withIncrementalKey("left_out"), "1 a one 1");
    items.load(items.spec(WriteStrategy.APPEND).withIncrementalKey("left_out"), "1 a one 1");
    assertThat(items.rows()).containsExactly("1a one 1", "1a one 1");
    LoadSpec merge = items.spec(WriteStrategy.MERGE).withIncrementalKey("left_out");
    assertThatThrownBy(() -> items.load(merge, "1 a one 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no column left_out");
  }

  @Test
  void aGivenKeyIsMadeUniqueByReplaceToo() throws Exception {
    LoadSpec spec =
        items.spec(WriteStrategy.REPLACE).withPrimaryKey(List.of("id")).withIncrementalKey("at");
    assertThat(items.load(spec, "1 a old 1", "1 b new 2", "2 a x -")).isEqualTo(2);
    assertThat(items.rows()).containsExactly("1b new 2", "2a x -");
  }

  /** DuckDB drops it with the table, and alters no column of a table that has one. */
  @Test
  void anIndexOfTheUserIsNamedOrKept() throws Exception {
    items.load(items.spec(WriteStrategy.MERGE), "1 a one 1");
    database.execute("CREATE INDEX \"by name\" ON items (name)");
    items.load(items.spec(WriteStrategy.MERGE), "1 a two 1");
    TableSchema wider =
        ItemLoads.ITEMS.withColumns(
            ItemLoads.ITEMS.columns().stream()
                .map(
                    column ->
                        column.name().equals("at")
                            ? column.withType(ColumnType.of(MysqlType.BIGINT))
                            : column)
                .toList());
    assertThatThrownBy(
            () -> ItemLoads.load(database, items.spec(WriteStrategy.MERGE), wider, "1 a x 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("A column of items in ")
        .hasMessageContaining("by name");
    assertThat(items.rows()).containsExactly("1a two 1");

    ItemLoads.load(database, items.spec(WriteStrategy.REPLACE), wider, "2 a three 3");
    assertThat(items.rows()).containsExactly("2a three 3");
    assertThat(database.query("SELECT index_name FROM duckdb_indexes()"))
        .containsExactly("by name");
  }

  @Test
  void newAndWiderColumnsComeOthersStay() throws Exception {
    items.load(items.spec(WriteStrategy.MERGE), "1 a one 1");
    List<Column> columns = new ArrayList<>(ItemLoads.ITEMS.columns());
    columns.remove(2);
    columns.set(2, ItemLoads.column("at", ColumnType.of(MysqlType.BIGINT), true));
    columns.add(ItemLoads.column("more", ColumnType.of(MysqlType.VARCHAR, 5), true));
    TableSchema changed = new TableSchema("shop", "items", columns, ItemLoads.ITEMS.primaryKey());
    assertThatThrownBy(
            () ->
                ItemLoads.load(
                    database,
                    items.spec(WriteStrategy.MERGE).withFrozenSchema(),
                    changed,
                    "1 a 12345678901 m"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its schema is frozen")
        .hasMessageContaining("\"more\"");

    ItemLoads.load(
        database, items.spec(WriteStrategy.MERGE), changed, "1 a 12345678901 m", "2 a 1 n");

    assertThat(
            database.query("SELECT concat_ws('|', id, name, \"at\", more) FROM items ORDER BY id"))
        .containsExactly("1|one|12345678901|m", "2|1|n");
  }

  @ParameterizedTest
  @EnumSource(WriteStrategy.class)
  void killedBeforeAnyStatementItIsAsBeforeOrAsAfterAndARerunHeals(WriteStrategy strategy)
      throws Exception {
    Path folder = Files.createDirectory(directory.resolve("whole"));
    database = new DatabaseFile(folder);
    items = new ItemLoads(database);
    items.load(items.spec(strategy), "1 a one 1", "2 a two 2", "3 a three 3");
    List<Object> before = database.query("FROM items ORDER BY ALL");
    LoadSpec spec = items.spec(strategy).withPrimaryKey(List.of("id"));
    String[] rows = {"2 a zwei 2", "2 a deux 2", "4 a vier 3"};
    Snapshots snapshots = new Snapshots(database.path(), directory);
    try (Snapshots taken = snapshots) {
      ItemLoads.load(database, spec, ItemLoads.ITEMS, rows);
      assertThat(taken.statements()).hasSizeGreaterThan(8);
    }
    List<Object> after = database.query("FROM items ORDER BY ALL");
    assertThat(after).isNotEqualTo(before);

    for (int i = 0; i < snapshots.files().size(); i++) {
      DatabaseFile file = snapshots.files().get(i);
      String where = "killed before statement " + i + ": " + snapshots.statements().get(i);
      List<Object> found = file.query("FROM items ORDER BY ALL");
      assertThat(found).as(where).isIn(before, after);
      // As a runner does that tries again, and as a user does.
      String id = i % 2 == 0 || found.equals(after) ? spec.runId() : "another run";
      ItemLoads.load(file, spec.withRunId(id), ItemLoads.ITEMS, rows);
      assertThat(file.query("FROM items ORDER BY ALL")).as(where).isEqualTo(after);
      assertThat(file.tables()).as(where).isSubsetOf("items", "_vitessbeam_published");
    }
  }
}
