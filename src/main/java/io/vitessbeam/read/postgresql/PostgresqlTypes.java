package io.vitessbeam.read.postgresql;

import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;

/**
 * The PostgreSQL side of the type table: each type becomes the MySQL type that holds its values
 * exactly; what MySQL has no type for becomes text as PostgreSQL prints it, or JSON.
 */
final class PostgresqlTypes {

  private static final int MOST_DECIMAL_DIGITS = 65;
  private static final int MOST_DECIMAL_SCALE = 30;

  /** Characters of a VARCHAR that fit a MySQL row, which has 65,535 bytes. */
  private static final int MOST_VARCHAR = 16_383;

  private static final int MOST_CHAR = 255;

  /** Bytes of a name of anything, an enum's label among them. */
  private static final int NAME_BYTES = 63;

  private PostgresqlTypes() {}

  /**
   * The column for a type.
   *
   * @param name as the driver calls it
   * @param precision characters, bits or digits; 0 or less, or very many, for no limit
   * @param scale digits of a fraction
   * @param kind {@code pg_type.typtype}
   * @param category {@code pg_type.typcategory}
   */
  static PostgresqlColumn of(String name, int precision, int scale, char kind, char category) {
    return switch (name) {
      case "bool" -> cast(ColumnType.truth(), ValueText.PLAIN, "::int4");
      case "int2", "smallserial" -> plain(MysqlType.SMALLINT);
      case "int4", "serial" -> plain(MysqlType.INT);
      case "int8", "bigserial" -> plain(MysqlType.BIGINT);
      case "oid", "xid", "cid" -> plain(ColumnType.unsigned(MysqlType.INT));
      case "numeric" -> numeric(precision, scale);
      // All 64 bits, with the most decimals that a currency has.
      case "money" -> cast(ColumnType.decimal(22, 3), ValueText.DECIMAL, "::numeric");
      case "float4" -> cast(ColumnType.of(MysqlType.FLOAT), ValueText.FLOATING, "::float8");
      case "float8" -> form(ColumnType.of(MysqlType.DOUBLE), ValueText.FLOATING);
      case "varchar" -> plain(text(MysqlType.VARCHAR, precision, MOST_VARCHAR));
      case "bpchar" -> cast(blankPadded(precision), ValueText.PLAIN, "::text");
      case "bytea" -> form(ColumnType.of(MysqlType.LONGBLOB), ValueText.HEX);
      case "date" -> form(ColumnType.of(MysqlType.DATE), ValueText.DATE);
      case "time" -> form(ColumnType.temporal(MysqlType.TIME, scale), ValueText.TIME);
      case "timestamp" -> form(ColumnType.temporal(MysqlType.DATETIME, scale), ValueText.DATETIME);
      case "timestamptz" ->
          form(ColumnType.temporal(MysqlType.TIMESTAMP, scale), ValueText.TIMESTAMP);
      case "timetz" -> plain(ColumnType.of(MysqlType.VARCHAR, 24));
      case "interval" -> plain(ColumnType.of(MysqlType.VARCHAR, 80));
      case "uuid" -> plain(ColumnType.of(MysqlType.CHAR, 36));
      case "json", "jsonb" -> plain(MysqlType.JSON);
      case "bit", "varbit" -> plain(text(MysqlType.VARCHAR, precision, MOST_VARCHAR));
      case "inet", "cidr" -> plain(ColumnType.of(MysqlType.VARCHAR, 49));
      case "macaddr", "macaddr8" -> plain(ColumnType.of(MysqlType.VARCHAR, 23));
      case "name" -> plain(ColumnType.of(MysqlType.VARCHAR, NAME_BYTES));
      case "char" -> plain(ColumnType.of(MysqlType.VARCHAR, 4));
      default -> other(kind, category);
    };
  }

  private static PostgresqlColumn other(char kind, char category) {
    if (kind == 'e') {
      return plain(ColumnType.of(MysqlType.VARCHAR, NAME_BYTES));
    }
    return kind == 'c' || category == 'A'
        ? cast(ColumnType.of(MysqlType.JSON), ValueText.PLAIN, "to_json(")
        : plain(MysqlType.LONGTEXT);
  }

  /** The driver gives the scale as it is stored: 11 bits with a sign, which it takes for 16. */
  private static PostgresqlColumn numeric(int precision, int storedScale) {
    int scale = ((storedScale & 0x7ff) ^ 0x400) - 0x400;
    int digits = Math.max(precision - Math.min(scale, 0), scale);
    boolean fits =
        precision > 0 && digits <= MOST_DECIMAL_DIGITS && Math.abs(scale) <= MOST_DECIMAL_SCALE;
    ColumnType type =
        fits
            ? ColumnType.decimal(digits, Math.max(scale, 0))
            : ColumnType.decimal(MOST_DECIMAL_DIGITS, MOST_DECIMAL_SCALE);
    return form(type, ValueText.DECIMAL);
  }

  /** Without the padding, which counts neither there nor in MySQL. */
  private static ColumnType blankPadded(int characters) {
    return characters > 0 && characters <= MOST_CHAR
        ? ColumnType.of(MysqlType.CHAR, characters)
        : text(MysqlType.VARCHAR, characters, MOST_VARCHAR);
  }

  private static ColumnType text(MysqlType type, int characters, int most) {
    return characters > 0 && characters <= most
        ? ColumnType.of(type, characters)
        : ColumnType.of(MysqlType.LONGTEXT);
  }

  private static PostgresqlColumn plain(MysqlType type) {
    return plain(ColumnType.of(type));
  }

  private static PostgresqlColumn plain(ColumnType type) {
    return form(type, ValueText.PLAIN);
  }

  private static PostgresqlColumn form(ColumnType type, ValueText text) {
    return cast(type, text, "");
  }

  private static PostgresqlColumn cast(ColumnType type, ValueText text, String cast) {
    return new PostgresqlColumn(type, text, cast);
  }
}
