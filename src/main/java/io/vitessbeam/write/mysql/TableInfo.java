package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table that is there, as far as a load has to know it.
 *
 * @param view whether it is a view, which can't be loaded
 */
public record TableInfo(
    TableSchema schema, boolean view, List<ColumnInfo> columns, List<Index> indexes) {

  /**
   * A column.
   *
   * @param definition its type as MySQL prints it, with character set and collation
   * @param characterSet empty if it has none
   * @param collation empty if it has none
   * @param generated whether MySQL computes its values
   */
  public record ColumnInfo(
      String name,
      ColumnType type,
      String columnType,
      String definition,
      String characterSet,
      String collation,
      boolean nullable,
      boolean generated) {}

  /**
   * An index.
   *
   * @param whole whether it has its columns as they are, not their first characters or a function
   */
  public record Index(String name, boolean unique, List<String> columns, boolean whole) {

    /** Whether no two rows are the same in the columns, and may be in a part of them. */
    public boolean isKeyOver(List<String> keys) {
      return unique && whole && columns.size() == keys.size() && startsWith(keys);
    }

    /**
     * A table that has it, as what stands after JOIN, read by this index only. Statistics of a
     * table that was just filled may say that it is empty, and then MySQL would rather read all of
     * it.
     */
    public String of(String table, String alias) {
      return LoadNames.quoted(table)
          + " "
          + alias
          + " FORCE INDEX ("
          + LoadNames.quoted(name)
          + ")";
    }

    /** Whether its first columns are these, in any order. */
    public boolean startsWith(List<String> keys) {
      return whole
          && columns.size() >= keys.size()
          && new HashSet<>(columns.subList(0, keys.size())).equals(new HashSet<>(keys));
    }
  }

  public TableInfo {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  public Optional<ColumnInfo> column(String name) {
    // MySQL's names of columns don't tell case apart.
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  /** A table by its primary key, see {@link Index#of}. */
  public static String byPrimaryKey(String table, String alias) {
    return new Index("PRIMARY", true, List.of(), true).of(table, alias);
  }

  /** The columns of the primary key; empty if it has none, or one over parts of columns. */
  public List<String> primaryKey() {
    return schema.primaryKey();
  }

  /** The table of the connection's database, if there is one of exactly this name. */
  public static Optional<TableInfo> read(Connection connection, String database, String table)
      throws SQLException {
    Optional<SchemaDiscovery.Found> found =
        new SchemaDiscovery(connection).table(new TableName(database, table));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TableInfo(
            found.get().schema(),
            found.get().view(),
            columns(connection, found.get().schema()),
            indexes(connection, table)));
  }

  private static List<ColumnInfo> columns(Connection connection, TableSchema schema)
      throws SQLException {
    List<ColumnInfo> columns = new ArrayList<>();
    for (List<String> row :
        MysqlSql.rows(
            connection,
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME,"
                + " IS_NULLABLE, GENERATION_EXPRESSION FROM information_schema.COLUMNS"
                + where(schema.table())
                + " ORDER BY ORDINAL_POSITION")) {
      if (!row.get(0).equals(schema.table())) {
        continue;
      }
      String characterSet = row.get(3) == null ? "" : row.get(3);
      String collation = row.get(4) == null ? "" : row.get(4);
      columns.add(
          new ColumnInfo(
              row.get(1),
              schema.column(row.get(1)).type(),
              row.get(2),
              characterSet.isEmpty()
                  ? row.get(2)
                  : row.get(2) + " CHARACTER SET " + characterSet + " COLLATE " + collation,
              characterSet,
              collation,
              row.get(5).equals("YES"),
              row.get(6) != null && !row.get(6).isEmpty()));
    }
    return columns;
  }

  private static List<Index> indexes(Connection connection, String table) throws SQLException {
    Map<String, Index> indexes = new LinkedHashMap<>();
    for (List<String> row :
        MysqlSql.rows(
            connection,
            "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART"
                + " FROM information_schema.STATISTICS"
                + where(table)
                + " ORDER BY INDEX_NAME, SEQ_IN_INDEX")) {
      if (!row.get(0).equals(table)) {
        continue;
      }
      Index before = indexes.get(row.get(1));
      List<String> columns = new ArrayList<>(before == null ? List.of() : before.columns());
      columns.add(String.valueOf(row.get(3)));
      boolean whole = row.get(3) != null && row.get(4) == null;
      indexes.put(
          row.get(1),
          new Index(
              row.get(1),
              row.get(2).equals("0"),
              List.copyOf(columns),
              whole && (before == null || before.whole())));
    }
    return List.copyOf(indexes.values());
  }

  private static String where(String table) {
    return " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " + SqlText.literal(table);
  }
}
