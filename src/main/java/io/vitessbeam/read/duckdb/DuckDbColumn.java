package io.vitessbeam.read.duckdb;

import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The other direction of the type table: the MySQL type that holds a DuckDB type's values exactly,
 * and how DuckDB prints them. What MySQL has no type for becomes text, or JSON.
 *
 * @param cast SQL with {@code %s} for the column: gives text, or bytes
 */
public record DuckDbColumn(ColumnType type, ValueText text, String cast) {

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final int MOST_DECIMAL_DIGITS = 65;
  private static final int MOST_DECIMAL_SCALE = 30;
  private static final String TEXT = "CAST(%s AS VARCHAR)";

  /** SQL that prints a value. */
  String text(String expression) {
    return cast.replace("%s", expression);
  }

  /**
   * The column for a type.
   *
   * @param name as DESCRIBE prints it
   */
  public static DuckDbColumn of(String name) {
    if (name.endsWith("]")
        || name.startsWith("STRUCT(")
        || name.startsWith("MAP(")
        || name.startsWith("UNION(")) {
      return new DuckDbColumn(
          ColumnType.of(MysqlType.JSON), ValueText.JSON, "CAST(to_json(%s) AS VARCHAR)");
    }
    Matcher decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      return decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    return switch (name) {
      case "BOOLEAN" ->
          new DuckDbColumn(
              ColumnType.truth(), ValueText.PLAIN, "CAST(CAST(%s AS TINYINT) AS VARCHAR)");
      case "TINYINT" -> plain(ColumnType.of(MysqlType.TINYINT));
      case "SMALLINT" -> plain(ColumnType.of(MysqlType.SMALLINT));
      case "INTEGER" -> plain(ColumnType.of(MysqlType.INT));
      case "BIGINT" -> plain(ColumnType.of(MysqlType.BIGINT));
      case "UTINYINT" -> plain(ColumnType.unsigned(MysqlType.TINYINT));
      case "USMALLINT" -> plain(ColumnType.unsigned(MysqlType.SMALLINT));
      case "UINTEGER" -> plain(ColumnType.unsigned(MysqlType.INT));
      case "UBIGINT" -> plain(ColumnType.unsigned(MysqlType.BIGINT));
      case "HUGEINT", "UHUGEINT" -> decimal(39, 0);
      case "BIGNUM", "VARINT" -> decimal(MOST_DECIMAL_DIGITS, 0);
      case "FLOAT" ->
          // All digits, as MySQL's FLOAT is read too.
          new DuckDbColumn(
              ColumnType.of(MysqlType.FLOAT),
              ValueText.FLOATING,
              "CAST(CAST(%s AS DOUBLE) AS VARCHAR)");
      case "DOUBLE" -> form(ColumnType.of(MysqlType.DOUBLE), ValueText.FLOATING);
      case "DATE" -> form(ColumnType.of(MysqlType.DATE), ValueText.DATE);
      case "TIME", "TIME_NS" -> form(ColumnType.temporal(MysqlType.TIME, 6), ValueText.TIME);
      case "TIMESTAMP", "TIMESTAMP_NS" -> dateTime(6);
      case "TIMESTAMP_S" -> dateTime(0);
      case "TIMESTAMP_MS" -> dateTime(3);
      case "TIMESTAMP WITH TIME ZONE" ->
          form(ColumnType.temporal(MysqlType.TIMESTAMP, 6), ValueText.TIMESTAMP);
      case "UUID" -> plain(ColumnType.of(MysqlType.CHAR, 36));
      case "JSON" -> form(ColumnType.of(MysqlType.JSON), ValueText.JSON);
      case "BLOB" -> new DuckDbColumn(ColumnType.of(MysqlType.LONGBLOB), ValueText.PLAIN, "%s");
      case "TIME WITH TIME ZONE" -> plain(ColumnType.of(MysqlType.VARCHAR, 32));
      case "INTERVAL" -> plain(ColumnType.of(MysqlType.VARCHAR, 80));
      default -> plain(ColumnType.of(MysqlType.LONGTEXT));
    };
  }

  private static DuckDbColumn decimal(int precision, int scale) {
    if (scale > MOST_DECIMAL_SCALE) {
      return form(ColumnType.decimal(MOST_DECIMAL_DIGITS, MOST_DECIMAL_SCALE), ValueText.DECIMAL);
    }
    // Without room for it DuckDB prints no zero before the point.
    String cast =
        scale < precision
            ? TEXT
            : "CAST(CAST(%s AS DECIMAL(" + (precision + 1) + "," + scale + ")) AS VARCHAR)";
    return new DuckDbColumn(ColumnType.decimal(precision, scale), ValueText.DECIMAL, cast);
  }

  private static DuckDbColumn dateTime(int fraction) {
    return form(ColumnType.temporal(MysqlType.DATETIME, fraction), ValueText.DATETIME);
  }

  private static DuckDbColumn plain(ColumnType type) {
    return form(type, ValueText.PLAIN);
  }

  private static DuckDbColumn form(ColumnType type, ValueText text) {
    return new DuckDbColumn(type, text, TEXT);
  }
}
