package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.follow.FollowedTables;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The definition of a table that is replaced by one with the same columns: its keys, indexes, NOT
 * NULL, defaults and character sets stay, and its types where they take the source's values.
 */
public record KeptDefinition(LoadId<Server> id, TableInfo target) {

  /**
   * Whether a table has the columns of a source, whatever their types. One that follows its source
   * is what the source is: its columns have to take all that the source's do.
   */
  public static boolean isOf(TableInfo target, TableSchema source) {
    boolean follows =
        FollowedTables.COLUMNS.stream().allMatch(name -> target.column(name).isPresent());
    return !target.view()
        && target.columns().size() == source.columns().size()
        && source.columns().stream()
            .allMatch(
                column ->
                    target
                        .column(column.name())
                        .filter(there -> !there.generated())
                        .filter(there -> !follows || isAsGood(there, column))
                        .isPresent());
  }

  private static boolean isAsGood(ColumnInfo there, Column column) {
    return TypeFit.takes(there.type(), column.type()) && (there.nullable() || !column.nullable());
  }

  /**
   * The statement that creates the table that takes its place.
   *
   * @throws ConfigurationException if an index can't stay
   */
  public String create(MysqlSession session, String table, TableSchema source) throws SQLException {
    List<Column> others =
        source.columns().stream().filter(column -> !isKept(there(column), column.type())).toList();
    if (others.isEmpty()) {
      return "CREATE TABLE IF NOT EXISTS "
          + LoadNames.quoted(table)
          + " LIKE "
          + LoadNames.quoted(id.table().table());
    }
    String definition =
        MysqlSql.rows(
                session.connection(), "SHOW CREATE TABLE " + LoadNames.quoted(id.table().table()))
            .get(0)
            .get(1);
    List<String> lines = new ArrayList<>(List.of(definition.split("\n")));
    lines.set(0, "CREATE TABLE IF NOT EXISTS " + LoadNames.quoted(table) + " (");
    for (Column column : others) {
      String start = "  " + LoadNames.quoted(there(column).name()) + " ";
      lines.replaceAll(
          line ->
              line.startsWith(start)
                  ? "  " + changed(definition, column) + (line.endsWith(",") ? "," : "")
                  : line);
    }
    // A name of a constraint is one of the database's; the number goes on at the rows that come.
    lines.replaceAll(line -> line.replaceFirst("^  CONSTRAINT `(?:[^`]|``)*` CHECK", "  CHECK"));
    lines.replaceAll(
        line -> line.startsWith(")") ? line.replaceFirst(" AUTO_INCREMENT=\\d+", "") : line);
    return String.join("\n", lines);
  }

  private ColumnInfo there(Column column) {
    return target.column(column.name()).orElseThrow();
  }

  /** Without a bound that is known, values that are too long are refused when they come. */
  private static boolean isKept(ColumnInfo there, ColumnType source) {
    return TypeFit.takes(there.type(), source)
        || (isBounded(there.type())
            && isUnbounded(source)
            && TypeFit.wider(there.type(), source).isPresent());
  }

  private static boolean isBounded(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR, BINARY, VARBINARY -> true;
      default -> false;
    };
  }

  private static boolean isUnbounded(ColumnType type) {
    return switch (type.base()) {
      case TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> true;
      default -> false;
    };
  }

  /** The column with a type that takes the source's values. */
  private String changed(String definition, Column column) {
    ColumnInfo there = there(column);
    Optional<ColumnType> wider = TypeFit.wider(there.type(), column.type());
    if (wider.isPresent()) {
      return Evolution.modified(definition, there, ColumnTypes.of(wider.get()));
    }
    String type = ColumnTypes.of(column.type());
    requireIndexable(there, type);
    return LoadNames.quoted(there.name()) + " " + type + (there.nullable() ? " NULL" : " NOT NULL");
  }

  private void requireIndexable(ColumnInfo there, String type) {
    boolean indexable = !type.matches("(\\w*TEXT|\\w*BLOB|JSON|GEOMETRY|VECTOR)\\b.*");
    target.indexes().stream()
        .filter(index -> !indexable && index.columns().contains(there.name()))
        .findFirst()
        .ifPresent(
            index -> {
              throw new ConfigurationException(
                  "Column %s of %s is %s, the source's is %s, which the index %s can't have: drop the index, or use another table"
                      .formatted(there.name(), id.table(), there.columnType(), type, index.name()));
            });
  }
}
