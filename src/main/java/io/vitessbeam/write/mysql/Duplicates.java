package io.vitessbeam.write.mysql;

import java.sql.SQLException;
import java.util.List;

/**
 * Deletes the staged rows of a range of keys that others with the same key outdo: of several the
 * one with the highest incremental key stays, of those the last that was read.
 */
record Duplicates(String staging, List<String> keys, String incrementalKey) {

  /** Deletes some at a time until there are none, each in a transaction of its own. */
  void delete(Sessions sessions, String doing, String range) {
    int most = sessions.database().rowsOfTransaction();
    long deleted;
    do {
      deleted = sessions.call(doing, session -> delete(session, range, most));
    } while (deleted == most);
  }

  /**
   * @param range the rows {@code s} of a range
   * @param most rows that are deleted, should a key come that often
   */
  private long delete(Session session, String range, int most) throws SQLException {
    String row = Names.quoted(Names.ROW);
    String order =
        (incrementalKey.isEmpty() ? "" : "s." + Names.quoted(incrementalKey) + " DESC, ")
            + "s."
            + row
            + " DESC";
    StringBuilder names = new StringBuilder();
    keys.forEach(key -> names.append("s.").append(Names.quoted(key)).append(", "));
    String list = names.toString();
    return session.update(
        "DELETE s FROM (SELECT * FROM (SELECT "
            + list
            + "s."
            + row
            + ", ROW_NUMBER() OVER (PARTITION BY "
            + list.substring(0, list.length() - 2)
            + " ORDER BY "
            + order
            + ") AS n FROM "
            + range
            + ") r WHERE n > 1 LIMIT "
            + most
            + ") d STRAIGHT_JOIN "
            + TableInfo.byPrimaryKey(staging, "s")
            + " ON "
            + KeyRanges.same("s", "d", keys)
            + " AND s."
            + row
            + " = d."
            + row);
  }
}
