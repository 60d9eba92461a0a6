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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a strategy makes of a table, on every server, against a model of a few lines: several runs
 * one after the other, of random rows whose key is a text, bytes and an unsigned number.
 */
class StrategiesModelIT {

  private static final int SEEDS = 3;
  private static final int RUNS = 4;
  private static final int MOST_ROWS = 40;
  private static final int ROWS_PER_BLOCK = 7;

  private static final List<String> KEY = List.of("k\"1 %s", "select", "k.3");
  private static final String AT = "at `it` %d";

  private static final TableSchema SOURCE =
      new TableSchema(
          "shop",
          "source",
          List.of(
              new Column(KEY.get(0), ColumnType.of(MysqlType.VARCHAR, 20), true),
              new Column(KEY.get(1), ColumnType.of(MysqlType.VARBINARY, 8), true),
              new Column(KEY.get(2), ColumnType.unsigned(MysqlType.BIGINT), true),
              new Column("ünïcode", ColumnType.of(MysqlType.TEXT), true),
              new Column("n", ColumnType.decimal(20, 4), true),
              new Column(AT, ColumnType.temporal(MysqlType.DATETIME, 6), true)),
          List.of());

  private static final List<String> TEXTS =
      List.of("", "a", "A", "ä", "\uD83D\uDE00", "it's", "a\\b", "%_");
  private static final List<String> BYTES = List.of("", "00", "FF00", "61");
  private static final List<String> NUMBERS =
      List.of("0", "1", "9223372036854775808", "18446744073709551615");

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  @TempDir private static Path folder;

  /** How a strategy is asked for. */
  private enum Way {
    REPLACE(WriteStrategy.REPLACE, false, false),
    REPLACE_WITH_KEY(WriteStrategy.REPLACE, true, false),
    APPEND(WriteStrategy.APPEND, false, false),
    MERGE(WriteStrategy.MERGE, true, false),
    MERGE_BY_TIME(WriteStrategy.MERGE, true, true),
    DELETE_INSERT(WriteStrategy.DELETE_INSERT, false, true),
    DELETE_INSERT_WITH_KEY(WriteStrategy.DELETE_INSERT, true, true),
    SCD2(WriteStrategy.SCD2, true, false),
    SCD2_BY_TIME(WriteStrategy.SCD2, true, true);

    private final WriteStrategy strategy;
    private final boolean key;
    private final boolean time;

    Way(WriteStrategy strategy, boolean key, boolean time) {
      this.strategy = strategy;
      this.key = key;
      this.time = time;
    }

    LoadSpec spec(TargetTable table) {
      return LoadSpec.of(UUID.randomUUID().toString())
          .withTable(table)
          .withStrategy(strategy)
          .withPrimaryKey(key ? KEY : List.of())
          .withIncrementalKey(time ? AT : "");
    }
  }

  /** All rows, sorted, as the model writes them. */
  private static List<List<String>> rows(Place place, String table, boolean versions)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    columns.add(place.quoted(KEY.get(0)));
    columns.add(place.hex(place.quoted(KEY.get(1))));
    columns.add(place.quoted(KEY.get(2)));
    columns.add(place.quoted("ünïcode"));
    columns.add("n");
    columns.add(place.moment(place.quoted(AT)));
    if (versions) {
      columns.add(place.moment(VersionColumns.FROM));
      columns.add(place.moment(VersionColumns.TO));
      columns.add("CASE WHEN " + VersionColumns.CURRENT + " THEN 'current' ELSE 'old' END");
    }
    return sorted(
        place.rows(
            folder, "SELECT " + String.join(", ", columns) + " FROM " + place.quoted(table)));
  }

  private static List<List<String>> sorted(List<List<String>> rows) {
    List<List<String>> sorted = new ArrayList<>(rows);
    sorted.sort((a, b) -> a.toString().compareTo(b.toString()));
    return sorted;
  }

  private static Stream<Object[]> everyWayEverywhere() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(Way.values()).map(way -> new Object[] {place, way}));
  }

  @ParameterizedTest
  @MethodSource("everyWayEverywhere")
  void theTableIsThatOfTheModel(Place place, Way way) throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      TargetTable table =
          new TargetTable("", "model_%s_" + way.name().toLowerCase(Locale.ROOT) + "_" + seed);
      StrategyModel model = new StrategyModel(way.strategy, way.key, way.time);
      for (int run = 0; run < RUNS; run++) {
        LoadSpec spec = way.spec(table);
        // The second run has no rows at all.
        List<List<String>> batch = rows(random, run == 1 ? 0 : random.nextInt(MOST_ROWS));
        Loader loader = place.destination(folder).loader(spec);
        if (model.load(batch, MICROS.format(spec.begun()))) {
          Place.load(loader, blocks(batch));
        } else {
          assertThatThrownBy(() -> Place.load(loader, blocks(batch)))
              .isInstanceOf(DataException.class)
              .hasMessageContaining("outside the interval")
              .hasMessageContaining("strategy merge");
          place.destination(folder).abort(spec.runId());
        }

        assertThat(rows(place, table.table(), way.strategy == WriteStrategy.SCD2))
            .as("seed %d, run %d", seed, run)
            .isEqualTo(sorted(model.rows()));
      }
    }
  }

  private static List<List<String>> rows(Random random, int count) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>();
      // Few enough keys that they meet.
      row.add(any(random, TEXTS));
      row.add(any(random, random.nextBoolean() ? BYTES : List.of("00")));
      row.add(any(random, random.nextBoolean() ? NUMBERS : List.of("0")));
      row.add(random.nextInt(4) == 0 ? null : any(random, TEXTS));
      row.add(random.nextInt(4) == 0 ? null : random.nextInt(3) + ".2500");
      row.add(
          random.nextInt(5) == 0
              ? null
              : "2024-01-0%d 00:00:00.%06d".formatted(1 + random.nextInt(9), random.nextInt(2)));
      rows.add(row);
    }
    return rows;
  }

  private static String any(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static List<Block> blocks(List<List<String>> rows) {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += ROWS_PER_BLOCK) {
      BlockBuilder block = new BlockBuilder(SOURCE, 1024);
      for (List<String> row : rows.subList(from, Math.min(rows.size(), from + ROWS_PER_BLOCK))) {
        block.startRow();
        for (int column = 0; column < row.size(); column++) {
          add(block, row.get(column), column == 1);
        }
      }
      blocks.add(block.build(new Origin(5, 0, 1, blocks.size(), -1, "")));
    }
    blocks.add(Block.closing(SOURCE, new Origin(5, 0, 1, blocks.size(), rows.size(), "")));
    return blocks;
  }

  private static void add(BlockBuilder block, String value, boolean hex) {
    if (value == null) {
      block.addNull();
      return;
    }
    byte[] bytes = hex ? HexFormat.of().parseHex(value) : value.getBytes(StandardCharsets.UTF_8);
    block.addValue(bytes, 0, bytes.length);
  }
}
