package io.vitessbeam.write.postgresql;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.CommonType;
import io.vitessbeam.schema.MysqlType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link CommonType} is in PostgreSQL, by the names that {@code format_type} gives. */
final class WiderType {

  private static final String TEXT = "text";
  private static final String BOOLEAN = "boolean";
  private static final String NUMERIC = "numeric";
  private static final String BYTES = "bytea";

  /** A name, its length or precision, its scale, and whether a timestamp has a zone. */
  private static final Pattern FORM =
      Pattern.compile("([a-z ]+?)(?:\\((\\d+)(?:,(-?\\d+))?\\))?( with(?:out)? time zone)?");

  private static final int FULL_FRACTION = 6;
  private static final int MOST_DIGITS = 1000;

  private WiderType() {}

  /**
   * The type that holds the values of two; nothing if none does.
   *
   * @param present type of a column
   * @param wanted type of the values that it is to hold too
   */
  static Optional<String> of(String present, String wanted) {
    // Whoever made it jsonb wants it so.
    if (present.equals(wanted) || (present.equals("jsonb") && wanted.equals("json"))) {
      return Optional.of(present);
    }
    Optional<ColumnType> from = parse(present);
    Optional<ColumnType> to = parse(wanted);
    if (present.equals(NUMERIC) || wanted.equals(NUMERIC)) {
      ColumnType other = present.equals(NUMERIC) ? to.orElse(null) : from.orElse(null);
      return of(present.equals(NUMERIC) ? wanted : present, other);
    }
    if (from.isEmpty() || to.isEmpty()) {
      boolean printed = isPrinted(present) && isPrinted(wanted);
      return printed ? Optional.of(TEXT) : Optional.empty();
    }
    return CommonType.of(from.get(), to.get())
        .map(
            common ->
                common.base() == MysqlType.DECIMAL
                    ? numeric(common)
                    : common.equals(from.get())
                        ? present
                        : common.equals(to.get()) ? wanted : common.base().postgresql(common));
  }

  /** A number of any size, and a value of another type. */
  private static Optional<String> of(String name, ColumnType other) {
    if (other == null) {
      return isPrinted(name) ? Optional.of(TEXT) : Optional.empty();
    }
    return CommonType.of(ColumnType.decimal(1, 0), other)
        .map(common -> common.base() == MysqlType.DECIMAL ? NUMERIC : TEXT);
  }

  private static String numeric(ColumnType decimal) {
    return decimal.length() > MOST_DIGITS ? NUMERIC : decimal.base().postgresql(decimal);
  }

  private static boolean isPrinted(String type) {
    return !type.equals(BYTES) && !type.endsWith("[]");
  }

  /** A value of one type as the wider one holds it: a boolean is 1 or 0 in all others. */
  static String cast(String expression, String from, String wider) {
    boolean number = from.equals(BOOLEAN) && !wider.equals(BOOLEAN);
    return "CAST(" + (number ? expression + "::integer" : expression) + " AS " + wider + ")";
  }

  /** Nothing for types that MySQL has no counterpart of. */
  private static Optional<ColumnType> parse(String type) {
    Matcher form = FORM.matcher(type);
    if (!form.matches()) {
      return Optional.empty();
    }
    int length = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
    int fraction = form.group(2) == null ? FULL_FRACTION : length;
    String name = form.group(1) + (form.group(4) == null ? "" : form.group(4));
    return Optional.ofNullable(
        switch (name) {
          case BOOLEAN -> ColumnType.truth();
          case "smallint" -> ColumnType.of(MysqlType.SMALLINT);
          case "integer" -> ColumnType.of(MysqlType.INT);
          case "bigint" -> ColumnType.of(MysqlType.BIGINT);
          case NUMERIC -> length == 0 ? null : decimal(length, Integer.parseInt(form.group(3)));
          case "real" -> ColumnType.of(MysqlType.FLOAT);
          case "double precision" -> ColumnType.of(MysqlType.DOUBLE);
          case "date" -> ColumnType.of(MysqlType.DATE);
          case "timestamp without time zone" -> ColumnType.temporal(MysqlType.DATETIME, fraction);
          case "timestamp with time zone" -> ColumnType.temporal(MysqlType.TIMESTAMP, fraction);
          case "interval" -> length > 0 ? null : ColumnType.temporal(MysqlType.TIME, FULL_FRACTION);
          case "character" -> ColumnType.of(MysqlType.CHAR, length);
          case "character varying" ->
              length == 0
                  ? ColumnType.of(MysqlType.LONGTEXT)
                  : ColumnType.of(MysqlType.VARCHAR, length);
          case TEXT -> ColumnType.of(MysqlType.LONGTEXT);
          case "json", "jsonb" -> ColumnType.of(MysqlType.JSON);
          case BYTES -> ColumnType.of(MysqlType.LONGBLOB);
          default -> null;
        });
  }

  private static ColumnType decimal(int digits, int scale) {
    return scale < 0
        ? ColumnType.decimal(digits - scale, 0)
        : ColumnType.decimal(Math.max(digits, scale), scale);
  }
}
