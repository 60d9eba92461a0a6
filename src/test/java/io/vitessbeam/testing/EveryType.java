package io.vitessbeam.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A table with a column of every MySQL type, and what its values are in a Beam Row. The
 * expectations are written out by hand, so that they hang on nothing that is tested.
 */
public final class EveryType {

  /** Quotes, backslash, NUL, white space, wildcards, right-to-left, combining and 4-byte text. */
  public static final String HOSTILE =
      "'\"`\\\0\n\r\t\u001a%_ é e\u0301 שלום \u202e 😀👩‍👩‍👧 \uD84C\uDFB4 ''; -- /*";

  /** A value as SQL and as it comes out. */
  public record Value(String sql, Object expected) {}

  /** A column with some of its values. */
  public record TypedColumn(String name, String definition, List<Value> values) {

    /** The value of the n-th row; the values come round again. */
    public Value at(int row) {
      return values.get(row % values.size());
    }
  }

  private final List<TypedColumn> columns = new ArrayList<>();

  private EveryType() {}

  /** Without the labels that MySQL can't print, or might not: streams of them are refused. */
  public static List<TypedColumn> streamed() {
    return columns().stream()
        .filter(column -> !column.definition().matches("(ENUM|SET).*(\\?|😎).*"))
        .toList();
  }

  public static List<TypedColumn> columns() {
    EveryType all = new EveryType();
    all.integers();
    all.decimals();
    all.floats();
    all.temporals();
    all.texts();
    all.binaries();
    all.labels();
    all.others();
    return List.copyOf(all.columns);
  }

  private void integers() {
    add("TINYINT", "-128", (byte) -128, "127", (byte) 127, "0", (byte) 0);
    add("TINYINT(1)", "1", (byte) 1, "5", (byte) 5);
    add("TINYINT UNSIGNED", "255", (short) 255, "0", (short) 0);
    add("SMALLINT", "-32768", (short) -32768, "32767", (short) 32767);
    add("SMALLINT UNSIGNED", "65535", 65535, "0", 0);
    add("MEDIUMINT", "-8388608", -8388608, "8388607", 8388607);
    add("MEDIUMINT UNSIGNED", "16777215", 16777215, "0", 0);
    add("INT", "-2147483648", Integer.MIN_VALUE, "2147483647", Integer.MAX_VALUE);
    add("INT UNSIGNED", "4294967295", 4294967295L, "0", 0L);
    add("INT(8) ZEROFILL", "42", 42L, "4294967295", 4294967295L);
    add("BIGINT", "-9223372036854775808", Long.MIN_VALUE, "9223372036854775807", Long.MAX_VALUE);
    add("BIGINT UNSIGNED", "18446744073709551615", dec("18446744073709551615"), "0", dec("0"));
    add("BIGINT(20) ZEROFILL", "7", dec("7"), "18446744073709551615", dec("18446744073709551615"));
    add("YEAR", "1901", (short) 1901, "2155", (short) 2155, "0", (short) 0);
    add("BIT(1)", "b'1'", bytes(1), "b'0'", bytes(0));
    add("BIT(12)", "b'101010101010'", bytes(0x0a, 0xaa), "b'100111'", bytes(0, 0x27));
    add("BIT(64)", "~0", bytes(255, 255, 255, 255, 255, 255, 255, 255));
  }

  private void decimals() {
    String digits = "12345678901234567890123456789012345.678901234567890123456789012345";
    add("DECIMAL(65,30)", digits, dec(digits), "-" + digits, dec("-" + digits));
    add("DECIMAL(20,6)", "-0.000001", dec("-0.000001"), "0", dec("0.000000"));
    add("DECIMAL(10,0)", "9999999999", dec("9999999999"));
    add("DECIMAL(30,30)", "-0." + "9".repeat(30), dec("-0." + "9".repeat(30)));
    add("DECIMAL(8,2) UNSIGNED ZEROFILL", "1.5", dec("1.50"));
  }

  private void floats() {
    // Between quotes: vtgate makes CAST(… AS DOUBLE) of such literals, which MySQL 8.0.15 does not
    // know.
    add("FLOAT", "'16777217'", 16777216f, "'0.1'", 0.1f, "'123456.789'", 123456.79f);
    add("FLOAT", "'3.4028234e38'", Float.MAX_VALUE, "'-3.4028234e38'", -Float.MAX_VALUE);
    add("FLOAT", "'1.4e-45'", Float.MIN_VALUE, "'0'", 0f, "'1.17549435e-38'", Float.MIN_NORMAL);
    add("FLOAT(7,3)", "'1234.567'", 1234.567f, "'0'", 0f);
    add("FLOAT UNSIGNED", "'8388608.5'", 8388608f);
    add("DOUBLE", "'1.7976931348623157e308'", Double.MAX_VALUE, "'1e300'", 1e300, "'0.1'", 0.1);
    add("DOUBLE", "'2.2250738585072014e-308'", Double.MIN_NORMAL, "'-0.0e0'", -0.0);
    add("DOUBLE(10,3)", "'-1234.5'", -1234.5, "'1'", 1.0);
    add("DOUBLE", "'9007199254740993e0'", 9007199254740992.0, "'0.30000000000000004'", 0.1 + 0.2);
  }

  private void temporals() {
    add("DATE", "'1000-01-01'", date("1000-01-01"), "'9999-12-31'", date("9999-12-31"));
    add("DATE", "'0001-01-01'", date("0001-01-01"), "'2024-02-29'", date("2024-02-29"));
    add("DATETIME", "'2024-02-29 23:59:59'", time("2024-02-29T23:59:59"));
    add("DATETIME(3)", "'1969-12-31 23:59:59.999'", time("1969-12-31T23:59:59.999"));
    add(
        "DATETIME(6)",
        "'9999-12-31 23:59:59.999999'",
        time("9999-12-31T23:59:59.999999"),
        "'1000-01-01 00:00:00.000001'",
        time("1000-01-01T00:00:00.000001"));
    add("TIMESTAMP", "'1970-01-01 00:00:01'", Instant.ofEpochSecond(1));
    add(
        "TIMESTAMP(6)",
        "'2038-01-19 03:14:07.999999'",
        Instant.parse("2038-01-19T03:14:07.999999Z"),
        "'2024-03-31 02:30:00.5'",
        Instant.parse("2024-03-31T02:30:00.500Z"));
    add("TIME", "'-838:59:59'", span("-PT838H59M59S"), "'838:59:59'", span("PT838H59M59S"));
    add(
        "TIME(6)",
        "'-00:00:00.000001'",
        Duration.ofNanos(-1000),
        "'25:00:00.123456'",
        span("PT25H0.123456S"),
        "'00:00:00'",
        Duration.ZERO);
    add("TIME(3)", "'-01:00:00.25'", span("-PT1H0.25S"));
  }

  private void texts() {
    add("VARCHAR(300) CHARACTER SET utf8mb4", text(HOSTILE), HOSTILE, "''", "", "'  x '", "  x ");
    add("CHAR(20) CHARACTER SET utf8mb4", "'ab  '", "ab", "' é😀'", " é😀", "''", "");
    add("VARCHAR(20) CHARACTER SET latin1", text("é€ÿ\\'"), "é€ÿ\\'");
    add("CHAR(20) CHARACTER SET latin1", "'Ærø'", "Ærø");
    add("VARCHAR(20) CHARACTER SET utf16", "'é😀'", "é😀", "''", "");
    add("VARCHAR(20) CHARACTER SET sjis", "'ソ表 x'", "ソ表 x");
    add("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "'aÀ😀 '", "aÀ😀 ");
    add("CHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "'Éx'", "Éx");
    add("VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin", "'é'", "é");
    add("CHAR(9) CHARACTER SET ascii", "'ascii'", "ascii");
    add("VARCHAR(9) CHARACTER SET utf8", "'é€'", "é€");
    add("TINYTEXT", text(HOSTILE), HOSTILE);
    add("TEXT CHARACTER SET latin1", "'é€'", "é€", "REPEAT('é', 60000)", "é".repeat(60000));
    add("TEXT CHARACTER SET utf16", "'é😀'", "é😀");
    add("TEXT COLLATE utf8mb4_bin", text(HOSTILE), HOSTILE, "''", "");
    add("MEDIUMTEXT", "REPEAT('x', 65535)", "x".repeat(65535), "REPEAT('y', 251)", "y".repeat(251));
    add("LONGTEXT", text(HOSTILE), HOSTILE, "REPEAT('z', 65536)", "z".repeat(65536));
  }

  private void binaries() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    byte[] most = Arrays.copyOf(all, 250);
    add("BINARY(8)", "X'0102'", bytes(1, 2, 0, 0, 0, 0, 0, 0), "''", new byte[8]);
    add("BINARY(16)", hex(Arrays.copyOfRange(all, 240, 256)), Arrays.copyOfRange(all, 240, 256));
    add("VARBINARY(300)", hex(all), all, "''", new byte[0], hex(most), most);
    add("TINYBLOB", hex(most), most);
    add("BLOB", hex(all), all, "X'C3'", bytes(0xc3));
    add("MEDIUMBLOB", "REPEAT(X'FB', 65536)", filled(65536, 0xfb));
    add("LONGBLOB", hex(all), all, "REPEAT(X'00', 70000)", new byte[70000]);
  }

  private void labels() {
    String labels = "('a','it''s','x,y','(z)','back\\\\slash','é😎','UPPER')";
    add("ENUM" + labels, "'a'", "a", "'it''s'", "it's", "'x,y'", "x,y");
    add("ENUM" + labels, "'(z)'", "(z)", "'back\\\\slash'", "back\\slash", "'é😎'", "é😎");
    add("ENUM('ä','ß') CHARACTER SET latin1", "'ß'", "ß", "''", "");
    add("ENUM('1','0')", "'0'", "0", "0", "");
    add("ENUM('a?','')", "'a?'", "a?", "''", "");
    add("SET('a','it''s','é')", "'a,é'", "a,é", "''", "", "'it''s'", "it's");
  }

  private void others() {
    add(
        "JSON",
        "'{\"b\": [1, 2.50, null], \"aa\": \"\\\\u00e9\"}'",
        "{\"b\": [1, 2.5, null], \"aa\": \"é\"}");
    add("JSON", "'null'", "null", "'\"\\\\\"😀\"'", "\"\\\"😀\"", "'[]'", "[]");
    add("GEOMETRY", "ST_GeomFromText('POINT(1 2)')", point(0, 1, 2));
    add("POINT", "ST_GeomFromText('POINT(-1.5 2)')", point(0, -1.5, 2));
    add("INT GENERATED ALWAYS AS (6 * 7) VIRTUAL", "DEFAULT", 42);
    add("VARCHAR(9) GENERATED ALWAYS AS (CONCAT('g', 1)) STORED", "DEFAULT", "g1");
  }

  private void add(String definition, Object... sqlAndExpected) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < sqlAndExpected.length; i += 2) {
      values.add(new Value((String) sqlAndExpected[i], sqlAndExpected[i + 1]));
    }
    columns.add(new TypedColumn("c" + (columns.size() + 1), definition, values));
  }

  private static String text(String value) {
    return "CONVERT(" + hex(value.getBytes(UTF_8)) + " USING utf8mb4)";
  }

  private static String hex(byte[] value) {
    return "X'" + HexFormat.of().formatHex(value) + "'";
  }

  private static BigDecimal dec(String value) {
    return new BigDecimal(value);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** MySQL's own format: the SRID, then well-known binary. */
  private static byte[] point(int srid, double x, double y) {
    return ByteBuffer.allocate(25)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(srid)
        .put((byte) 1)
        .putInt(1)
        .putDouble(x)
        .putDouble(y)
        .array();
  }

  private static LocalDate date(String value) {
    return LocalDate.parse(value);
  }

  private static LocalDateTime time(String value) {
    return LocalDateTime.parse(value);
  }

  private static Duration span(String value) {
    return Duration.parse(value);
  }
}
