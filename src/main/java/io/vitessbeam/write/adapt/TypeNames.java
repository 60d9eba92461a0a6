package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types that {@code --columns} knows, by their names there. Names stand for what they do in
 * ingestr: {@code int} has 64 bits, {@code timestamp} and {@code datetime} are moments in UTC.
 */
final class TypeNames {

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z0-9_]+)\\s*(?:\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\))?( unsigned)?");
  private static final int MOST_DIGITS = 65;
  private static final int MOST_SCALE = 30;

  private static final Map<String, ColumnType> NAMES = names();

  private TypeNames() {}

  private static Map<String, ColumnType> names() {
    Map<String, ColumnType> names = new TreeMap<>();
    add(names, ColumnType.truth(), "boolean", "bool");
    add(names, ColumnType.of(MysqlType.TINYINT), "tinyint", "int8");
    add(names, ColumnType.of(MysqlType.SMALLINT), "smallint", "int16");
    add(names, ColumnType.of(MysqlType.MEDIUMINT), "mediumint");
    add(names, ColumnType.of(MysqlType.INT), "int32");
    add(names, ColumnType.of(MysqlType.BIGINT), "bigint", "int", "integer", "int64", "long");
    add(names, ColumnType.of(MysqlType.FLOAT), "float", "real", "float32", "float4");
    add(names, ColumnType.of(MysqlType.DOUBLE), "double", "float64", "float8");
    add(names, ColumnType.decimal(38, 9), "decimal", "numeric");
    add(names, ColumnType.of(MysqlType.LONGTEXT), "text", "string", "varchar");
    add(names, ColumnType.of(MysqlType.LONGBLOB), "blob", "binary", "bytes", "varbinary");
    add(names, ColumnType.of(MysqlType.DATE), "date");
    add(names, ColumnType.temporal(MysqlType.TIME, 6), "time");
    add(names, ColumnType.temporal(MysqlType.TIMESTAMP, 6), "timestamp", "timestamptz", "datetime");
    add(names, ColumnType.temporal(MysqlType.DATETIME, 6), "timestamp_ntz", "timestampntz");
    add(names, ColumnType.of(MysqlType.JSON), "json", "jsonb");
    add(names, ColumnType.of(MysqlType.CHAR, 36), "uuid");
    return names;
  }

  private static void add(Map<String, ColumnType> names, ColumnType type, String... spellings) {
    for (String spelling : spellings) {
      names.put(spelling, type);
    }
  }

  /**
   * The type of a name, whose case doesn't count: {@code bigint}, {@code decimal(10,2)}, {@code
   * varchar(20)}, {@code bigint unsigned}.
   *
   * @throws ConfigurationException if there is none of this name, or it has no such length
   */
  static ColumnType parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    ColumnType type = form.matches() ? NAMES.get(form.group(1)) : null;
    if (type == null) {
      throw new ConfigurationException(
          "'%s' is no type; there are %s".formatted(text, String.join(", ", NAMES.keySet())));
    }
    if (form.group(4) != null) {
      type = unsigned(text, type);
    }
    if (form.group(2) == null) {
      return type;
    }
    int length = Integer.parseInt(form.group(2));
    return form.group(3) == null
        ? sized(text, type, length)
        : decimal(text, type, length, Integer.parseInt(form.group(3)));
  }

  private static ColumnType unsigned(String text, ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT -> ColumnType.unsigned(type.base());
      default -> throw wrong(text, "only integers are unsigned");
    };
  }

  private static ColumnType sized(String text, ColumnType type, int length) {
    return switch (type.base()) {
      case DECIMAL -> decimal(text, type, length, 0);
      case LONGTEXT -> {
        requireLength(text, length);
        yield ColumnType.of(MysqlType.VARCHAR, length);
      }
      case LONGBLOB -> {
        requireLength(text, length);
        yield ColumnType.of(MysqlType.VARBINARY, length);
      }
      case TIME, DATETIME, TIMESTAMP -> {
        if (length > 6) {
          throw wrong(text, "a second has 6 digits at most");
        }
        yield ColumnType.temporal(type.base(), length);
      }
      default -> throw wrong(text, "it takes no length");
    };
  }

  private static void requireLength(String text, int length) {
    if (length == 0) {
      throw wrong(text, "its length is 1 at least");
    }
  }

  private static ColumnType decimal(String text, ColumnType type, int precision, int scale) {
    if (type.base() != MysqlType.DECIMAL) {
      throw wrong(text, "only decimals have a scale");
    }
    if (precision < 1 || precision > MOST_DIGITS || scale > Math.min(precision, MOST_SCALE)) {
      throw wrong(text, "a decimal has 1 to 65 digits, up to 30 of them fractional");
    }
    return ColumnType.decimal(precision, scale);
  }

  private static ConfigurationException wrong(String text, String why) {
    return new ConfigurationException("'" + text + "' is no type: " + why);
  }

  /** As MySQL writes a type, for messages. */
  static String print(ColumnType type) {
    String name = type.base().name();
    String size =
        type.base() == MysqlType.DECIMAL
            ? "(" + type.length() + ", " + type.scale() + ")"
            : type.length() > 0
                ? "(" + type.length() + ")"
                : type.scale() > 0 ? "(" + type.scale() + ")" : "";
    return name + size + (type.unsigned() ? " UNSIGNED" : "");
  }
}
