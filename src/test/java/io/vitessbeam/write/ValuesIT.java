package io.vitessbeam.write;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which values are equal and which is the higher one, on every kind of destination: the table of
 * cases, by which merge and scd2 know what a row is, whether it changed, and which of two counts.
 */
class ValuesIT {

  private static final ColumnType LONG_DECIMAL = ColumnType.decimal(65, 30);
  private static final ColumnType CENTS = ColumnType.decimal(10, 2);
  private static final ColumnType TEXT = ColumnType.of(MysqlType.VARCHAR, 50);
  private static final ColumnType BYTES = ColumnType.of(MysqlType.VARBINARY, 50);
  private static final ColumnType MICROS = ColumnType.temporal(MysqlType.DATETIME, 6);

  @TempDir private static Path folder;

  private enum Relation {
    EQUAL,
    DIFFERENT,
    /** The first one is less. */
    LESS
  }

  private record Case(ColumnType type, String one, Relation relation, String other) {

    @Override
    public String toString() {
      return type.base() + " " + one + " " + relation + " " + other;
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(LONG_DECIMAL, "1", Relation.EQUAL, "1.0"),
          new Case(LONG_DECIMAL, "-.5", Relation.EQUAL, "-0.500"),
          new Case(LONG_DECIMAL, "0", Relation.EQUAL, "-0.0"),
          new Case(LONG_DECIMAL, "9", Relation.LESS, "10"),
          new Case(LONG_DECIMAL, "-10", Relation.LESS, "-9"),
          new Case(LONG_DECIMAL, "9", Relation.LESS, "9.000000000000000000000000000001"),
          new Case(
              LONG_DECIMAL,
              "99999999999999999999999999999999998.9",
              Relation.LESS,
              "99999999999999999999999999999999999"),
          new Case(CENTS, "1", Relation.EQUAL, "1.00"),
          new Case(CENTS, "9.5", Relation.LESS, "10"),
          new Case(ColumnType.of(MysqlType.DOUBLE), "1e1", Relation.EQUAL, "10"),
          new Case(ColumnType.of(MysqlType.DOUBLE), "9", Relation.LESS, "1e1"),
          new Case(
              ColumnType.unsigned(MysqlType.BIGINT),
              "9223372036854775807",
              Relation.LESS,
              "18446744073709551615"),
          new Case(TEXT, "a", Relation.DIFFERENT, "A"),
          new Case(TEXT, "a", Relation.DIFFERENT, "a "),
          new Case(TEXT, "e", Relation.DIFFERENT, "é"),
          new Case(TEXT, "", Relation.DIFFERENT, null),
          new Case(TEXT, null, Relation.EQUAL, null),
          new Case(TEXT, "10", Relation.LESS, "9"),
          new Case(BYTES, "a", Relation.LESS, "a\u0000"),
          new Case(BYTES, "B", Relation.LESS, "a"),
          new Case(MICROS, "2024-01-01 00:00:00", Relation.EQUAL, "2024-01-01 00:00:00.000000"),
          new Case(MICROS, "2024-01-01 00:00:00", Relation.LESS, "2024-01-01 00:00:00.000001"));

  private static Stream<Object[]> everyCaseEverywhere() {
    return Stream.of(Place.values())
        .flatMap(place -> CASES.stream().map(each -> new Object[] {place, each}));
  }

  @ParameterizedTest
  @MethodSource("everyCaseEverywhere")
  void valuesCompareTheSameEverywhere(Place place, Case each) throws Exception {
    String versions = "values_versions_of_" + CASES.indexOf(each);
    LoadSpec spec = spec(versions, WriteStrategy.SCD2, "id");
    load(place, spec, each.type(), row("1", each.one(), "one"));
    load(
        place,
        spec(versions, WriteStrategy.SCD2, "id"),
        each.type(),
        row("1", each.other(), "one"));
    assertThat(place.rows(folder, "SELECT id FROM " + versions))
        .hasSize(each.relation() == Relation.EQUAL ? 1 : 2);

    if (each.relation() == Relation.EQUAL && each.one() != null) {
      String keyed = "values_keyed_by_" + CASES.indexOf(each);
      load(
          place,
          spec(keyed, WriteStrategy.MERGE, "v"),
          each.type(),
          row("1", each.other(), "one"),
          row("2", each.one(), "two"));
      load(place, spec(keyed, WriteStrategy.MERGE, "v"), each.type(), row("3", each.other(), "x"));
      assertThat(names(place, keyed)).containsExactly("x");
    }
    if (each.relation() == Relation.LESS) {
      String ordered = "values_ordered_by_" + CASES.indexOf(each);
      load(
          place,
          spec(ordered, WriteStrategy.MERGE, "id").withIncrementalKey("v"),
          each.type(),
          row("1", each.other(), "higher"),
          row("1", each.one(), "lower"));
      assertThat(names(place, ordered)).containsExactly("higher");
    }
  }

  private static LoadSpec spec(String table, WriteStrategy strategy, String key) {
    return LoadSpec.of(UUID.randomUUID().toString())
        .withTable(new TargetTable("", table))
        .withStrategy(strategy)
        .withPrimaryKey(List.of(key));
  }

  private static List<String> names(Place place, String table) throws SQLException {
    return place.rows(folder, "SELECT name FROM " + table).stream().map(row -> row.get(0)).toList();
  }

  private static List<String> row(String... values) {
    return Arrays.asList(values);
  }

  @SafeVarargs
  private static void load(Place place, LoadSpec spec, ColumnType type, List<String>... rows) {
    TableSchema schema =
        new TableSchema(
            "shop",
            "source",
            List.of(
                new Column("id", ColumnType.of(MysqlType.INT), true),
                new Column("v", type, true),
                new Column("name", ColumnType.of(MysqlType.VARCHAR, 20), true)),
            List.of());
    BlockBuilder block = new BlockBuilder(schema, 1024);
    for (List<String> row : rows) {
      block.startRow();
      for (String value : row) {
        if (value == null) {
          block.addNull();
        } else {
          byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
          block.addValue(bytes, 0, bytes.length);
        }
      }
    }
    Place.load(
        place.destination(folder).loader(spec),
        List.of(
            block.build(new Origin(5, 0, 1, 0, -1, "")),
            Block.closing(schema, new Origin(5, 0, 1, 1, rows.length, ""))));
  }
}
