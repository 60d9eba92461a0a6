package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads of a small table by every strategy, as they are in DuckDB. */
class StrategiesIT {

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

  private final TestSchema schema = new TestSchema();

  private LoadSpec spec(WriteStrategy strategy) {
    return schema
        .spec("items")
        .withStrategy(strategy)
        .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "at" : "");
  }

  private long load(LoadSpec spec, String... rows) {
    return schema.load(spec, ITEMS, rows);
  }

  private List<String> rows() throws Exception {
    return schema.query(
        "SELECT id || part || ' ' || coalesce(name, '-') || ' ' || coalesce(at::text, '-')"
            + " FROM $s.items ORDER BY 1");
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
    Loader again = schema.loader(spec);
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
    schema.execute("ALTER TABLE $s.items ADD COLUMN remark text DEFAULT 'mine'");
    schema.execute("COMMENT ON TABLE $s.items IS 'theirs'");
    load(spec(WriteStrategy.MERGE), "1 a uno 2", "2 a due 2");

    assertThat(schema.query("SELECT name || remark FROM $s.items ORDER BY id"))
        .containsExactly("unomine", "duemine");
    assertThat(schema.query("SELECT obj_description('$s.items'::regclass)"))
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
        .hasMessageContaining("2 rows for " + schema.name() + ".items have NULL in name");
    assertThat(rows()).containsExactly("1a one 1");
  }

  @Test
  void aStrategyThatNeedsAKeySaysSo() throws Exception {
    TableSchema keyless = new TableSchema("shop", "items", ITEMS.columns(), List.of());
    for (WriteStrategy strategy : List.of(WriteStrategy.MERGE, WriteStrategy.SCD2)) {
      assertThatThrownBy(() -> schema.load(spec(strategy), keyless, "1 a one 1"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("shop.items has no primary key")
          .hasMessageContaining("--primary-key");
    }
    LoadSpec spec = spec(WriteStrategy.MERGE).withPrimaryKey(List.of("nope"));
    assertThatThrownBy(() -> load(spec, "1 a one 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no column nope");
    assertThat(schema.exists()).isFalse();
  }

  /** It chose the rows in the source, and may have been left out of them. */
  @Test
  void whereNothingIsOrderedTheIncrementalKeyMayBeAbsent() throws Exception {
    load(spec(WriteStrategy.REPLACE).withIncrementalKey("left_out"), "1 a one 1");
    load(spec(WriteStrategy.APPEND).withIncrementalKey("left_out"), "1 b one 1");
    assertThat(rows()).containsExactly("1a one 1", "1b one 1");
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
    schema.load(
        spec(WriteStrategy.DELETE_INSERT),
        dated,
        "1 2024-01-01" + midnight,
        "2 2024-01-02" + midnight,
        "3 2024-01-03" + midnight,
        "4 2024-01-04" + midnight);
    schema.load(
        spec(WriteStrategy.DELETE_INSERT)
            .withInterval(new LoadSpec.Interval("2024-01-01 00:00:01", "2024-01-03")),
        dated,
        "5 2024-01-03" + midnight);

    assertThat(schema.query("SELECT id FROM $s.items ORDER BY id")).containsExactly("1", "4", "5");
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
            schema.query(
                "SELECT id || name || _scd_is_current::text || (_scd_valid_to IS NULL)::text FROM"
                    + " $s.items ORDER BY id, _scd_valid_from"))
        .containsExactly(
            "1onetruetrue",
            "2twofalsefalse",
            "2zweitruetrue",
            "3threefalsefalse",
            "3backtruetrue",
            "4fourtruetrue");
    assertThat(
            schema.query(
                "SELECT count(*) FROM $s.items a JOIN $s.items b ON a.id = 2 AND b.id = 2 AND"
                    + " a._scd_valid_to = b._scd_valid_from"))
        .containsExactly("1");
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
    assertThat(schema.query("SELECT name FROM $s.items WHERE _scd_is_current"))
        .containsExactly("one");
  }

  @Test
  void withAnIncrementalKeyAbsentRowsStayCurrent() throws Exception {
    load(spec(WriteStrategy.SCD2).withIncrementalKey("at"), "1 a one 1", "2 a two 1");
    load(spec(WriteStrategy.SCD2).withIncrementalKey("at"), "2 a zwei 2");

    assertThat(schema.query("SELECT name FROM $s.items WHERE _scd_is_current ORDER BY id"))
        .containsExactly("one", "zwei");
  }

  @Test
  void aGivenKeyIsMadeUniqueByReplaceToo() throws Exception {
    LoadSpec spec =
        spec(WriteStrategy.REPLACE).withPrimaryKey(List.of("id")).withIncrementalKey("at");
    assertThat(load(spec, "1 a old 1", "1 b new 2", "2 a x -")).isEqualTo(2);
    assertThat(rows()).containsExactly("1b new 2", "2a x -");
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
                schema.load(
                    spec(WriteStrategy.MERGE).withFrozenSchema(), changed, "1 a 12345678901 m"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its schema is frozen")
        .hasMessageContaining("\"more\"");

    schema.load(spec(WriteStrategy.MERGE), changed, "1 a 12345678901 m", "2 a 1 n");

    assertThat(
            schema.query("SELECT concat_ws('|', id, name, \"at\", more) FROM $s.items ORDER BY id"))
        .containsExactly("1|one|12345678901|m", "2|1|n");
  }
}
