package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlFailures;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.MysqlSql;
import io.vitessbeam.write.mysql.Registry;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.ServerSessions;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings staged rows into a table that keeps its own, some in each transaction, and takes them out
 * again when whoever did so died midway. The registry's progress is the number of the last row that
 * is in the target, so that neither happens twice.
 */
public record AppendedRows(ServerSessions sessions) {

  /**
   * Whether rows of a table can be found again by what was staged of them: by its primary key, of
   * which they have all columns.
   */
  static boolean canBeUndone(TableInfo target, TableInfo staging) {
    return !target.primaryKey().isEmpty()
        && target.primaryKey().stream().allMatch(key -> staging.column(key).isPresent());
  }

  /** Appends the rows that are not yet there. */
  void append(LoadId<Server> id, LoadNames names, TableInfo staging) {
    String doing = "Appending to " + id.table();
    String insert = insert(id.table().table(), names, staging);
    long from = progress(id, names);
    while (true) {
      long after = from;
      Optional<Piece> next = sessions.call(doing, session -> next(session, names, after, "ASC"));
      if (next.isEmpty()) {
        return;
      }
      from =
          sessions
              .call(doing, session -> step(session, id, names, after, next.get(), insert))
              .orElseThrow(() -> lost(id));
    }
  }

  /**
   * Does a statement and notes it, unless that is noted already. Gives the registry's progress
   * then, which may be less than before, see {@link Chunks}; nothing if that doesn't know of it.
   */
  private static OptionalLong step(
      MysqlSession session,
      LoadId<Server> id,
      LoadNames names,
      long from,
      Piece piece,
      String insert)
      throws SQLException {
    AtomicBoolean done = new AtomicBoolean();
    session.atomically(
        () -> {
          done.set(Registry.advance(session, names.digest(), State.PUBLISHING, from, piece.last()));
          if (done.get()) {
            StagedLoad.requireWritten(
                id, piece.rows(), session.update(insert + within(from, piece.last())));
          }
        });
    return done.get() ? OptionalLong.of(piece.last()) : Registry.progress(session, names.digest());
  }

  private long progress(LoadId<Server> id, LoadNames names) {
    return sessions
        .call("Appending to " + id.table(), session -> Registry.progress(session, names.digest()))
        .orElseThrow(() -> lost(id));
  }

  /** Whether some rows are there already. */
  boolean isBegun(LoadId<Server> id, LoadNames names) {
    return progress(id, names) != NONE;
  }

  /** Whether all rows are there, as the session's server has it. */
  boolean isAll(MysqlSession session, LoadNames names) throws SQLException {
    OptionalLong progress = Registry.progress(session, names.digest());
    return progress.isPresent()
        && (progress.getAsLong() == ALL
            || next(session, names, progress.getAsLong(), "ASC").isEmpty());
  }

  /**
   * Appends all rows in one transaction, which may be as long as it needs to be.
   *
   * @param rows how many there are
   */
  void appendAtOnce(LoadId<Server> id, LoadNames names, TableInfo staging, long rows) {
    if (progress(id, names) != NONE) {
      return;
    }
    sessions.run(
        "Appending to " + id.table(),
        session -> {
          Optional<String> withoutLimits = sessions.database().withoutLimits();
          if (withoutLimits.isPresent()) {
            session.update(withoutLimits.get());
          }
          session.withoutTimeout();
          session.atomically(
              () -> {
                if (Registry.advance(session, names.digest(), State.PUBLISHING, NONE, ALL)) {
                  StagedLoad.requireWritten(
                      id,
                      rows,
                      session.update(
                          insert(id.table().table(), names, staging) + within(NONE, ALL)));
                }
              });
        });
  }

  /** Before the first row, whose number is 0. */
  public static final long NONE = -1;

  private static final long ALL = Long.MAX_VALUE;

  /** Takes out the rows that a dead load has appended. */
  public void undo(Entry entry) {
    LoadNames names = entry.names();
    long from = entry.progress();
    String doing = "Undoing what a dead load has appended to " + entry.target();
    if (from == NONE || from == ALL) {
      // In one transaction: none of it is there, or all, and then the load had ended but for a
      // word.
      return;
    }
    Optional<String> match =
        sessions.call(
            doing,
            session -> {
              String database = sessions.database().name();
              Optional<TableInfo> staging =
                  TableInfo.read(session.connection(), database, names.staging());
              Optional<TableInfo> target =
                  TableInfo.read(session.connection(), database, entry.target());
              return staging.flatMap(
                  staged -> target.map(there -> match(entry.target(), there, staged)));
            });
    if (match.isEmpty()) {
      return;
    }
    while (from > NONE) {
      long last = from;
      OptionalLong found = before(doing, names, last);
      if (found.isEmpty()) {
        return;
      }
      long before = found.getAsLong();
      String delete =
          "DELETE t FROM %s s STRAIGHT_JOIN %s ON %s%s"
              .formatted(
                  LoadNames.quoted(names.staging()),
                  TableInfo.byPrimaryKey(entry.target(), "t"),
                  match.get(),
                  within(before, last));
      from = sessions.call(doing, session -> stepBack(session, names, last, before, delete));
    }
  }

  private static String match(String name, TableInfo target, TableInfo staged) {
    if (!canBeUndone(target, staged)) {
      throw new DataException(
          "the primary key of " + name + " is another one than when the rows were appended");
    }
    return new KeyMatch(target, staged).same(target.primaryKey());
  }

  /** As {@link #step}, of a load that is being swept; over if another sweep has its end. */
  private static long stepBack(
      MysqlSession session, LoadNames names, long from, long to, String sql) throws SQLException {
    AtomicBoolean done = new AtomicBoolean();
    session.atomically(
        () -> {
          done.set(Registry.advance(session, names.digest(), State.SWEPT, from, to));
          if (done.get()) {
            session.update(sql);
          }
        });
    return done.get()
        ? to
        : Registry.find(session, names.digest()).map(Entry::progress).orElse(NONE);
  }

  /** The number of the row before a piece; nothing if another sweep has done it all meanwhile. */
  private OptionalLong before(String doing, LoadNames names, long last) {
    return sessions.call(
        doing,
        session -> {
          try {
            Optional<Piece> piece = next(session, names, last, "DESC");
            return OptionalLong.of(piece.isEmpty() ? NONE : piece.get().last() - 1);
          } catch (SQLException e) {
            boolean over =
                MysqlFailures.isNoSuchTable(e)
                    && Registry.find(session, names.digest())
                        .filter(entry -> entry.progress() != NONE)
                        .isEmpty();
            if (over) {
              return OptionalLong.empty();
            }
            throw e;
          }
        });
  }

  /**
   * Some rows, one after the other.
   *
   * @param last the number of the last one
   */
  private record Piece(long last, long rows) {}

  /** The next piece after a row, or before it and with it. */
  private Optional<Piece> next(MysqlSession session, LoadNames names, long row, String direction)
      throws SQLException {
    boolean forward = direction.equals("ASC");
    long bytes = sessions.database().bytesOfTransaction();
    String most =
        "SELECT %s AS n, %s AS b FROM %s WHERE %s %s %d ORDER BY n %s LIMIT %d"
            .formatted(
                LoadNames.quoted(LoadNames.ROW),
                LoadNames.quoted(LoadNames.BYTES),
                LoadNames.quoted(names.staging()),
                LoadNames.quoted(LoadNames.ROW),
                forward ? ">" : "<=",
                row,
                direction,
                sessions.database().rowsOfTransaction());
    // All that are not too many bytes together, and one at least.
    String sql =
        "SELECT COALESCE(%s(IF(size <= %d, n, NULL)), %s(n)), GREATEST(1, SUM(size <= %d)) FROM (SELECT n, SUM(b) OVER (ORDER BY n %s ROWS UNBOUNDED PRECEDING) AS size FROM (%s) l) r"
            .formatted(
                forward ? "MAX" : "MIN", bytes, forward ? "MIN" : "MAX", bytes, direction, most);
    List<String> piece = MysqlSql.rows(session.connection(), sql).get(0);
    return piece.get(0) == null
        ? Optional.empty()
        : Optional.of(new Piece(Long.parseLong(piece.get(0)), Long.parseLong(piece.get(1))));
  }

  private static String insert(String target, LoadNames names, TableInfo staging) {
    return insertInto(target, staging) + " FROM " + LoadNames.quoted(names.staging()) + " s";
  }

  /** {@code INSERT INTO t (a, b) SELECT s.a, s.b}. */
  static String insertInto(String target, TableInfo staging) {
    return insertInto(target, staging, Map.of());
  }

  /**
   * The same with more columns.
   *
   * @param others expressions by column, in order
   */
  static String insertInto(String target, TableInfo staging, Map<String, String> others) {
    List<String> columns = new ArrayList<>(columns(staging));
    List<String> values =
        new ArrayList<>(columns.stream().map(name -> "s." + LoadNames.quoted(name)).toList());
    columns.addAll(others.keySet());
    values.addAll(others.values());
    return "INSERT INTO %s (%s) SELECT %s"
        .formatted(LoadNames.quoted(target), TableDdl.names(columns), String.join(", ", values));
  }

  /** The source's columns. */
  static List<String> columns(TableInfo staging) {
    return staging.schema().columns().stream()
        .map(Column::name)
        .filter(name -> !LoadNames.isAdded(name))
        .toList();
  }

  private static String within(long after, long to) {
    return " WHERE s.%1$s > %2$d AND s.%1$s <= %3$d"
        .formatted(LoadNames.quoted(LoadNames.ROW), after, to);
  }

  static void requireStaged(MysqlSession session, LoadId<Server> id, LoadNames names, Receipts read)
      throws SQLException {
    if (TableInfo.read(session.connection(), id.schema(), names.staging()).isEmpty()) {
      throw read.failure(
          "what was staged of it is gone: another load has taken it for dead, since its process"
              + " stood still or lost its connections for too long; run again");
    }
  }

  /** What was committed is gone: the primary died, and the new one had not heard of it. */
  static DataException lost(LoadId<Server> id) {
    return new DataException(
        id.table()
            + " is not published: the server has lost what it had committed, as a replica that"
            + " takes the place of a dead primary may have; run again");
  }
}
