package io.vitessbeam.write.mysql;

import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reconciles what was read with what is staged, and only then brings it into the target. Can be
 * done again at any point, by any JVM, and goes on where it ended.
 */
final class Publication {

  private static final long POLL_MILLIS = 1000;

  private final LoadId id;
  private final Sessions sessions;

  Publication(LoadId id, Sessions sessions) {
    this.id = id;
    this.sessions = sessions;
  }

  /**
   * @param read rows of every range
   */
  void publish(Map<Integer, Long> read) {
    Entry entry =
        sessions
            .call("Publishing " + id.name(), session -> Registry.find(session, id.digest()))
            .orElseThrow(() -> new Reconciliation(id).failure("nothing of this run is staged"));
    if (entry.state() != State.PUBLISHED) {
      healOthers();
      if (entry.state() == State.STAGING) {
        sessions.run(
            "Publishing " + id.name(),
            session -> AppendedRows.requireStaged(session, id, entry.names()));
        new Reconciliation(id).compare(sessions, entry.names(), read);
        TargetCheck check = staged(entry).targetCheck();
        sessions.run("Publishing " + id.name(), check::check);
        sessions.run(
            "Publishing " + id.name(),
            session -> Registry.enter(session, id.digest(), State.PUBLISHING));
      }
      publish(entry);
      sessions.run(
          "Publishing " + id.name(),
          session -> Registry.enter(session, id.digest(), State.PUBLISHED));
    }
    new Sweep(sessions).dropTables(id.digest());
  }

  /** The load with what is staged of it. */
  private StagedLoad staged(Entry entry) {
    return new StagedLoad(
        id,
        sessions,
        entry.names(),
        staging(entry)
            .orElseThrow(
                () -> new Reconciliation(id).failure("what was staged of it is gone; run again")),
        entry.progress());
  }

  private Optional<TableInfo> staging(Entry entry) {
    return sessions.call(
        "Publishing " + id.name(),
        session -> TableInfo.read(session.connection(), id.database(), entry.names().staging()));
  }

  private void publish(Entry entry) {
    if (StagingPlan.isDirect(id.spec())) {
      // Without it the tables are swapped, by an earlier try of which nobody heard.
      if (staging(entry).isPresent()) {
        sessions.run(
            "Publishing " + id.name(),
            session -> ReplacedTable.swap(session, id, entry.names(), entry.names().staging()));
      }
      return;
    }
    StagedLoad load = staged(entry);
    switch (id.spec().strategy()) {
      case REPLACE -> new Replacement(load).publish();
      case MERGE -> new Merge(load).publish();
      case APPEND -> append(load);
      case DELETE_INSERT -> new IntervalReplacement(load).publish();
      case SCD2 -> new Versions(load).publish();
    }
  }

  private void append(StagedLoad load) {
    TableInfo target = load.prepareTarget(List.of());
    AppendedRows rows = new AppendedRows(sessions);
    if (AppendedRows.canBeUndone(target, load.staging())) {
      rows.append(id, load.names(), load.staging(), load.progress());
    } else {
      rows.appendAtOnce(id, load.names(), load.staging(), load.progress());
    }
  }

  /** Undoes what appends of dead loads have left in the target, once they are known to be dead. */
  private void healOthers() {
    while (true) {
      List<Entry> others =
          sessions.call("Publishing " + id.name(), session -> Registry.unfinished(session, id));
      if (others.isEmpty()) {
        return;
      }
      others.stream().filter(Entry::dead).forEach(new Sweep(sessions)::remove);
      if (!others.stream().allMatch(Entry::dead)) {
        // Its heart beats, or did a moment ago.
        sleep();
      }
    }
  }

  private void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Publishing " + id.name() + " was interrupted", e);
    }
  }
}
