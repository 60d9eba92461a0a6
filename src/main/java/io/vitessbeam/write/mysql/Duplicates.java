package io.vitessbeam.write.mysql;

import java.sql.SQLException;
import java.util.List;

/**
 * Deletes the staged rows of a range of keys that others with the same key outdo: of several the
 * one with the highest incremental key stays, of those the last that was read.
 */
record Duplicates(String staging, List<String> keys, String incrementalKey) {

  /** Rows that one statement deletes, should a key come that often. */
  private static final int MOST = 5000;

  /** Deletes some at a time until there are none, each in a transaction of its own. */
  void delete(Sessions sessions, String doing, String range) {
    long deleted;
    do {
      deleted = sessions.call(doing, session -> delete(session, range));
    } while (deleted == MOST);
  }

  /**
   * @param range the rows {@code s} of a range
   */
  private long delete(Session session, String range) throws SQLException {
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
            + MOST
            + ") d STRAIGHT_JOIN "
            + Names.quoted(staging)
            + " s ON "
            + KeyRanges.same("s", "d", keys)
            + " AND s."
            + row
            + " = d."
            + row);
  }
}
