package io.vitessbeam.schema;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Quoting for MySQL and Vitess. Every identifier and literal of a statement goes through here. */
public final class SqlText {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private SqlText() {}

  /** An identifier between backquotes. */
  public static String identifier(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  /** A string literal. Both backslash and quote are doubled, for the default {@code sql_mode}. */
  public static String literal(String value) {
    return '\'' + value.replace("\\", "\\\\").replace("'", "''") + '\'';
  }

  /**
   * A column of a SELECT that gives its values as they are. MySQL prints a FLOAT with six digits;
   * as a DOUBLE, into which the sum makes it, with all.
   *
   * @param qualifier of the column, with its dot; empty for none
   */
  public static String exact(String qualifier, Column column) {
    String name = qualifier + identifier(column.name());
    return column.type().base() == MysqlType.FLOAT ? name + " + 0.0" : name;
  }

  /**
   * A value of a key column as a literal that equals it exactly.
   *
   * @throws IllegalArgumentException if values of the type have no such literal
   */
  public static String keyLiteral(MysqlType type, byte[] bytes, int offset, int length) {
    return switch (type.keyOrder()) {
      case NUMBER -> new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
      case TEXT -> "_utf8mb4 X'" + HEX.formatHex(bytes, offset, offset + length) + '\'';
      case BYTES -> "X'" + HEX.formatHex(bytes, offset, offset + length) + '\'';
      case QUOTED -> '\'' + new String(bytes, offset, length, StandardCharsets.ISO_8859_1) + '\'';
      case NONE -> throw new IllegalArgumentException(type + " has no key literal");
    };
  }
}
