package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.CommonType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.schema.MysqlType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link CommonType} is in DuckDB, by the names of its catalog. */
final class DuckDbWiderType {

  private static final String BOOLEAN = "BOOLEAN";
  private static final String HUGEINT = "HUGEINT";
  private static final String TEXT = "VARCHAR";
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

  /** Types of the user's that print as the texts that they were. */
  private static final Pattern PRINTED =
      Pattern.compile("UUID|UHUGEINT|BIGNUM|VARINT|TIME|TIMESTAMP_NS|ENUM\\(.*\\)");

  private DuckDbWiderType() {}

  /**
   * The type that holds the values of two; nothing if none does.
   *
   * @param present type of a column
   * @param wanted type of the values that it is to hold too
   */
  static Optional<String> of(String present, String wanted) {
    String a = normal(present);
    String b = normal(wanted);
    // A TINYINT may be MySQL's truth, see cast().
    if (a.equals(b) || (a.equals(BOOLEAN) && b.equals("TINYINT"))) {
      return Optional.of(present);
    }
    Optional<ColumnType> from = parse(a);
    Optional<ColumnType> to = parse(b);
    if (from.isEmpty() || to.isEmpty()) {
      boolean printed = isPrinted(a, from) && isPrinted(b, to);
      return printed ? Optional.of(TEXT) : Optional.empty();
    }
    return CommonType.of(from.get(), to.get())
        .map(common -> name(common, from.get(), to.get(), present, b));
  }

  private static String name(
      ColumnType common, ColumnType from, ColumnType to, String present, String wanted) {
    if (common.equals(from)) {
      return present;
    }
    if (common.equals(to)) {
      return wanted;
    }
    boolean integers = isInteger(from) && isInteger(to);
    return integers && common.base() == MysqlType.DECIMAL ? HUGEINT : common.base().duckDb(common);
  }

  private static boolean isInteger(ColumnType type) {
    return IntegerRange.isOf(type) || type.equals(parse(HUGEINT).orElseThrow());
  }

  /**
   * A value of one type as a wider one holds it: a truth is 1 or 0 in all others, and only these
   * two are truths.
   */
  static String cast(String expression, String from, String wider) {
    boolean truth = wider.equals(BOOLEAN) && !from.equals(BOOLEAN);
    boolean number = from.equals(BOOLEAN) && !wider.equals(BOOLEAN);
    // Of a text DuckDB says what is no truth; of a number everything but 0 is true.
    String value = truth ? "CAST(%s AS VARCHAR)" : number ? "CAST(%s AS TINYINT)" : "%s";
    return "CAST(" + value.formatted(expression) + " AS " + wider + ")";
  }

  /** The catalog's name of a type. */
  private static String normal(String type) {
    return type.equals("TIMESTAMPTZ") ? "TIMESTAMP WITH TIME ZONE" : type;
  }

  private static boolean isPrinted(String type, Optional<ColumnType> parsed) {
    return parsed.isPresent() ? !type.equals("BLOB") : PRINTED.matcher(type).matches();
  }

  /** Nothing for types that MySQL has no counterpart of. */
  private static Optional<ColumnType> parse(String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return Optional.of(
          ColumnType.decimal(
              Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2))));
    }
    return Optional.ofNullable(
        switch (type) {
          case BOOLEAN -> ColumnType.truth();
          case "TINYINT" -> ColumnType.of(MysqlType.TINYINT);
          case "SMALLINT" -> ColumnType.of(MysqlType.SMALLINT);
          case "INTEGER" -> ColumnType.of(MysqlType.INT);
          case "BIGINT" -> ColumnType.of(MysqlType.BIGINT);
          case "UTINYINT" -> ColumnType.unsigned(MysqlType.TINYINT);
          case "USMALLINT" -> ColumnType.unsigned(MysqlType.SMALLINT);
          case "UINTEGER" -> ColumnType.unsigned(MysqlType.INT);
          case "UBIGINT" -> ColumnType.unsigned(MysqlType.BIGINT);
          case HUGEINT -> ColumnType.decimal(39, 0);
          case "FLOAT" -> ColumnType.of(MysqlType.FLOAT);
          case "DOUBLE" -> ColumnType.of(MysqlType.DOUBLE);
          case "DATE" -> ColumnType.of(MysqlType.DATE);
          case "TIMESTAMP_S" -> ColumnType.temporal(MysqlType.DATETIME, 0);
          case "TIMESTAMP_MS" -> ColumnType.temporal(MysqlType.DATETIME, 3);
          case "TIMESTAMP" -> ColumnType.temporal(MysqlType.DATETIME, 6);
          case "TIMESTAMP WITH TIME ZONE" -> ColumnType.temporal(MysqlType.TIMESTAMP, 6);
          case "INTERVAL" -> ColumnType.temporal(MysqlType.TIME, 6);
          case TEXT -> ColumnType.of(MysqlType.LONGTEXT);
          case "JSON" -> ColumnType.of(MysqlType.JSON);
          case "BLOB" -> ColumnType.of(MysqlType.LONGBLOB);
          default -> null;
        });
  }
}
