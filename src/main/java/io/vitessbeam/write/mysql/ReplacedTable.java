package io.vitessbeam.write.mysql;

import static java.util.stream.Collectors.joining;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table that takes the target's place, and the swap of the two. */
public final class ReplacedTable {

  /** A bound for what takes two tries when two runs create the table at once. */
  private static final int MOST_SWAPS = 10;

  private ReplacedTable() {}

  /** A table with the source's columns and some keys, which may be none. */
  public static String create(
      String table, TableSchema source, List<String> keys, KeyCollation exact) {
    Map<String, String> definitions =
        new HashMap<>(KeyDefinitions.of(keys, source, Optional.empty(), exact, 0));
    for (String key : keys) {
      ColumnType type = source.column(key).type();
      // They are indexed as they are.
      if (type.base() == MysqlType.ENUM || type.base() == MysqlType.SET) {
        definitions.put(key, ColumnTypes.of(type));
      }
    }
    definitions.replaceAll((key, definition) -> definition + " NOT NULL");
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
  public static void check(MysqlSession session, LoadId<Server> id) throws SQLException {
    String table = SqlText.literal(id.table().table());
    requireNone(
        session,
        id,
        "triggers (%s)",
        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA ="
            + " DATABASE() AND EVENT_OBJECT_TABLE = "
            + table);
    // A table of any database may refer to it.
    requireNone(
        session,
        id,
        "foreign keys (from %s)",
        "SELECT CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME)"
            + " FROM information_schema.REFERENTIAL_CONSTRAINTS"
            + " WHERE (CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = "
            + table
            + ") OR (UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = "
            + table
            + ")");
  }

  private static void requireNone(
      MysqlSession session, LoadId<Server> id, String what, String query) throws SQLException {
    List<List<String>> found = MysqlSql.rows(session.connection(), query);
    if (!found.isEmpty()) {
      throw new ConfigurationException(
          "%s has %s, which a table that replaces it would not have: drop them, or use the strategy merge or delete+insert"
              .formatted(
                  id.table(),
                  what.formatted(
                      found.stream().map(row -> row.get(0)).distinct().collect(joining(", ")))));
    }
  }

  /**
   * Puts a table in the target's place, at a stroke for all readers. Does nothing if the table is
   * gone: then it took the target's place in an earlier try, of which nobody heard.
   */
  public static void swap(MysqlSession session, LoadId<Server> id, LoadNames names, String table)
      throws SQLException {
    for (int tries = 1; !isSwapped(session, id, table); tries++) {
      try {
        session.update(
            renaming(names, table, id.table().table(), exists(session, id, id.table().table())));
        return;
      } catch (SQLException e) {
        // Another run's target came, or was dropped, since this one looked.
        boolean raced = MysqlFailures.isTableExists(e) || MysqlFailures.isNoSuchTable(e);
        if (!raced || tries == MOST_SWAPS) {
          throw e;
        }
      }
    }
  }

  /** Whether a table that was there before has taken the target's place. */
  public static boolean isSwapped(MysqlSession session, LoadId<Server> id, String table)
      throws SQLException {
    return !exists(session, id, table);
  }

  private static boolean exists(MysqlSession session, LoadId<Server> id, String table)
      throws SQLException {
    return TableInfo.read(session.connection(), id.schema(), table).isPresent();
  }

  private static String renaming(LoadNames names, String table, String target, boolean there) {
    String placed = LoadNames.quoted(table) + " TO " + LoadNames.quoted(target);
    return "RENAME TABLE "
        + (there ? LoadNames.quoted(target) + " TO " + LoadNames.quoted(names.old()) + ", " : "")
        + placed;
  }
}
