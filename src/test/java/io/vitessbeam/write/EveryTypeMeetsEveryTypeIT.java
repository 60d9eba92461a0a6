package io.vitessbeam.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.CommonType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.TableRows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Columns of each type, with the values at its bounds, are loaded into columns of every type, that
 * hold theirs: all come back equal, or the load is refused before the table changes.
 */
class EveryTypeMeetsEveryTypeIT {

  /** Of bytes the values are in hexadecimal. */
  private record Typed(ColumnType type, List<String> values) {
    @Override
    public String toString() {
      return type.base()
          + (type.unsigned() ? " UNSIGNED " : " ")
          + type.length()
          + ","
          + type.scale();
    }
  }

  private static Typed typed(ColumnType type, String... values) {
    return new Typed(type, List.of(values));
  }

  private static ColumnType of(MysqlType type) {
    return ColumnType.of(type);
  }

  private static final List<Typed> TYPES =
      List.of(
          typed(ColumnType.truth(), "0", "1"),
          typed(of(MysqlType.TINYINT), "-128", "127", "0"),
          typed(ColumnType.unsigned(MysqlType.TINYINT), "0", "255"),
          typed(of(MysqlType.SMALLINT), "-32768", "32767"),
          typed(ColumnType.unsigned(MysqlType.SMALLINT), "0", "65535"),
          typed(of(MysqlType.MEDIUMINT), "-8388608", "8388607"),
          typed(ColumnType.unsigned(MysqlType.MEDIUMINT), "0", "16777215"),
          typed(of(MysqlType.INT), "-2147483648", "2147483647"),
          typed(ColumnType.unsigned(MysqlType.INT), "0", "4294967295"),
          typed(of(MysqlType.BIGINT), "-9223372036854775808", "9223372036854775807"),
          typed(ColumnType.unsigned(MysqlType.BIGINT), "0", "18446744073709551615"),
          typed(of(MysqlType.YEAR), "1901", "2155"),
          typed(ColumnType.of(MysqlType.BIT, 8), "00", "41", "ff"),
          typed(ColumnType.of(MysqlType.BIT, 64), "0000000000000041", "ffffffffffffffff"),
          typed(ColumnType.decimal(10, 2), "-99999999.99", "0.01", "0.00"),
          typed(ColumnType.decimal(30, 30), "-0.000000000000000000000000000001"),
          typed(ColumnType.decimal(38, 0), "99999999999999999999999999999999999999", "-1"),
          typed(
              ColumnType.decimal(65, 30),
              "-99999999999999999999999999999999999.999999999999999999999999999999",
              "0.000000000000000000000000000001"),
          typed(of(MysqlType.FLOAT), "0.10000000149011612", "16777216", "-3.4028234663852886e38"),
          typed(of(MysqlType.DOUBLE), "0.1", "1.7976931348623157e308", "-2.2250738585072014e-308"),
          typed(of(MysqlType.DATE), "1000-01-01", "9999-12-31"),
          typed(of(MysqlType.DATETIME), "1000-01-01 00:00:00", "9999-12-31 23:59:59"),
          typed(
              ColumnType.temporal(MysqlType.DATETIME, 6),
              "1000-01-01 00:00:00.000001",
              "9999-12-31 23:59:59.999999"),
          typed(
              ColumnType.temporal(MysqlType.TIMESTAMP, 6),
              "1970-01-01 00:00:01.000001",
              "2038-01-19 03:14:07.999999"),
          typed(
              ColumnType.temporal(MysqlType.TIME, 6),
              "-838:59:59.000000",
              "838:59:59.000000",
              "00:00:00.000001"),
          typed(ColumnType.of(MysqlType.CHAR, 3), "", "\u00e4 b", "a"),
          typed(ColumnType.of(MysqlType.VARCHAR, 9), "a ", " \uD83D\uDE00  ", "1.50", "A"),
          typed(of(MysqlType.TINYTEXT), "t ", " "),
          typed(of(MysqlType.LONGTEXT), "x\n ", "\\xc3a4", "\u00e4".repeat(70_000)),
          typed(ColumnType.labelled(MysqlType.ENUM, List.of("b", "a")), "a", "b"),
          typed(ColumnType.labelled(MysqlType.ENUM, List.of("c", "a")), "c"),
          typed(ColumnType.labelled(MysqlType.SET, List.of("b", "a")), "b,a", ""),
          typed(ColumnType.labelled(MysqlType.SET, List.of("a", "b")), "a,b"),
          typed(
              of(MysqlType.JSON),
              "{\"a\": [1, 1.5, \"\u00e4 \"]}",
              "null",
              "[730161.5516966507, 766435.9931926528, -0.30000000000000004,"
                  + " 1.7976931348623157e308]"),
          typed(ColumnType.of(MysqlType.BINARY, 3), "00ff41", "610000"),
          typed(ColumnType.of(MysqlType.VARBINARY, 9), "", "ff00", "c3a4"),
          typed(of(MysqlType.LONGBLOB), "61", "00".repeat(70_000)));

  /** Whether no column holds the values of both. */
  private static boolean refuses(Place place, ColumnType created, ColumnType comes) {
    // MySQL's own may hold other numbers.
    ColumnType there =
        place.ofMysql() && created.isTruth() ? ColumnType.of(MysqlType.TINYINT) : created;
    ColumnType common = CommonType.of(there, comes).orElse(null);
    if (common == null) {
      return true;
    }
    if (!place.ofMysql()) {
      return false;
    }
    if (isText(there)) {
      return comes.base() == MysqlType.FLOAT || comes.base() == MysqlType.BIT;
    }
    if (isMoment(there) && isMoment(comes)) {
      return false;
    }
    return (isText(common) && !(isTextual(there) && isTextual(comes)))
        || (common.base() == MysqlType.DOUBLE && IntegerRange.isOf(there))
        || (common.base() == MysqlType.DECIMAL && common.length() > 65);
  }

  private static String expression(Place place, String column, MysqlType type) {
    return switch (place) {
      case DUCKDB ->
          isBytes(type) ? "lower(hex(" + column + "))" : "CAST(" + column + " AS VARCHAR)";
      case POSTGRESQL -> isBytes(type) ? "encode(" + column + ", 'hex')" : column + "::text";
      case MYSQL, VITESS ->
          isBytes(type)
              ? "LOWER(HEX(" + column + "))"
              : switch (type) {
                case FLOAT -> "FORMAT(" + column + ", 30)";
                case BIT -> column + " + 0";
                default -> column;
              };
    };
  }

  private static boolean isText(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> true;
      default -> false;
    };
  }

  private static boolean isTextual(ColumnType type) {
    return switch (type.base()) {
      case ENUM, SET, JSON -> true;
      default -> isText(type);
    };
  }

  private static boolean isMoment(ColumnType type) {
    return switch (type.base()) {
      case DATE, DATETIME, TIMESTAMP -> true;
      default -> false;
    };
  }

  private static boolean isBytes(MysqlType type) {
    return type == MysqlType.BINARY || type == MysqlType.VARBINARY || type == MysqlType.LONGBLOB;
  }

  @TempDir private static Path folder;

  private static Stream<Object[]> everyTypeEverywhere() {
    return Stream.of(Place.values())
        .flatMap(
            place ->
                TYPES.stream()
                    // What a Vitess makes of types is MySQL's doing.
                    .filter(type -> place != Place.VITESS || TYPES.indexOf(type) % 4 == 1)
                    .map(type -> new Object[] {place, type}));
  }

  @ParameterizedTest
  @MethodSource("everyTypeEverywhere")
  void valuesComeBackEqualOrTheLoadIsRefused(Place place, Typed there) throws Exception {
    int index = TYPES.indexOf(there);
    String table = "meets_" + UUID.randomUUID().toString().substring(0, 8) + "_" + index;
    List<Typed> fitting =
        TYPES.stream().filter(comes -> !refuses(place, there.type(), comes.type())).toList();
    load(place, table, fitting.stream().map(comes -> there).toList(), 0);
    load(place, table, fitting, 100);

    List<List<String>> rows = rows(place, table, fitting.size());
    int old = there.values().size();
    for (int column = 0; column < fitting.size(); column++) {
      Typed comes = fitting.get(column);
      for (int row = 0; row < rows.size(); row++) {
        Typed origin = row < old ? there : comes;
        String expected =
            origin.values().get((row < old ? row : row - old) % origin.values().size());
        assertThat(canonical(origin.type(), rows.get(row).get(column)))
            .as("%s where %s are, row %d: %s", comes, there, row, rows.get(row).get(column))
            .isEqualTo(canonical(origin.type(), printed(origin.type(), expected)));
      }
    }

    drop(place, table);
    requireRefused(place, table, there, index);
  }

  private static void requireRefused(Place place, String table, Typed there, int index)
      throws SQLException {
    List<Typed> refused =
        TYPES.stream().filter(comes -> refuses(place, there.type(), comes.type())).toList();
    load(place, table, List.of(there), 0);
    List<String> before = columns(place, table);
    // A server says so as soon as it is asked; one of them is enough.
    for (Typed comes :
        place == Place.DUCKDB || refused.isEmpty()
            ? refused
            : List.of(refused.get(index % refused.size()))) {
      assertThatThrownBy(() -> load(place, table, List.of(comes), 200))
          .as("%s where %s are", comes, there)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("Column c0")
          .hasMessageContaining("does not take values of type");
    }
    assertThat(columns(place, table)).isEqualTo(before);
    drop(place, table);
  }

  private static void drop(Place place, String table) throws SQLException {
    place.execute(folder, "DROP TABLE " + table);
  }

  private static List<String> columns(Place place, String table) throws SQLException {
    try (Connection connection = place.connect(folder)) {
      return TableRows.of(
          connection,
          "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '"
              + table
              + "' ORDER BY 1");
    }
  }

  private static void load(Place place, String table, List<Typed> columns, int firstId) {
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(WriteStrategy.MERGE)
            .withPrimaryKey(List.of("id"));
    List<Column> all = new ArrayList<>();
    all.add(new Column("id", of(MysqlType.INT), false));
    for (int i = 0; i < columns.size(); i++) {
      all.add(new Column("c" + i, columns.get(i).type(), true));
    }
    TableSchema schema = new TableSchema("shop", "source", all, List.of("id"));
    int rows = columns.stream().mapToInt(column -> column.values().size()).max().orElseThrow();
    BlockBuilder block = new BlockBuilder(schema, 1 << 20);
    for (int row = 0; row < rows; row++) {
      block.startRow();
      add(block, of(MysqlType.INT), Integer.toString(firstId + row));
      for (Typed column : columns) {
        add(block, column.type(), column.values().get(row % column.values().size()));
      }
    }
    Loader loader = place.destination(folder).loader(spec);
    try {
      loader.stage(block.build(new Origin(5, 0, 1, 0, -1, "")));
      loader.publish(
          List.of(
              loader.stage(Block.closing(schema, new Origin(5, 0, 1, 1, rows, ""))).orElseThrow()));
    } catch (RuntimeException e) {
      place.destination(folder).abort(spec.runId());
      throw e;
    } finally {
      loader.release();
    }
  }

  private static void add(BlockBuilder block, ColumnType type, String value) {
    boolean hex = isBytes(type.base()) || type.base() == MysqlType.BIT;
    byte[] bytes = hex ? HexFormat.of().parseHex(value) : value.getBytes(StandardCharsets.UTF_8);
    block.addValue(bytes, 0, bytes.length);
  }

  private static List<List<String>> rows(Place place, String table, int columns)
      throws SQLException {
    try (Connection connection = place.connect(folder);
        Statement statement = connection.createStatement()) {
      statement.execute(
          place.ofMysql()
              ? "SET time_zone = '+00:00'"
              : place == Place.DUCKDB
                  ? "SET TimeZone = 'UTC'"
                  : "SET TIME ZONE 'UTC'; SET extra_float_digits = 3; SET intervalstyle ="
                      + " 'postgres'");
      List<MysqlType> types = new ArrayList<>();
      try (ResultSet names = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
        for (int i = 0; i < columns; i++) {
          types.add(readAs(names.getMetaData().getColumnTypeName(i + 2)));
        }
      }
      List<String> expressions =
          IntStream.range(0, columns)
              .mapToObj(i -> expression(place, "c" + i, types.get(i)))
              .toList();
      List<List<String>> rows = new ArrayList<>();
      try (ResultSet result =
          statement.executeQuery(
              "SELECT " + String.join(", ", expressions) + " FROM " + table + " ORDER BY id")) {
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  private static MysqlType readAs(String typeName) {
    String name = typeName.toUpperCase(java.util.Locale.ROOT);
    return name.contains("BLOB") || name.contains("BINARY") || name.equals("BYTEA")
        ? MysqlType.LONGBLOB
        : name.startsWith("FLOAT")
            ? MysqlType.FLOAT
            : name.equals("BIT") ? MysqlType.BIT : MysqlType.LONGTEXT;
  }

  /** Bits as the number that they are. */
  private static String printed(ColumnType type, String value) {
    return type.base() == MysqlType.BIT ? new BigInteger(value, 16).toString() : value;
  }

  /** What is the same for all that print a value of a type. */
  private static Object canonical(ColumnType type, String text) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, BIT, DECIMAL ->
          new BigDecimal(text.equals("true") ? "1" : text.equals("false") ? "0" : text)
              .stripTrailingZeros();
      case FLOAT -> Float.parseFloat(text.replace(",", ""));
      case DOUBLE -> Double.parseDouble(text);
      case DATE -> text.replaceFirst(" 00:00:00(\\.0+)?$", "");
      case DATETIME, TIMESTAMP, TIME ->
          text.replaceFirst("\\+00$", "")
              .replaceFirst("(\\.\\d*?)0+$", "$1")
              .replaceFirst("\\.$", "");
      default -> text;
    };
  }
}
