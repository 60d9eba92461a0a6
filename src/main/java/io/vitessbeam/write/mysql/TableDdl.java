package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** CREATE TABLE. */
public final class TableDdl {

  /** MySQL's limit for all columns of a row, without BLOBs and TEXTs, and some room. */
  private static final long MOST_ROW_BYTES = 65_000;

  private TableDdl() {}

  /**
   * A table with a source's columns.
   *
   * @param keys definitions of columns that stay as they are said to be
   * @param others further definitions: columns and indexes
   */
  public static String create(
      String table, TableSchema source, Map<String, String> keys, List<String> others) {
    List<String> parts = new ArrayList<>();
    for (Column column : fitting(source.columns(), keys.keySet())) {
      String key = keys.get(column.name());
      parts.add(
          key == null
              ? ColumnTypes.definition(column)
              : LoadNames.quoted(column.name()) + " " + key);
    }
    parts.addAll(others);
    return "CREATE TABLE IF NOT EXISTS "
        + LoadNames.quoted(table)
        + " ("
        + String.join(", ", parts)
        + ")";
  }

  /** {@code PRIMARY KEY (`a`, `b`)}. */
  public static String primaryKey(List<String> columns) {
    return "PRIMARY KEY (" + names(columns) + ")";
  }

  public static String index(List<String> columns) {
    return "KEY (" + names(columns) + ")";
  }

  public static String names(Collection<String> columns) {
    return columns.stream().map(LoadNames::quoted).collect(Collectors.joining(", "));
  }

  /** The columns, the longest texts of them as TEXT or BLOB if a row has no room for all. */
  private static List<Column> fitting(List<Column> columns, Collection<String> keys) {
    List<Column> fitting = new ArrayList<>(columns);
    long bytes = columns.stream().mapToLong(column -> bytes(column.type())).sum();
    while (bytes > MOST_ROW_BYTES) {
      Column longest =
          fitting.stream()
              .filter(column -> !keys.contains(column.name()))
              .max(Comparator.comparingLong(column -> bytes(column.type())))
              .orElseThrow();
      long own = bytes(longest.type());
      if (own <= 16) {
        // Too many columns: MySQL says so.
        return fitting;
      }
      boolean text =
          longest.type().base() == MysqlType.VARCHAR || longest.type().base() == MysqlType.CHAR;
      // A TINYTEXT is created as TEXT.
      MysqlType off = text ? MysqlType.TINYTEXT : MysqlType.BLOB;
      fitting.set(fitting.indexOf(longest), longest.withType(ColumnType.of(off)));
      bytes -= own - bytes(ColumnType.of(off));
    }
    return fitting;
  }

  private static long bytes(ColumnType type) {
    return switch (type.base()) {
      case CHAR -> 4 * type.length();
      case VARCHAR -> ColumnTypes.of(type).startsWith("VARCHAR") ? 4 * type.length() + 2 : 12;
      case BINARY, VARBINARY -> Math.min(type.length() + 2, ColumnTypes.MOST_BYTES / 2);
      case DECIMAL -> type.length() / 2 + 2;
      default -> 12;
    };
  }
}
