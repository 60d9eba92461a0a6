package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.SqlText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table {@code _vitessbeam_workers} of a database: a row for each JVM that works on a load,
 * with a heartbeat, and the locks by which most of them show that they live. Not in the rows of the
 * loads themselves, which transactions of any length lock.
 */
final class Workers {

  static final String TABLE = "`_vitessbeam_workers`";

  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE
          + " (digest CHAR(16) CHARACTER SET ascii NOT NULL,"
          + " worker CHAR(16) CHARACTER SET ascii NOT NULL,"
          + " locks BOOLEAN NOT NULL, heartbeat DATETIME(6) NOT NULL,"
          + " PRIMARY KEY (digest, worker))"
          + " COMMENT 'vitess-beam: who works on loads of tables of this database'";

  /** Locks that are asked for in one statement. */
  private static final int MOST_LOCKS = 50;

  private Workers() {}

  /**
   * A JVM that works on a load, or did.
   *
   * @param locks whether it has a lock as long as it lives
   * @param heartbeat when it was last heard of, as the server writes it
   * @param silence for how many seconds it was not
   */
  record Worker(String digest, String name, boolean locks, String heartbeat, long silence) {

    String lock() {
      return Workers.lock(digest, name);
    }
  }

  static void create(MysqlSession session) throws SQLException {
    session.update(CREATE);
  }

  /** The name of a worker's lock for a load. Names of locks are those of a whole server. */
  static String lock(String digest, String worker) {
    return "vitessbeam." + digest + "." + worker;
  }

  static void join(MysqlSession session, String digest, String worker, boolean locks)
      throws SQLException {
    session.update(
        "INSERT INTO %s VALUES ('%s', '%s', %s, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE locks = VALUES(locks), heartbeat = VALUES(heartbeat)"
            .formatted(TABLE, digest, worker, locks));
  }

  /** Does nothing if another worker has taken the load for dead. */
  static void beat(MysqlSession session, String digest, String worker, boolean locks)
      throws SQLException {
    session.update(
        "UPDATE %s SET heartbeat = UTC_TIMESTAMP(6), locks = %s%s"
            .formatted(TABLE, locks, of(digest, worker)));
  }

  private static String of(String digest, String worker) {
    return " WHERE digest = '%s' AND worker = '%s'".formatted(digest, worker);
  }

  static void leave(MysqlSession session, String digest, String worker) throws SQLException {
    session.update("DELETE FROM " + TABLE + of(digest, worker));
  }

  /** Forgets all workers of a load. */
  static void remove(MysqlSession session, String digest) throws SQLException {
    session.update("DELETE FROM " + TABLE + " WHERE digest = " + SqlText.literal(digest));
  }

  /** The workers of some loads, by load. */
  static Map<String, List<Worker>> of(MysqlSession session, Collection<String> digests)
      throws SQLException {
    Map<String, List<Worker>> workers = new LinkedHashMap<>();
    if (digests.isEmpty()) {
      return workers;
    }
    for (List<String> row :
        MysqlSql.rows(
            session.connection(),
            "SELECT digest, worker, locks, heartbeat, TIMESTAMPDIFF(SECOND, heartbeat, UTC_TIMESTAMP(6)) FROM %s WHERE digest IN (%s)"
                .formatted(
                    TABLE,
                    digests.stream().map(SqlText::literal).collect(Collectors.joining(", "))))) {
      workers
          .computeIfAbsent(row.get(0), digest -> new ArrayList<>())
          .add(
              new Worker(
                  row.get(0),
                  row.get(1),
                  row.get(2).equals("1"),
                  row.get(3),
                  Long.parseLong(row.get(4))));
    }
    return workers;
  }

  /**
   * Takes locks, those that are free.
   *
   * @return those that this session has then
   */
  static Set<String> take(MysqlSession session, Collection<String> locks) throws SQLException {
    return ask(session, locks, "GET_LOCK(%s, 0)", "1"::equals);
  }

  static void giveBack(MysqlSession session, String lock) throws SQLException {
    ask(session, List.of(lock), "RELEASE_LOCK(%s)", answer -> true);
  }

  /** Those of some locks that anybody has. */
  static Set<String> held(MysqlSession session, Collection<String> locks) throws SQLException {
    return ask(session, locks, "IS_USED_LOCK(%s)", answer -> answer != null);
  }

  private interface Answer {
    boolean holds(String text);
  }

  private static Set<String> ask(
      MysqlSession session, Collection<String> locks, String function, Answer yes)
      throws SQLException {
    Set<String> found = new HashSet<>();
    List<String> all = List.copyOf(locks);
    for (int from = 0; from < all.size(); from += MOST_LOCKS) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MOST_LOCKS));
      List<String> answers =
          MysqlSql.rows(
                  session.connection(),
                  "SELECT "
                      + some.stream()
                          .map(lock -> function.formatted(SqlText.literal(lock)))
                          .collect(Collectors.joining(", "))
                      // vtgate knows locks only so.
                      + " FROM dual")
              .get(0);
      for (int i = 0; i < some.size(); i++) {
        if (yes.holds(answers.get(i))) {
          found.add(some.get(i));
        }
      }
    }
    return found;
  }
}
