package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DuckDbLoads of a small table by every strategy that keeps the table. */
class StrategiesTest {

  /** Keyed by two columns; {@code at} is the incremental key. */
  private static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              column("id", ColumnType.of(MysqlType.INT), false),
              column("part", ColumnType.of(MysqlType.VARCHAR, 10), false),
              column("name", ColumnType.of(MysqlType.VARCHAR, 20), true),
              column("at", ColumnType.of(MysqlType.INT), true)),
          List.of("id", "part"));

  private static final String ROWS =
      "SELECT id || part || ' ' || coalesce(name, '-') || ' ' || coalesce(\"at\"::VARCHAR, '-')"
          + " FROM items";

  @TempDir private Path directory;
  private DatabaseFile database;
  private int runs;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
  }

  private static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable);
  }

  private LoadSpec spec(WriteStrategy strategy) {
    return LoadSpec.of("run " + runs++)
        .withTable(TargetTable.parse("items"))
        .withStrategy(strategy)
        .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "at" : "");
  }

  private long load(LoadSpec spec, String... rows) {
    return load(database, spec, ITEMS, rows);
  }

  /** Rows as {@code id part name at}, a dash for NULL, an underscore for a blank; of one range. */
  private static long load(DatabaseFile file, LoadSpec spec, TableSchema schema, String... rows) {
    Loader loader = new DuckDbDestination(new DuckDbUri(file.path().toString())).loader(spec);
    try {
      List<StagedRange> receipts = new ArrayList<>();
      int sequence = 0;
      if (rows.length > 0) {
        BlockBuilder builder = new BlockBuilder(schema, 1024);
        for (String row : rows) {
          builder.startRow();
          for (String value : row.split(" ", -1)) {
            byte[] bytes = value.replace('_', ' ').getBytes(StandardCharsets.UTF_8);
            if (value.equals("-")) {
              builder.addNull();
            } else {
              builder.addValue(bytes, 0, bytes.length);
            }
          }
        }
        Block block = builder.build(new Origin(5, 0, 1, sequence++, -1, "0"));
        loader.stage(block).ifPresent(receipts::add);
      }
      loader
          .stage(Block.closing(schema, new Origin(5, 0, 1, sequence, rows.length, "0")))
          .ifPresent(receipts::add);
      return loader.publish(receipts).rows();
    } finally {
      loader.release();
    }
  }

  private List<Object> rows() throws Exception {
    return database.query(ROWS + " ORDER BY ALL");
  }

  @Test
  void appendAddsToWhatIsThere() throws Exception {
    assertThat(load(spec(WriteStrategy.APPEND), "1 a one 1", "2 b - -")).isEqualTo(2);
    assertThat(load(spec(WriteStrategy.APPEND), "1 a one 1")).isEqualTo(1);
    assertThat(load(spec(WriteStrategy.APPEND))).isZero();

    assertThat(rows()).containsExactly("1a one 1", "1a one 1", "2b - -");
  }

  @Test
  void aRunThatPublishesAgainAddsNothing() throws Exception {
    LoadSpec spec = spec(WriteStrategy.APPEND);
    load(spec, "1 a one 1");
    Loader again = new DuckDbDestination(new DuckDbUri(database.path().toString())).loader(spec);
    assertThat(again.publish(List.of(new StagedRange(0, 1, 1))).rows()).isEqualTo(1);
    again.release();

    assertThat(rows()).containsExactly("1a one 1");
  }

  @Test
  void mergeUpdatesAndInserts() throws Exception {
    load(spec(WriteStrategy.MERGE), "1 a one 1", "1 b two 1", "2 a three 1");
    load(spec(WriteStrategy.MERGE), "1 b zwei 2", "3 a vier 2", "2 a - 2");

    assertThat(rows()).containsExactly("1a one 1", "1b zwei 2", "2a - 2", "3a vier 2");
  }

  @Test
  void ofSeveralRowsWithOneKeyTheNewestStays() throws Exception {
    LoadSpec spec = spec(WriteStrategy.MERGE).withIncrementalKey("at");
    assertThat(load(spec, "1 a old 1", "1 a newest 9", "1 a none -", "2 b x 1")).isEqualTo(2);
    assertThat(rows()).containsExactly("1a newest 9", "2b x 1");

    load(spec(WriteStrategy.MERGE).withPrimaryKey(List.of("id")), "1 z first 1", "1 z last 1");
    assertThat(rows()).contains("1z last 1").hasSize(2);
  }

  @Test
  void whatTheTableHasBesideTheSourceStays() throws Exception {
    load(spec(WriteStrategy.MERGE), "1 a one 1");
    database.execute("ALTER TABLE items ADD COLUMN remark VARCHAR DEFAULT 'mine'");
    database.execute("COMMENT ON TABLE items IS 'theirs'");
    load(spec(WriteStrategy.MERGE), "1 a uno 2", "2 a due 2");

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
    load(spec(strategy), "1 a one 1");
    LoadSpec spec = spec(strategy).withPrimaryKey(List.of("name"));
    assertThatThrownBy(() -> load(spec, "2 a - 2", "3 a - 2", "4 a x 2"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 rows for items have NULL in name");
    assertThat(rows()).containsExactly("1a one 1");
  }

  @Test
  void aStrategyThatNeedsAKeySaysSo() {
    TableSchema keyless = new TableSchema("shop", "items", ITEMS.columns(), List.of());
    for (WriteStrategy strategy : List.of(WriteStrategy.MERGE, WriteStrategy.SCD2)) {
      assertThatThrownBy(() -> load(database, spec(strategy), keyless, "1 a one 1"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("shop.items has no primary key")
          .hasMessageContaining("--primary-key");
    }
    LoadSpec spec = spec(WriteStrategy.MERGE).withPrimaryKey(List.of("nope"));
    assertThatThrownBy(() -> load(spec, "1 a one 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no column nope");
    assertThat(database.path()).doesNotExist();
  }

  /** It chose the rows in the source, and may have been left out of them. */
  @Test
  void whereNothingIsOrderedTheIncrementalKeyMayBeAbsent() throws Exception {
    load(spec(WriteStrategy.REPLACE).withIncrementalKey("left_out"), "1 a one 1");
    load(spec(WriteStrategy.APPEND).withIncrementalKey("left_out"), "1 a one 1");
    assertThat(rows()).containsExactly("1a one 1", "1a one 1");
    LoadSpec merge = spec(WriteStrategy.MERGE).withIncrementalKey("left_out");
    assertThatThrownBy(() -> load(merge, "1 a one 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no column left_out");
  }

  @Test
  void deleteInsertReplacesTheIntervalThatIsCovered() throws Exception {
    load(spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3", "4 a none -");
    load(spec(WriteStrategy.DELETE_INSERT), "2 b x 2", "5 b y 3");
    assertThat(rows()).containsExactly("1a one 1", "2b x 2", "4a none -", "5b y 3");

    load(spec(WriteStrategy.DELETE_INSERT), "6 a other -");
    assertThat(rows()).containsExactly("1a one 1", "2b x 2", "5b y 3", "6a other -");

    load(spec(WriteStrategy.DELETE_INSERT));
    assertThat(rows()).hasSize(4);
  }

  @Test
  void deleteInsertReplacesTheIntervalThatIsGiven() throws Exception {
    load(spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");
    LoadSpec.Interval interval = new LoadSpec.Interval("2", "9");
    load(spec(WriteStrategy.DELETE_INSERT).withInterval(interval), "4 a four 9");
    assertThat(rows()).containsExactly("1a one 1", "4a four 9");

    LoadSpec outside = spec(WriteStrategy.DELETE_INSERT).withInterval(interval);
    assertThatThrownBy(() -> load(outside, "5 a five 10"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 rows have a at outside of the interval");

    load(spec(WriteStrategy.DELETE_INSERT).withInterval(interval));
    assertThat(rows()).containsExactly("1a one 1");
  }

  @Test
  void aKeyOfARowOutsideTheIntervalFailsTheRun() throws Exception {
    database.execute(
        "CREATE TABLE items (id INTEGER, part VARCHAR, name VARCHAR, \"at\" INTEGER,"
            + " PRIMARY KEY (id, part))");
    load(spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");

    assertThatThrownBy(() -> load(spec(WriteStrategy.DELETE_INSERT), "2 a x 3", "3 a x 3"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("items is not published: ")
        .hasMessageContaining("(id, part) = (2, a)")
        .hasMessageContaining("replace an interval that holds both, or use the strategy merge");
    assertThat(rows()).containsExactly("1a one 1", "2a two 2", "3a three 3");

    load(spec(WriteStrategy.DELETE_INSERT), "2 a x 2", "3 a x 3");
    assertThat(rows()).containsExactly("1a one 1", "2a x 2", "3a x 3");
  }

  @Test
  void anIntervalWithoutAnEndReachesAsFarAsTheTable() throws Exception {
    load(spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");
    load(
        spec(WriteStrategy.DELETE_INSERT).withInterval(new LoadSpec.Interval("2", "")),
        "4 a four 2");
    assertThat(rows()).containsExactly("1a one 1", "4a four 2");
    load(spec(WriteStrategy.DELETE_INSERT).withInterval(new LoadSpec.Interval("", "1")));
    assertThat(rows()).containsExactly("4a four 2");
  }

  /** In a column of dates, of times, and of instants, as MySQL compares them in UTC. */
  @ParameterizedTest
  @EnumSource(
      value = MysqlType.class,
      names = {"DATE", "DATETIME", "TIMESTAMP"})
  void boundsAreMomentsInUtc(MysqlType type) throws Exception {
    TableSchema dated =
        new TableSchema(
            "shop",
            "items",
            List.of(
                column("id", ColumnType.of(MysqlType.INT), false),
                column("at", ColumnType.of(type), true)),
            List.of("id"));
    String midnight = type == MysqlType.DATE ? "" : "_00:00:00";
    load(
        database,
        spec(WriteStrategy.DELETE_INSERT),
        dated,
        "1 2024-01-01" + midnight,
        "2 2024-01-02" + midnight,
        "3 2024-01-03" + midnight,
        "4 2024-01-04" + midnight);
    load(
        database,
        spec(WriteStrategy.DELETE_INSERT)
            .withInterval(new LoadSpec.Interval("2024-01-01 00:00:01", "2024-01-03")),
        dated,
        "5 2024-01-03" + midnight);

    assertThat(database.query("SELECT id FROM items ORDER BY id")).containsExactly(1, 4, 5);
  }

  @Test
  void everyVersionIsKept() throws Exception {
    LoadSpec first = spec(WriteStrategy.SCD2);
    load(first, "1 a one 1", "2 a two 1", "3 a three 1", "3 a three 1");
    LoadSpec second = spec(WriteStrategy.SCD2);
    load(second, "1 a one 1", "2 a zwei 1", "4 a four 1");
    LoadSpec third = spec(WriteStrategy.SCD2);
    load(third, "1 a one 1", "2 a zwei 1", "3 a back 1", "4 a four 1");

    assertThat(
            database.query(
                "SELECT id || name || _scd_is_current || (_scd_valid_to IS NULL) FROM items ORDER"
                    + " BY id, _scd_valid_from"))
        .containsExactly(
            "1onetruetrue",
            "2twofalsefalse",
            "2zweitruetrue",
            "3threefalsefalse",
            "3backtruetrue",
            "4fourtruetrue");
    assertThat(
            database.query(
                "SELECT count(*) FROM items a JOIN items b ON a.id = 2 AND b.id = 2 AND"
                    + " a._scd_valid_to = b._scd_valid_from"))
        .containsExactly(1L);
  }

  @Test
  void versionsBeginInUtcWhereverTheProcessRuns() throws Exception {
    database.execute(
        "CREATE TABLE items (id INTEGER, part VARCHAR, name VARCHAR, \"at\" INTEGER,"
            + " _scd_valid_from TIMESTAMPTZ, _scd_valid_to TIMESTAMPTZ, _scd_is_current BOOLEAN)");
    LoadSpec first = spec(WriteStrategy.SCD2);
    LoadSpec second = spec(WriteStrategy.SCD2);
    try (Connection machine = database.connect();
        Statement statement = machine.createStatement()) {
      // What a file that is opened takes from the machine.
      statement.execute("SET GLOBAL TimeZone = 'America/New_York'");
      load(first, "1 a one 1");
      load(second, "1 a eins 1");
    }

    assertThat(
            database.query(
                "SELECT epoch_us(_scd_valid_from), epoch_us(_scd_valid_to) FROM items ORDER BY 1"))
        .containsExactly(micros(first), micros(second), micros(second), null);
  }

  private static long micros(LoadSpec spec) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, spec.begun());
  }

  @Test
  void aRunThatBeganBeforeTheLatestVersionIsRefused() throws Exception {
    LoadSpec older = spec(WriteStrategy.SCD2);
    load(spec(WriteStrategy.SCD2), "1 a one 1");

    assertThatThrownBy(() -> load(older, "1 a stale 1", "2 a gone 1"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("items has versions from 2")
        .hasMessageContaining("clock")
        .hasMessageContaining("run again");
    assertThat(database.query("SELECT name FROM items WHERE _scd_is_current"))
        .containsExactly("one");
  }

  @Test
  void withAnIncrementalKeyAbsentRowsStayCurrent() throws Exception {
    load(spec(WriteStrategy.SCD2).withIncrementalKey("at"), "1 a one 1", "2 a two 1");
    load(spec(WriteStrategy.SCD2).withIncrementalKey("at"), "2 a zwei 2");

    assertThat(database.query("SELECT name FROM items WHERE _scd_is_current ORDER BY id"))
        .containsExactly("one", "zwei");
  }

  @Test
  void aGivenKeyIsMadeUniqueByReplaceToo() throws Exception {
    LoadSpec spec =
        spec(WriteStrategy.REPLACE).withPrimaryKey(List.of("id")).withIncrementalKey("at");
    assertThat(load(spec, "1 a old 1", "1 b new 2", "2 a x -")).isEqualTo(2);
    assertThat(rows()).containsExactly("1b new 2", "2a x -");
  }

  /** DuckDB drops it with the table, and alters no column of a table that has one. */
  @Test
  void anIndexOfTheUserIsNamedOrKept() throws Exception {
    load(spec(WriteStrategy.MERGE), "1 a one 1");
    database.execute("CREATE INDEX \"by name\" ON items (name)");
    load(spec(WriteStrategy.MERGE), "1 a two 1");
    TableSchema wider =
        ITEMS.withColumns(
            ITEMS.columns().stream()
                .map(
                    column ->
                        column.name().equals("at")
                            ? column.withType(ColumnType.of(MysqlType.BIGINT))
                            : column)
                .toList());
    assertThatThrownBy(() -> load(database, spec(WriteStrategy.MERGE), wider, "1 a x 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("A column of items in ")
        .hasMessageContaining("by name");
    assertThat(rows()).containsExactly("1a two 1");

    load(database, spec(WriteStrategy.REPLACE), wider, "2 a three 3");
    assertThat(rows()).containsExactly("2a three 3");
    assertThat(database.query("SELECT index_name FROM duckdb_indexes()"))
        .containsExactly("by name");
  }

  @Test
  void newAndWiderColumnsComeOthersStay() throws Exception {
    load(spec(WriteStrategy.MERGE), "1 a one 1");
    List<Column> columns = new ArrayList<>(ITEMS.columns());
    columns.remove(2);
    columns.set(2, column("at", ColumnType.of(MysqlType.BIGINT), true));
    columns.add(column("more", ColumnType.of(MysqlType.VARCHAR, 5), true));
    TableSchema changed = new TableSchema("shop", "items", columns, ITEMS.primaryKey());
    assertThatThrownBy(
            () ->
                load(
                    database,
                    spec(WriteStrategy.MERGE).withFrozenSchema(),
                    changed,
                    "1 a 12345678901 m"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its schema is frozen")
        .hasMessageContaining("\"more\"");

    load(database, spec(WriteStrategy.MERGE), changed, "1 a 12345678901 m", "2 a 1 n");

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
    load(spec(strategy), "1 a one 1", "2 a two 2", "3 a three 3");
    List<Object> before = database.query("FROM items ORDER BY ALL");
    LoadSpec spec = spec(strategy).withPrimaryKey(List.of("id"));
    String[] rows = {"2 a zwei 2", "2 a deux 2", "4 a vier 3"};
    Snapshots snapshots = new Snapshots(database.path(), directory);
    try (Snapshots taken = snapshots) {
      load(database, spec, ITEMS, rows);
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
      load(file, spec.withRunId(id), ITEMS, rows);
      assertThat(file.query("FROM items ORDER BY ALL")).as(where).isEqualTo(after);
      assertThat(file.tables()).as(where).isSubsetOf("items", "_vitessbeam_published");
    }
  }
}
