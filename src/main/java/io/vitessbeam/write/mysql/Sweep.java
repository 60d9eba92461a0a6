package io.vitessbeam.write.mysql;

import io.vitessbeam.DataException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.publish.AppendedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what loads have left that ended without an end. */
public record Sweep(ServerSessions sessions, MysqlSignOfLife sign) {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /**
   * Removes everything of dead loads in the database.
   *
   * @return those that are not, or not yet known to be
   */
  List<Entry> sweep() {
    return sweep(
        sessions.call(
            "Looking for dead loads",
            session -> {
              Set<String> staged = new HashSet<>();
              tables(session, "")
                  .forEach(table -> LoadNames.digestOf(table).ifPresent(staged::add));
              return Registry.leftovers(session, staged);
            }));
  }

  private List<Entry> sweep(List<Entry> leftovers) {
    List<Entry> dead =
        sessions.call("Looking for dead loads", session -> sign.dead(session, leftovers));
    for (Entry entry : dead) {
      LOG.info("Sweeping a load of {} that ended as {}", entry.target(), entry.state());
      try {
        remove(entry);
      } catch (VitessBeamException e) {
        // Loads of other tables need not wait until somebody mends this.
        LOG.warn("{}", e.getMessage());
        LOG.debug("What is in the way", e);
      }
    }
    return leftovers.stream().filter(entry -> !dead.contains(entry)).toList();
  }

  /**
   * Removes those that were there a while ago and are dead, as soon as that is known. Nothing of it
   * is a reason to fail.
   */
  void sweepAgain(List<Entry> there, LoadTimings timings) {
    if (there.isEmpty()) {
      return;
    }
    try {
      List<Entry> left = inDoubt(there);
      // From the first look on, however long that took: the last one comes after the doubts.
      long end = System.nanoTime() + 2 * timings.doubt().toNanos();
      boolean last = false;
      while (!left.isEmpty() && !last) {
        Thread.sleep(timings.sign().toMillis());
        last = System.nanoTime() > end;
        left = inDoubt(left);
      }
    } catch (VitessBeamException e) {
      LOG.warn("What dead loads have left is not swept", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sweeps those that are still there and dead; those of the others that may be. */
  private List<Entry> inDoubt(List<Entry> entries) {
    return sweep(again(entries)).stream().filter(sign::isInDoubt).toList();
  }

  private List<Entry> again(List<Entry> entries) {
    return sessions.call(
        "Looking for dead loads",
        session -> {
          List<Entry> found = new ArrayList<>();
          for (Entry entry : entries) {
            Registry.find(session, entry.names().digest()).ifPresent(found::add);
          }
          return found;
        });
  }

  /** Removes what a load of this JVM has staged; one that is published stays so. */
  void drop(String digest) {
    Optional<Entry> entry = find(digest);
    while (entry.isPresent() && !remove(entry.get())) {
      entry = find(digest);
    }
  }

  private Optional<Entry> find(String digest) {
    return sessions.call("Dropping what is staged", session -> Registry.find(session, digest));
  }

  /**
   * Removes what is left of a load. First it is taken away from whoever worked on it: if they do
   * live, they find out before they take what is done here for their own work.
   *
   * @return false if it has moved since it was looked at
   * @throws DataException if its rows can't be taken out of the target
   */
  public boolean remove(Entry entry) {
    String digest = entry.names().digest();
    boolean own = sign.isShown(digest);
    sessions.run("Sweeping", session -> sign.show(digest));
    try {
      if (entry.state() != State.PUBLISHED && !claims(entry)) {
        return false;
      }
      undo(entry);
      dropTables(digest);
      sessions.run("Sweeping", session -> Registry.forget(session, digest));
      return true;
    } finally {
      sign.swept(entry);
      if (!own) {
        sign.end(digest);
      }
    }
  }

  private boolean claims(Entry entry) {
    AtomicBoolean claimed = new AtomicBoolean();
    sessions.run(
        "Sweeping",
        session ->
            session.atomically(
                () -> {
                  claimed.set(Registry.claim(session, entry));
                  if (claimed.get()) {
                    sign.succeed(session, entry.names().digest());
                  }
                }));
    return claimed.get();
  }

  private void undo(Entry entry) {
    if (entry.strategy() != WriteStrategy.APPEND || !entry.mayBeInTarget()) {
      return;
    }
    try {
      new AppendedRows(sessions).undo(entry);
    } catch (VitessBeamException e) {
      throw new DataException(
          "A dead load has appended rows to %s that can't be taken out again, so nothing is loaded into this table: %s. Mend that, or delete by hand the rows that %s has, and then the row of %s whose digest is %s"
              .formatted(
                  entry.target(),
                  e.getMessage(),
                  entry.names().staging(),
                  Registry.TABLE,
                  entry.names().digest()),
          e);
    }
  }

  /** Drops the tables of a load, by whatever plan. */
  public void dropTables(String digest) {
    sessions.run(
        "Dropping staging tables",
        session -> {
          List<String> left =
              tables(session, digest).stream()
                  .filter(table -> LoadNames.digestOf(table).equals(Optional.of(digest)))
                  .toList();
          if (!left.isEmpty()) {
            // At a stroke: vttablet reads its whole schema again after each statement.
            session.update("DROP TABLE IF EXISTS " + TableDdl.names(left));
          }
        });
  }

  private static List<String> tables(MysqlSession session, String digest) throws SQLException {
    return MysqlSql.rows(
            session.connection(),
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME LIKE "
                + SqlText.literal("\\_vitessbeam\\_%" + digest + "%"))
        .stream()
        .map(row -> row.get(0))
        .toList();
  }
}
