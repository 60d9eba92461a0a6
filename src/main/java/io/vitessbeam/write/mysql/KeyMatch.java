package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares keys of staged rows, {@code s}, with those of a table, {@code t}. An index finds them as
 * its collations compare, which may be less than byte for byte.
 */
public record KeyMatch(TableInfo target, TableInfo staging) {

  /** Whether both have the same key, byte for byte; by an index of the table. */
  public String same(List<String> columns) {
    List<String> conditions = new ArrayList<>(List.of(equal(columns)));
    inexact(columns)
        .forEach(column -> conditions.add(bytes("t", column) + " = " + bytes("s", column)));
    return String.join(" AND ", conditions);
  }

  /** Whether the table can't hold both. */
  public String equal(List<String> columns) {
    return columns.stream()
        .map(column -> "t." + LoadNames.quoted(column) + " = " + compared(column))
        .collect(Collectors.joining(" AND "));
  }

  /** Whether those that are equal for the table differ. */
  public String differ(List<String> columns) {
    return inexact(columns).stream()
        .map(column -> bytes("t", column) + " <> " + bytes("s", column))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /** Those of some columns that take different texts for equal. */
  public List<String> inexact(List<String> columns) {
    return columns.stream().filter(column -> !KeyCollation.isExact(there(column))).toList();
  }

  /** A staged value as the target's index compares it, whatever its own collation is. */
  public String compared(String column) {
    String staged = "s." + LoadNames.quoted(column);
    ColumnInfo there = there(column);
    boolean plain =
        there.characterSet().isEmpty()
            || there.collation().equals(staging.column(column).orElseThrow().collation());
    return plain
        ? staged
        : "CONVERT(" + staged + " USING " + there.characterSet() + ") COLLATE " + there.collation();
  }

  ColumnInfo there(String column) {
    return target.column(column).orElseThrow();
  }

  /** The bytes of a text, in whatever character set it is stored. */
  public static String bytes(String alias, String column) {
    return "CAST(CONVERT(" + alias + "." + LoadNames.quoted(column) + " USING utf8mb4) AS BINARY)";
  }

  /** A key for people, as a text: {@code 'a', 1}. */
  public String shown(String alias, List<String> columns) {
    return columns.stream()
        .map(column -> shown(alias + "." + LoadNames.quoted(column), there(column).type().base()))
        .collect(Collectors.joining(", ", "CONCAT_WS(', ', ", ")"));
  }

  private static String shown(String value, MysqlType type) {
    return switch (type) {
      case BINARY, VARBINARY -> "CONCAT('0x', HEX(" + value + "))";
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET ->
          "QUOTE(CONVERT(" + value + " USING utf8mb4))";
      default -> "CONVERT(" + value + " USING utf8mb4)";
    };
  }
}
