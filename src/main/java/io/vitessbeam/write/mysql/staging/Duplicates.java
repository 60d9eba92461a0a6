package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.write.mysql.KeyCollation;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.ServerSessions;
import io.vitessbeam.write.mysql.TableInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes the staged rows of a range of keys that others with the same key outdo: of several the
 * one with the highest incremental key stays, of those the last that was read. Keys are the same if
 * they are so byte for byte, whatever the collation by which they are staged.
 */
public record Duplicates(TableInfo staging, List<String> keys, String incrementalKey) {

  /**
   * Deletes some at a time until there are none, each in a transaction of its own. Each looks only
   * at the first rows of what is left: a key that comes a million times is not sorted as often as
   * that has pieces.
   *
   * @param range the rows {@code s} of a range, which have fewer keys than a transaction rows
   */
  public void delete(ServerSessions sessions, String doing, String range) {
    int most = sessions.database().rowsOfTransaction();
    int window = 2 * most;
    while (true) {
      int looked = window;
      long deleted = sessions.call(doing, session -> delete(session, range, looked, most));
      if (deleted == most) {
        continue;
      }
      // A range ends within a key: where keys are what the collation says, all has been looked at.
      boolean over =
          keys.stream().allMatch(this::isExact)
              || sessions.call(doing, session -> count(session, range, looked + 1)) <= looked;
      if (over) {
        return;
      }
      window *= 2;
    }
  }

  private static long count(MysqlSession session, String range, int most) throws SQLException {
    return session.number(
        "SELECT COUNT(*) FROM (SELECT 1 FROM " + range + " LIMIT " + most + ") n");
  }

  private long delete(MysqlSession session, String range, int looked, int most)
      throws SQLException {
    String row = LoadNames.quoted(LoadNames.ROW);
    String order =
        (incrementalKey.isEmpty() ? "" : "f." + LoadNames.quoted(incrementalKey) + " DESC, ")
            + "f."
            + row
            + " DESC";
    String first = columns("s");
    String further =
        incrementalKey.isEmpty() || keys.contains(incrementalKey)
            ? ""
            : ", s." + LoadNames.quoted(incrementalKey);
    String numbered =
        "SELECT %s, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s) AS n FROM (SELECT %s%s FROM %s ORDER BY %s LIMIT %d) f"
            .formatted(
                columns("f"),
                keys.stream().map(this::exact).collect(Collectors.joining(", ")),
                order,
                first,
                further,
                range,
                first,
                looked);
    return session.update(
        "DELETE s FROM (SELECT * FROM (%s) r WHERE n > 1 LIMIT %d) d STRAIGHT_JOIN %s ON %s AND s.%s = d.%s"
            .formatted(
                numbered,
                most,
                TableInfo.byPrimaryKey(staging.schema().table(), "s"),
                keys.stream()
                    .map(name -> "s." + LoadNames.quoted(name) + " = d." + LoadNames.quoted(name))
                    .collect(Collectors.joining(" AND ")),
                row,
                row));
  }

  /** The key and the number of a row, by which the table is clustered. */
  private String columns(String alias) {
    return keys.stream()
            .map(name -> alias + "." + LoadNames.quoted(name) + ", ")
            .collect(Collectors.joining())
        + alias
        + "."
        + LoadNames.quoted(LoadNames.ROW);
  }

  private String exact(String key) {
    return isExact(key) ? "f." + LoadNames.quoted(key) : KeyMatch.bytes("f", key);
  }

  private boolean isExact(String key) {
    return KeyCollation.isExact(staging.column(key).orElseThrow());
  }
}
