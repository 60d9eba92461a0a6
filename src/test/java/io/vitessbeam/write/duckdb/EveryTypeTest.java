package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What MySQL prints, and what DuckDB then prints. */
class EveryTypeTest {

  /** Texts that start with this are the hexadecimal digits of bytes. */
  private static final String HEX = "hex:";

  @TempDir private Path directory;

  record RoundTrip(ColumnType type, String duckDbType, List<String> values) {}

  /** Values come in pairs: as sent, as DuckDB shows them when cast to text. */
  private static RoundTrip type(ColumnType type, String duckDbType, String... values) {
    return new RoundTrip(type, duckDbType, List.of(values));
  }

  private static ColumnType of(MysqlType type) {
    return ColumnType.of(type);
  }

  static Stream<RoundTrip> types() {
    String longText = "ü😀".repeat(3000);
    return Stream.of(
        type(of(MysqlType.TINYINT), "TINYINT", "-128", "-128", "127", "127", "007", "7"),
        type(ColumnType.unsigned(MysqlType.TINYINT), "UTINYINT", "0", "0", "255", "255"),
        type(of(MysqlType.SMALLINT), "SMALLINT", "-32768", "-32768", "32767", "32767"),
        type(ColumnType.unsigned(MysqlType.SMALLINT), "USMALLINT", "65535", "65535"),
        type(of(MysqlType.MEDIUMINT), "INTEGER", "-8388608", "-8388608", "8388607", "8388607"),
        type(ColumnType.unsigned(MysqlType.MEDIUMINT), "UINTEGER", "16777215", "16777215"),
        type(
            of(MysqlType.INT), "INTEGER", "-2147483648", "-2147483648", "2147483647", "2147483647"),
        type(ColumnType.unsigned(MysqlType.INT), "UINTEGER", "4294967295", "4294967295"),
        type(
            of(MysqlType.BIGINT),
            "BIGINT",
            "-9223372036854775808",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775807"),
        type(
            ColumnType.unsigned(MysqlType.BIGINT),
            "UBIGINT",
            "0",
            "0",
            "9223372036854775808",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551615"),
        type(of(MysqlType.YEAR), "SMALLINT", "0000", "0", "1901", "1901", "2155", "2155"),
        type(ColumnType.decimal(4, 1), "DECIMAL(4,1)", "-999.9", "-999.9", "-.5", "-0.5"),
        type(ColumnType.decimal(9, 0), "DECIMAL(9,0)", "999999999", "999999999", "-1", "-1"),
        type(
            ColumnType.decimal(12, 2),
            "DECIMAL(12,2)",
            "0.00",
            "0.00",
            "-9999999999.99",
            "-9999999999.99"),
        type(
            ColumnType.decimal(18, 18),
            "DECIMAL(18,18)",
            "0.999999999999999999",
            ".999999999999999999",
            "-0.000000000000000001",
            "-.000000000000000001"),
        type(
            ColumnType.decimal(19, 4),
            "DECIMAL(19,4)",
            "-999999999999999.9999",
            "-999999999999999.9999",
            "7",
            "7.0000"),
        type(
            ColumnType.decimal(38, 10),
            "DECIMAL(38,10)",
            "9999999999999999999999999999.9999999999",
            "9999999999999999999999999999.9999999999",
            "-9999999999999999999999999999.9999999999",
            "-9999999999999999999999999999.9999999999",
            "-0.0000000001",
            "-0.0000000001"),
        type(
            ColumnType.decimal(65, 30),
            "VARCHAR",
            "-99999999999999999999999999999999999.999999999999999999999999999999",
            "-99999999999999999999999999999999999.999999999999999999999999999999"),
        type(
            of(MysqlType.FLOAT),
            "FLOAT",
            "16777216",
            "16777216.0",
            "3.4028234663852886e38",
            "3.4028235e+38",
            "0.10000000149011612",
            "0.1"),
        type(
            of(MysqlType.DOUBLE),
            "DOUBLE",
            "1.7976931348623157e308",
            "1.7976931348623157e+308",
            "-2.2250738585072014E-308",
            "-2.2250738585072014e-308",
            "0.1",
            "0.1",
            "-0",
            "-0.0"),
        type(ColumnType.of(MysqlType.BIT, 1), "UBIGINT", "hex:01", "1", "hex:00", "0"),
        type(
            ColumnType.of(MysqlType.BIT, 64),
            "UBIGINT",
            "hex:ffffffffffffffff",
            "18446744073709551615"),
        type(
            of(MysqlType.DATE),
            "DATE",
            "1000-01-01",
            "1000-01-01",
            "9999-12-31",
            "9999-12-31",
            "2024-02-29",
            "2024-02-29",
            "0001-01-01",
            "0001-01-01"),
        type(
            ColumnType.temporal(MysqlType.DATETIME, 6),
            "TIMESTAMP",
            "1000-01-01 00:00:00.000000",
            "1000-01-01 00:00:00",
            "9999-12-31 23:59:59.999999",
            "9999-12-31 23:59:59.999999",
            "1969-12-31 23:59:59.1",
            "1969-12-31 23:59:59.1"),
        type(
            ColumnType.temporal(MysqlType.TIMESTAMP, 6),
            "TIMESTAMP WITH TIME ZONE",
            "1970-01-01 00:00:01",
            "1970-01-01 00:00:01+00",
            "2038-01-19 03:14:07.999999",
            "2038-01-19 03:14:07.999999+00"),
        type(
            ColumnType.temporal(MysqlType.TIME, 6),
            "INTERVAL",
            "-838:59:59.999999",
            "-838:59:59.999999",
            "838:59:59.000000",
            "838:59:59",
            "-00:00:00.000001",
            "-00:00:00.000001"),
        type(ColumnType.of(MysqlType.CHAR, 10), "VARCHAR", "", "", "a'b\"c\\", "a'b\"c\\"),
        type(ColumnType.of(MysqlType.VARCHAR, 10), "VARCHAR", "日本語", "日本語", "a\0b", "a\0b"),
        type(of(MysqlType.LONGTEXT), "VARCHAR", longText, longText, "", "", "x", "x"),
        type(ColumnType.labelled(MysqlType.ENUM, List.of("a", "b")), "VARCHAR", "a", "a", "", ""),
        type(ColumnType.labelled(MysqlType.SET, List.of("a", "b")), "VARCHAR", "a,b", "a,b"),
        type(
            of(MysqlType.JSON),
            "JSON",
            "{\"b\": 1, \"a\": [1, null]}",
            "{\"b\": 1, \"a\": [1, null]}",
            "null",
            "null",
            "\"x\"",
            "\"x\""),
        type(ColumnType.of(MysqlType.BINARY, 4), "BLOB", "hex:00ff4100", "hex:00ff4100"),
        type(ColumnType.of(MysqlType.VARBINARY, 4), "BLOB", "hex:", "hex:", "hex:80", "hex:80"),
        type(
            of(MysqlType.LONGBLOB),
            "BLOB",
            "hex:" + "fe".repeat(70_000),
            "hex:" + "fe".repeat(70_000)),
        type(of(MysqlType.GEOMETRY), "BLOB", "hex:000000000101", "hex:000000000101"),
        type(of(MysqlType.VECTOR), "BLOB", "hex:0000803f", "hex:0000803f"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void valuesAndNullArriveExactly(RoundTrip trip) throws Exception {
    DatabaseFile database = new DatabaseFile(directory);
    List<byte[]> sent = new ArrayList<>();
    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < trip.values().size(); i += 2) {
      sent.add(bytes(trip.values().get(i)));
      expected.add(trip.values().get(i + 1));
      sent.add(null);
      expected.add(null);
    }

    database.load("run", "t", Rows.ofColumn(new Column("c", trip.type(), true), sent));

    String shown =
        trip.duckDbType().equals("BLOB") ? "'" + HEX + "' || lower(hex(c))" : "c::VARCHAR";
    assertThat(database.query("SET TimeZone = 'UTC'; SELECT " + shown + " FROM t"))
        .isEqualTo(expected);
    assertThat(database.query("SELECT data_type, is_nullable FROM information_schema.columns"))
        .containsExactly(trip.duckDbType(), "YES");
  }

  private static byte[] bytes(String value) {
    return value.startsWith(HEX)
        ? HexFormat.of().parseHex(value.substring(HEX.length()))
        : value.getBytes(StandardCharsets.UTF_8);
  }
}
