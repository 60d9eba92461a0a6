package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table that takes the target's place, and the swap of the two. */
final class ReplacedTable {

  private ReplacedTable() {}

  /**
   * Whether the target has the source's columns and takes their values, so that its definition is
   * kept, with its indexes, defaults and character sets.
   */
  static boolean keepsDefinition(TableInfo target, TableSchema source) {
    if (target.view() || target.columns().size() != source.columns().size()) {
      return false;
    }
    for (Column column : source.columns()) {
      Optional<ColumnInfo> there = target.column(column.name());
      if (there.isEmpty()
          || there.get().generated()
          || !TypeFit.takes(there.get().type(), column.type())) {
        return false;
      }
    }
    return true;
  }

  static String like(String table, String target) {
    return "CREATE TABLE IF NOT EXISTS " + Names.quoted(table) + " LIKE " + Names.quoted(target);
  }

  /** A table with the source's columns and some keys, which may be none. */
  static String create(String table, TableSchema source, List<String> keys) {
    Map<String, String> definitions =
        new HashMap<>(KeyDefinitions.of(keys, source, Optional.empty(), 0));
    for (String key : keys) {
      ColumnType type = source.column(key).type();
      // They are indexed as they are.
      if (type.base() == MysqlType.ENUM || type.base() == MysqlType.SET) {
        definitions.put(key, ColumnTypes.of(type));
      }
    }
    return TableDdl.create(
        table,
        source,
        definitions,
        keys.isEmpty() ? List.of() : List.of(TableDdl.primaryKey(keys)));
  }

  /**
   * Makes sure that the target can be replaced.
   *
   * @throws ConfigurationException if it has what a new table wouldn't have
   */
  static void check(Session session, LoadId id) throws SQLException {
    String table = SqlText.literal(id.table());
    requireNone(
        session,
        id,
        "triggers",
        "information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE()"
            + " AND EVENT_OBJECT_TABLE = "
            + table);
    requireNone(
        session,
        id,
        "foreign keys",
        "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()"
            + " AND (TABLE_NAME = "
            + table
            + " OR REFERENCED_TABLE_NAME = "
            + table
            + ")");
  }

  private static void requireNone(Session session, LoadId id, String what, String from)
      throws SQLException {
    if (session.number("SELECT COUNT(*) FROM " + from) > 0) {
      throw new ConfigurationException(
          id.name()
              + " has "
              + what
              + ", which a table that replaces it would not have: drop them, or use the strategy"
              + " merge or delete+insert");
    }
  }

  /** Puts a table in the target's place, at a stroke for all readers. */
  static void swap(Session session, LoadId id, Names names, String table) throws SQLException {
    String target = Names.quoted(id.table());
    boolean there = TableInfo.read(session.connection(), id.database(), id.table()).isPresent();
    session.update(
        there
            ? "RENAME TABLE "
                + target
                + " TO "
                + Names.quoted(names.old())
                + ", "
                + Names.quoted(table)
                + " TO "
                + target
            : "RENAME TABLE " + Names.quoted(table) + " TO " + target);
  }
}
