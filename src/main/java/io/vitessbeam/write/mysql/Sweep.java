package io.vitessbeam.write.mysql;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what loads have left that ended without an end. */
final class Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final Sessions sessions;

  Sweep(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Removes everything of dead loads in the database. */
  void sweep() {
    List<Entry> leftovers =
        sessions.call(
            "Looking for dead loads",
            session -> {
              Set<String> staged = new HashSet<>();
              tables(session, "").forEach(table -> Names.digestOf(table).ifPresent(staged::add));
              return Registry.leftovers(session, staged);
            });
    for (Entry entry : leftovers) {
      LOG.info("Sweeping a load of {} that ended as {}", entry.target(), entry.state());
      remove(entry);
    }
  }

  /** Removes what a load has staged; one that is published stays so. */
  void drop(String digest) {
    sessions
        .call("Dropping what is staged", session -> Registry.find(session, digest))
        .ifPresent(this::remove);
  }

  void remove(Entry entry) {
    if (entry.strategy() == WriteStrategy.APPEND && entry.state() == State.PUBLISHING) {
      new AppendedRows(sessions).undo(entry);
    }
    dropTables(entry.names().digest());
    sessions.run("Sweeping", session -> Registry.forget(session, entry.names().digest()));
  }

  /** Drops the tables of a load, by whatever plan. */
  void dropTables(String digest) {
    sessions.run(
        "Dropping staging tables",
        session -> {
          List<String> left =
              tables(session, digest).stream()
                  .filter(table -> Names.digestOf(table).equals(Optional.of(digest)))
                  .toList();
          if (!left.isEmpty()) {
            // At a stroke: vttablet reads its whole schema again after each statement.
            session.update("DROP TABLE IF EXISTS " + TableDdl.names(left));
          }
        });
  }

  private static List<String> tables(Session session, String digest) throws SQLException {
    return Sql.rows(
            session.connection(),
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME LIKE "
                + SqlText.literal("\\_vitessbeam\\_%" + digest + "%"))
        .stream()
        .map(row -> row.get(0))
        .toList();
  }
}
