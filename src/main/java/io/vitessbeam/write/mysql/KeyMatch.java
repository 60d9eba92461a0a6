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
record KeyMatch(TableInfo target, TableInfo staging) {

  /** Whether both have the same key, byte for byte; by an index of the table. */
  String same(List<String> columns) {
    List<String> conditions = new ArrayList<>(List.of(equal(columns)));
    inexact(columns)
        .forEach(column -> conditions.add(bytes("t", column) + " = " + bytes("s", column)));
    return String.join(" AND ", conditions);
  }

  /** Whether the table can't hold both. */
  String equal(List<String> columns) {
    return columns.stream()
        .map(column -> "t." + Names.quoted(column) + " = " + compared(column))
        .collect(Collectors.joining(" AND "));
  }

  /** Whether those that are equal for the table differ. */
  String differ(List<String> columns) {
    return inexact(columns).stream()
        .map(column -> bytes("t", column) + " <> " + bytes("s", column))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /** Those of some columns that take different texts for equal. */
  List<String> inexact(List<String> columns) {
    return columns.stream().filter(column -> !KeyCollation.isExact(there(column))).toList();
  }

  /** A staged value as the target's index compares it, whatever its own collation is. */
  String compared(String column) {
    String staged = "s." + Names.quoted(column);
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
  static String bytes(String alias, String column) {
    return "CAST(CONVERT(" + alias + "." + Names.quoted(column) + " USING utf8mb4) AS BINARY)";
  }

  /** A key for people, as a text: {@code 'a', 1}. */
  String shown(String alias, List<String> columns) {
    return columns.stream()
        .map(column -> shown(alias + "." + Names.quoted(column), there(column).type().base()))
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
