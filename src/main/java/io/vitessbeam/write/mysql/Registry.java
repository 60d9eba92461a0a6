package io.vitessbeam.write.mysql;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.publish.AppendedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The table {@code _vitessbeam_loads} of a database: a row for each load that is under way or was
 * published lately. Who works on them is in {@link Workers}.
 */
public final class Registry {

  static final String TABLE = "`_vitessbeam_loads`";

  /** For so long a published load is recognised when it is published again. */
  private static final int KEPT_DAYS = 7;

  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE
          + " (digest CHAR(16) CHARACTER SET ascii NOT NULL PRIMARY KEY,"
          + " target VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,"
          + " strategy VARCHAR(16) CHARACTER SET ascii NOT NULL,"
          + " mark CHAR(8) CHARACTER SET ascii NOT NULL,"
          + " state VARCHAR(16) CHARACTER SET ascii NOT NULL,"
          + " progress BIGINT NOT NULL, heartbeat DATETIME(6) NOT NULL,"
          // The target while this load changes it: of two loads one is refused by the index.
          + " changing VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin UNIQUE)"
          + " COMMENT 'vitess-beam: loads of tables of this database'";

  private static final String FORGOTTEN =
      "heartbeat < UTC_TIMESTAMP(6) - INTERVAL " + KEPT_DAYS + " DAY";

  private Registry() {}

  /** Where a load is. */
  public enum State {
    /** Rows are staged. */
    STAGING,
    /** All rows are staged, and counted; the target changes. */
    PUBLISHING,
    /** It was taken for dead or given up, and what it has left is being removed. */
    SWEPT,
    /** Its rows are in the target. */
    PUBLISHED
  }

  /**
   * A load.
   *
   * @param progress what of its publication is done
   * @param heartbeat when it last made progress, as the server writes it
   * @param silence for how many seconds
   */
  public record Entry(
      LoadNames names,
      String target,
      WriteStrategy strategy,
      State state,
      long progress,
      String heartbeat,
      long silence) {

    /** Whether some of its rows may be in the target. */
    boolean mayBeInTarget() {
      return state == State.PUBLISHING || state == State.SWEPT;
    }
  }

  static void create(MysqlSession session) throws SQLException {
    session.update(CREATE);
    Workers.create(session);
  }

  /** Registers a load with the plan that it is read by, which takes the place of a former one. */
  static Entry join(MysqlSession session, LoadId<Server> id, LoadNames names) throws SQLException {
    long progress = id.spec().strategy() == WriteStrategy.APPEND ? AppendedRows.NONE : 0;
    enter(session, names.digest(), id, names.mark(), State.STAGING, progress);
    set(
        session,
        "mark = '%s', heartbeat = UTC_TIMESTAMP(6)".formatted(names.mark()),
        names.digest(),
        "state = 'STAGING'");
    return find(session, names.digest())
        .orElseThrow(() -> new SQLException("the registry lost " + id.table()));
  }

  /** Adds an entry, unless it is there. */
  private static void enter(
      MysqlSession session,
      String digest,
      LoadId<Server> id,
      String mark,
      State state,
      long progress)
      throws SQLException {
    session.update(
        "INSERT IGNORE INTO %s VALUES ('%s', %s, '%s', '%s', '%s', %d, UTC_TIMESTAMP(6), NULL)"
            .formatted(
                TABLE,
                digest,
                SqlText.literal(id.table().table()),
                id.spec().strategy(),
                mark,
                state,
                progress));
  }

  /** Changes an entry that a condition holds for; whether there was one. */
  private static boolean set(MysqlSession session, String values, String digest, String condition)
      throws SQLException {
    return session.update(
            "UPDATE %s SET %s%s AND %s".formatted(TABLE, values, where(digest), condition))
        == 1;
  }

  public static Optional<Entry> find(MysqlSession session, String digest) throws SQLException {
    return select(session, where(digest)).stream().findFirst();
  }

  /** The load that is changing a table, or was when it was last heard of. */
  public static Optional<Entry> changing(MysqlSession session, LoadId<Server> id)
      throws SQLException {
    return select(session, " WHERE changing = " + SqlText.literal(id.table().table())).stream()
        .findFirst();
  }

  /**
   * Loads that have not ended, have tables, or were published too long ago to be tried again.
   *
   * @param staged digests of loads that have tables
   */
  static List<Entry> leftovers(MysqlSession session, Set<String> staged) throws SQLException {
    StringBuilder digests = new StringBuilder("''");
    staged.forEach(digest -> digests.append(", ").append(SqlText.literal(digest)));
    return select(
        session, " WHERE state <> 'PUBLISHED' OR digest IN (" + digests + ") OR " + FORGOTTEN);
  }

  /** Forgets a dead load; one that was published only when nobody can try it again any more. */
  static void forget(MysqlSession session, String digest) throws SQLException {
    session.update(
        "DELETE FROM %s%s AND (state <> 'PUBLISHED' OR %s)"
            .formatted(TABLE, where(digest), FORGOTTEN));
    if (find(session, digest).isEmpty()) {
      Workers.remove(session, digest);
    }
  }

  /**
   * Takes a load away from whoever worked on it, unless it is published: whatever they do from now
   * on, they don't get to its end. Not if it has moved since it was looked at.
   */
  static boolean claim(MysqlSession session, Entry seen) throws SQLException {
    return set(
        session,
        "state = 'SWEPT', heartbeat = UTC_TIMESTAMP(6)",
        seen.names().digest(),
        "state <> 'PUBLISHED' AND state = '%s' AND progress = %d AND heartbeat = '%s'"
            .formatted(seen.state(), seen.progress(), seen.heartbeat()));
  }

  private static List<Entry> select(MysqlSession session, String where) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    for (List<String> row :
        MysqlSql.rows(
            session.connection(),
            "SELECT digest, mark, target, strategy, state, progress, heartbeat,"
                + " TIMESTAMPDIFF(SECOND, heartbeat, UTC_TIMESTAMP(6)) FROM "
                + TABLE
                + where)) {
      entries.add(
          new Entry(
              new LoadNames(row.get(0), row.get(1)),
              row.get(2),
              WriteStrategy.valueOf(row.get(3)),
              State.valueOf(row.get(4)),
              Long.parseLong(row.get(5)),
              row.get(6),
              Long.parseLong(row.get(7))));
    }
    return entries;
  }

  /**
   * How far the publication of a load is; nothing if the server doesn't know of one.
   *
   * @throws DataException if it was taken for dead
   */
  public static OptionalLong progress(MysqlSession session, String digest) throws SQLException {
    Optional<Entry> found = find(session, digest);
    if (found.filter(entry -> entry.state() == State.SWEPT).isPresent()) {
      throw takenForDead(found.get().target());
    }
    return found.stream()
        .filter(entry -> entry.state() != State.STAGING)
        .mapToLong(Entry::progress)
        .findFirst();
  }

  public static DataException takenForDead(String target) {
    return new DataException(
        "The load of %s was taken for dead by another one, which has removed what it had staged: this process stood still or lost its connections for too long, or the server has lost what it had committed; run again"
            .formatted(target));
  }

  /**
   * Begins to change the target.
   *
   * @return false if another load is changing it
   */
  public static boolean beginPublishing(MysqlSession session, String digest) throws SQLException {
    try {
      set(
          session,
          "state = 'PUBLISHING', changing = target, heartbeat = UTC_TIMESTAMP(6)",
          digest,
          "state <> 'SWEPT'");
      return true;
    } catch (SQLException e) {
      if (MysqlFailures.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Keeps others from publishing a load, up to the end of the transaction.
   *
   * @return false if that has begun
   */
  static boolean holdStaging(MysqlSession session, String digest) throws SQLException {
    return set(session, "heartbeat = UTC_TIMESTAMP(6)", digest, "state = 'STAGING'");
  }

  /** Leaves the target to others; nothing of it has changed. */
  public static void withdraw(MysqlSession session, String digest) throws SQLException {
    set(session, "state = 'STAGING', changing = NULL", digest, "state = 'PUBLISHING'");
  }

  /**
   * Notes that all is published, in the transaction that has made sure of it.
   *
   * @return false if the load was taken for dead meanwhile, or the server has lost its publication
   */
  public static boolean endPublishing(MysqlSession session, String digest) throws SQLException {
    return set(
        session,
        "state = 'PUBLISHED', changing = NULL, heartbeat = UTC_TIMESTAMP(6)",
        digest,
        "state = 'PUBLISHING'");
  }

  /**
   * Notes what a run has published, in the transaction that ends the publication: an entry of its
   * own, which stays when those of its attempts are gone.
   */
  public static void recordRun(MysqlSession session, LoadId<Server> id, long rows)
      throws SQLException {
    enter(session, id.ofRun().toString(), id, "", State.PUBLISHED, rows);
  }

  /** The rows that a run has published, if it has. */
  public static OptionalLong publishedRows(MysqlSession session, String run) throws SQLException {
    return find(session, run).stream().mapToLong(Entry::progress).findFirst();
  }

  /**
   * Notes progress, in the transaction that makes it.
   *
   * @param state in which the load has to be: of one that is being staged rows may be missing
   * @return false if the progress is another, see {@link #progress}: somebody, maybe an earlier try
   *     of the same, has got there already, or the server has lost what it had committed
   */
  public static boolean advance(
      MysqlSession session, String digest, State state, long from, long to) throws SQLException {
    return set(
        session,
        "progress = %d, heartbeat = UTC_TIMESTAMP(6)".formatted(to),
        digest,
        "state = '%s' AND progress = %d".formatted(state, from));
  }

  private static String where(String digest) {
    return " WHERE digest = " + SqlText.literal(digest);
  }
}
