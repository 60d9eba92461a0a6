package io.vitessbeam.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys that differ in any byte are two rows, everywhere and by every strategy; where a table that
 * is there can't hold both, the load fails, names both and leaves the table as it was.
 */
class DistinctKeysIT {

  /** Two texts that differ, and are one key for those who look less closely. */
  private enum Pair {
    CASE("a", "A"),
    ACCENT("o", "ö"),
    TWO_LETTERS("ss", "ß"),
    BLANK("b", "b "),
    EMPTY("", " "),
    NORMAL_FORM("\u00e9", "e\u0301"),
    EMOJI("\uD83D\uDE00", "\uD83D\uDE01");

    private final String first;
    private final String second;

    Pair(String first, String second) {
      this.first = first;
      this.second = second;
    }
  }

  /** How a strategy is asked for; the key is given, or the source's. */
  private enum Way {
    REPLACE(WriteStrategy.REPLACE),
    REPLACE_WITH_KEY(WriteStrategy.REPLACE),
    MERGE(WriteStrategy.MERGE),
    DELETE_INSERT(WriteStrategy.DELETE_INSERT),
    SCD2(WriteStrategy.SCD2),
    APPEND(WriteStrategy.APPEND);

    private final WriteStrategy strategy;

    Way(WriteStrategy strategy) {
      this.strategy = strategy;
    }

    LoadSpec spec(String table) {
      boolean ordered = this == DELETE_INSERT || this == SCD2;
      return LoadSpec.of(UUID.randomUUID().toString())
          .withTable(new TargetTable("", table))
          .withStrategy(strategy)
          .withPrimaryKey(this == REPLACE || this == APPEND ? List.of() : List.of("k"))
          .withIncrementalKey(ordered ? "n" : "");
    }

    boolean keepsRows() {
      return strategy != WriteStrategy.REPLACE;
    }
  }

  @TempDir private static Path folder;

  /** Before MySQL 8.0.17 a binary collation ignores blanks at the end. */
  private static boolean holdsApart(Place place, Pair pair) throws SQLException {
    return (pair != Pair.BLANK && pair != Pair.EMPTY)
        || !place.ofMysql()
        || !query(
                place,
                "SELECT 1 FROM information_schema.COLLATIONS WHERE COLLATION_NAME ="
                    + " 'utf8mb4_0900_bin'")
            .isEmpty();
  }

  /** The rows, sorted, with their columns joined. */
  private static List<String> query(Place place, String sql) throws SQLException {
    return place.rows(folder, sql).stream()
        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("=")))
        .sorted()
        .toList();
  }

  private static List<String> rows(Place place, String table) throws SQLException {
    return query(place, "SELECT k, n FROM " + place.quoted(table));
  }

  /** A table that is there, and the pairs of keys of which it can hold one. */
  private enum Hostile {
    MYSQL_AI_CI(
        Place.MYSQL,
        "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci PRIMARY KEY",
        EnumSet.of(Pair.CASE, Pair.ACCENT, Pair.TWO_LETTERS, Pair.NORMAL_FORM)),
    MYSQL_GENERAL_CI(
        Place.MYSQL,
        "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY",
        EnumSet.of(Pair.CASE, Pair.ACCENT, Pair.BLANK, Pair.EMPTY, Pair.EMOJI)),
    VITESS_BIN(
        Place.VITESS,
        "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY",
        EnumSet.of(Pair.BLANK, Pair.EMPTY)),
    MYSQL_LATIN1(
        Place.MYSQL,
        "k VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY",
        EnumSet.of(Pair.CASE, Pair.ACCENT, Pair.BLANK, Pair.EMPTY)),
    DUCKDB_NOCASE(
        Place.DUCKDB, "k VARCHAR COLLATE NOCASE.NOACCENT PRIMARY KEY", EnumSet.noneOf(Pair.class)),
    POSTGRESQL_NONDETERMINISTIC(
        Place.POSTGRESQL,
        "k varchar(20) COLLATE blurred PRIMARY KEY",
        EnumSet.of(Pair.CASE, Pair.ACCENT, Pair.NORMAL_FORM, Pair.TWO_LETTERS));

    private final Place place;
    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
    private final Set<Pair> indistinct;

    Hostile(Place place, String key, Set<Pair> indistinct) {
      this.place = place;
      this.key = key;
      this.indistinct = indistinct;
    }

    void create(String table, Way way) throws SQLException {
      if (place == Place.POSTGRESQL) {
        place.execute(
            folder,
            "CREATE COLLATION IF NOT EXISTS blurred (provider = icu, locale = 'und-u-ks-level1',"
                + " deterministic = false)");
      }
      boolean versions = way == Way.SCD2;
      String moment = place == Place.MYSQL || place == Place.VITESS ? "DATETIME(6)" : "TIMESTAMP";
      place.execute(
          folder,
          "CREATE TABLE "
              + table
              + " ("
              + (versions ? key.replace(" PRIMARY KEY", " NOT NULL") : key)
              + ", n INT"
              + (versions
                  ? ", _scd_valid_from "
                      + moment
                      + " NOT NULL, _scd_valid_to "
                      + moment
                      + " NULL, _scd_is_current BOOLEAN NOT NULL, PRIMARY KEY (k, _scd_valid_from)"
                  : "")
              + ")");
    }
  }

  private static Stream<Object[]> everyWayEverywhere() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(Way.values()).map(way -> new Object[] {place, way}));
  }

  @ParameterizedTest
  @MethodSource("everyWayEverywhere")
  void aNewTableHoldsThemApart(Place place, Way way) throws Exception {
    List<String> firsts = new ArrayList<>();
    List<String> both = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (Pair pair : Pair.values()) {
      firsts.add(pair.first);
      if (way.strategy != WriteStrategy.APPEND) {
        both.add(pair.first);
      }
      expected.add(pair.first);
      if (holdsApart(place, pair)) {
        both.add(pair.second);
        expected.add(pair.second);
      }
    }
    String once = "apart_" + way.name().toLowerCase(Locale.ROOT);
    String later = once + "_later";
    List<String> rows = expected.stream().map(key -> key + "=7").sorted().toList();

    load(place, way.spec(once), TEXTS, rows(expected, 7));
    load(place, way.spec(later), TEXTS, rows(firsts, 7));
    load(place, way.spec(later), TEXTS, rows(both, 7));

    for (Pair pair : Pair.values()) {
      if (!holdsApart(place, pair)) {
        String message =
            loadOrRefuse(place, way, once + "_" + pair, List.of(pair.first, pair.second));
        boolean keyed = way != Way.APPEND;
        assertThat(message).contains(keyed ? "create the table before it is loaded" : "");
        if (keyed) {
          assertNamesBoth(message, pair);
        }
      }
    }
    assertThat(rows(place, once)).isEqualTo(rows);
    assertThat(rows(place, later)).isEqualTo(rows);
  }

  private static Stream<Object[]> everyPairEverywhere() {
    return Stream.of(Hostile.values())
        .flatMap(
            there ->
                Stream.of(Pair.values())
                    .flatMap(
                        pair ->
                            Stream.of(Way.values())
                                .filter(way -> isTried(there, pair, way))
                                .map(way -> new Object[] {there, pair, way})));
  }

  /** Every pair everywhere by one way; every way with one pair that each table takes for one. */
  private static boolean isTried(Hostile there, Pair pair, Way way) {
    if (there == Hostile.MYSQL_LATIN1 && !latin1(pair)) {
      return false; // no key of that column
    }
    boolean every = pair == (there == Hostile.VITESS_BIN ? Pair.BLANK : Pair.CASE);
    return way == Way.MERGE || (every && there != Hostile.MYSQL_LATIN1);
  }

  @ParameterizedTest
  @MethodSource("everyPairEverywhere")
  void aTableThatTakesThemForOneIsLeftAsItIs(Hostile there, Pair pair, Way way) throws Exception {
    String name = there + "_" + pair + "_" + way;
    String table = "blur_" + name.toLowerCase(Locale.ROOT);
    boolean one = there.indistinct.contains(pair);
    there.create(table, way);

    String both = loadOrRefuse(there.place, way, table, List.of(pair.first, pair.second));
    List<String> rows = Stream.of(pair.first, pair.second).map(key -> key + "=1").sorted().toList();
    assertThat(rows(there.place, table)).isEqualTo(one ? List.of() : rows);
    if (one) {
      assertNamesBoth(both, pair);
    } else {
      assertThat(both).isEmpty();
    }

    if (one && way.keepsRows() && way != Way.DELETE_INSERT) {
      load(there.place, way.spec(table), TEXTS, rows(List.of(pair.first), 1));
      String second = loadOrRefuse(there.place, way, table, List.of(pair.second));
      assertThat(rows(there.place, table)).containsExactly(pair.first + "=1");
      assertNamesBoth(second, pair);
    } else if (way == Way.MERGE) {
      load(there.place, way.spec(table), TEXTS, rows(List.of(pair.second), 2));
      assertThat(rows(there.place, table))
          .containsExactlyInAnyOrder(pair.first + "=1", pair.second + "=2");
    }
  }

  private static boolean latin1(Pair pair) {
    return StandardCharsets.ISO_8859_1.newEncoder().canEncode(pair.first + pair.second);
  }

  private static void assertNamesBoth(String message, Pair pair) {
    assertThat(message)
        .contains("'" + pair.first + "'", "'" + pair.second + "'", "collation", "column k");
  }

  /** The message with which it is refused; empty if it isn't. */
  private static String loadOrRefuse(Place place, Way way, String table, List<String> keys) {
    LoadSpec spec = way.spec(table);
    try {
      load(place, spec, TEXTS, rows(keys, 1));
      return "";
    } catch (DataException e) {
      place.destination(folder).abort(spec.runId());
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void numbersAreTheSameByValueAndBytesByTheirBytes(Place place) throws Exception {
    TableSchema source =
        new TableSchema(
            "shop",
            "source",
            List.of(
                new Column("k", ColumnType.decimal(20, 2), false),
                new Column("b", ColumnType.of(MysqlType.VARBINARY, 8), false),
                new Column("n", ColumnType.of(MysqlType.INT), true)),
            List.of());
    LoadSpec spec = Way.MERGE.spec("keyed_numbers").withPrimaryKey(List.of("k", "b"));

    load(
        place,
        spec,
        source,
        List.of(
            List.of("1", "61", "1"),
            List.of("1.0", "61", "2"),
            List.of("1", "41", "3"),
            List.of("1.00", "6120", "4")));
    load(
        place,
        spec.withRunId(UUID.randomUUID().toString()),
        source,
        List.of(List.of("1.0", "6100", "5"), List.of("1.0", "41", "6")));

    assertThat(query(place, "SELECT n FROM keyed_numbers")).containsExactly("2", "4", "5", "6");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aRowWithoutAKeyIsRefused(Place place) throws Exception {
    List<List<String>> rows = new ArrayList<>(rows(List.of("a"), 1));
    List<String> row = new ArrayList<>();
    row.add(null);
    row.add("1");
    rows.add(row);
    LoadSpec spec = Way.MERGE.spec("nulls");

    assertThatThrownBy(() -> load(place, spec, TEXTS, rows))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("(?s).*NULL in (the key column )?k.*");
    place.destination(folder).abort(spec.runId());
  }

  private static final TableSchema TEXTS =
      new TableSchema(
          "shop",
          "source",
          List.of(
              new Column("k", ColumnType.of(MysqlType.VARCHAR, 20), true),
              new Column("n", ColumnType.of(MysqlType.INT), true)),
          List.of());

  private static List<List<String>> rows(List<String> keys, int n) {
    return keys.stream().map(key -> List.of(key, String.valueOf(n))).toList();
  }

  private static void load(
      Place place, LoadSpec spec, TableSchema source, List<List<String>> rows) {
    // A source of the strategy replace vouches for its key.
    TableSchema schema =
        spec.strategy() == WriteStrategy.REPLACE && spec.primaryKey().isEmpty()
            ? new TableSchema(
                "shop",
                "source",
                source.columns().stream()
                    .map(c -> new Column(c.name(), c.type(), c.nullable() && !c.name().equals("k")))
                    .toList(),
                List.of("k"))
            : source;
    BlockBuilder block = new BlockBuilder(schema, 1024);
    for (List<String> row : rows) {
      block.startRow();
      for (int i = 0; i < row.size(); i++) {
        if (row.get(i) == null) {
          block.addNull();
        } else {
          byte[] bytes =
              schema.columns().get(i).type().base() == MysqlType.VARBINARY
                  ? HexFormat.of().parseHex(row.get(i))
                  : row.get(i).getBytes(StandardCharsets.UTF_8);
          block.addValue(bytes, 0, bytes.length);
        }
      }
    }
    Loader loader = place.destination(folder).loader(spec);
    try {
      List<StagedRange> receipts = new ArrayList<>();
      List.of(
              block.build(new Origin(5, 0, 1, 0, -1, "")),
              Block.closing(schema, new Origin(5, 0, 1, 1, rows.size(), "")))
          .forEach(part -> loader.stage(part).ifPresent(receipts::add));
      loader.publish(receipts);
    } finally {
      loader.release();
    }
  }
}
