package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table that changes are merged into: the target, or the staged copy that will replace it.
 *
 * @param name quoted, with its catalog and schema
 * @param schema of the source
 * @param types the table's own type of each of these columns, by the source's name; it holds all
 *     values of the source's type
 */
public record MergeTable(String name, TableSchema schema, Map<String, String> types) {

  public MergeTable {
    types = Map.copyOf(types);
  }

  /** A table with exactly the types of the source. */
  public static MergeTable like(String name, TableSchema schema) {
    return new MergeTable(
        name,
        schema,
        schema.columns().stream()
            .collect(
                Collectors.toMap(
                    column -> column.name(),
                    column -> column.type().base().duckDb(column.type()))));
  }

  List<String> key() {
    return schema.primaryKey();
  }

  /** The source's columns, quoted. */
  List<String> columns() {
    return schema.columns().stream().map(column -> DuckDbSql.quoted(column.name())).toList();
  }

  /** The columns and those that are added, for the head of an INSERT. */
  String insertList() {
    return String.join(", ", columns())
        + ", "
        + CdcColumns.LSN
        + ", "
        + CdcColumns.DELETED
        + ", "
        + CdcColumns.SYNCED_AT;
  }

  /** A value of a column as this table holds it. */
  String cast(String expression, String column) {
    ColumnType source = schema.column(column).type();
    return DuckDbWiderType.cast(expression, source.base().duckDb(source), types.get(column));
  }

  /** All columns of a row of the source's types as this table holds them. */
  String castAll(String alias) {
    return schema.columns().stream()
        .map(column -> cast(alias + "." + DuckDbSql.quoted(column.name()), column.name()))
        .collect(Collectors.joining(", "));
  }

  /** The key of a source row as {@link #keyNames}. */
  String castKey(String alias) {
    return IntStream.range(0, key().size())
        .mapToObj(
            i ->
                cast(alias + DuckDbSql.quoted(key().get(i)), key().get(i))
                    + " AS "
                    + keyNames().get(i))
        .collect(Collectors.joining(", "));
  }

  /** How the columns of the key are called in our own tables, whatever theirs are called. */
  List<String> keyNames() {
    return IntStream.range(0, key().size()).mapToObj(i -> "_k" + i).toList();
  }

  String keyList(String prefix) {
    return keyNames().stream().map(name -> prefix + name).collect(Collectors.joining(", "));
  }

  /** Whether a row of this table has the key of a row of our own. */
  String sameKey(String table, String own) {
    return IntStream.range(0, key().size())
        .mapToObj(i -> table + "." + DuckDbSql.quoted(key().get(i)) + " = " + own + "._k" + i)
        .collect(Collectors.joining(" AND "));
  }
}
