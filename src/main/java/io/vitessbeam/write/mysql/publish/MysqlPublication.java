package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.MysqlSignOfLife;
import io.vitessbeam.write.mysql.Registry;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.ServerSessions;
import io.vitessbeam.write.mysql.Sweep;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.staging.Ledger;
import io.vitessbeam.write.mysql.staging.StagingPlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles what was read with what is staged, and only then brings it into the target. Can be
 * done again at any point, by any JVM, and goes on where it ended.
 *
 * @param id in the run that it is published for
 */
public record MysqlPublication(
    LoadId<Server> id,
    ServerSessions sessions,
    MysqlSignOfLife sign,
    LoadTimings timings,
    Receipts read,
    Companion companion) {

  private static final Logger LOG = LoggerFactory.getLogger(MysqlPublication.class);

  /** What is done beside a publication, while no other load can change the target. */
  public interface Companion {

    Companion NONE = new Companion() {};

    /** Before the target changes; if it fails the target stays as it is. */
    default void begin() {}

    /** Once it has changed; again if the publication is tried again. */
    default void prepareEnd() {}

    /** In the transaction that notes the end, at a server that has all of the change. */
    default void end(MysqlSession session) throws SQLException {}
  }

  /** The number of rows published, now or by another attempt of the run. */
  public long publish() {
    OptionalLong before = before();
    long rows = before.isPresent() ? before.getAsLong() : publishNow();
    new Sweep(sessions, sign).dropTables(id.digest().toString());
    return rows;
  }

  /** What another attempt has published. */
  private OptionalLong before() {
    return sessions.call(
        doing(), session -> Registry.publishedRows(session, id.ofRun().toString()));
  }

  private long publishNow() {
    Entry entry =
        sessions
            .call(doing(), session -> Registry.find(session, id.digest().toString()))
            .orElseThrow(() -> read.failure("nothing of this run is staged"));
    if (entry.state() == State.SWEPT) {
      throw Registry.takenForDead(id.table().toString());
    }
    if (entry.state() == State.STAGING) {
      begin(entry);
      // While this one waited for it, or before: from here on nobody else changes the target.
      OptionalLong before = before();
      if (before.isPresent()) {
        withdraw();
        return before.getAsLong();
      }
      beginCompanion();
    }
    if (entry.state() != State.PUBLISHED) {
      change(entry);
    }
    return read.total();
  }

  private void begin(Entry entry) {
    sessions.run(doing(), session -> AppendedRows.requireStaged(session, id, entry.names(), read));
    requireStaged(entry.names());
    TargetCheck check = staged(entry).targetCheck();
    sessions.run(doing(), check::check);
    while (!sessions.call(doing(), session -> begins(session, entry.names()))) {
      awaitOther();
      sessions.run(doing(), check::check);
    }
  }

  private void beginCompanion() {
    try {
      companion.begin();
    } catch (RuntimeException e) {
      withdraw();
      throw e;
    }
  }

  private void withdraw() {
    sessions.run(doing(), session -> Registry.withdraw(session, id.digest().toString()));
  }

  private void requireStaged(LoadNames names) {
    Map<Integer, Long> ledger =
        sessions.call(doing(), session -> new Ledger(names.ledger()).rows(session));
    String count = "SELECT COUNT(*) FROM " + LoadNames.quoted(names.staging());
    read.requireStaged(ledger, Long.parseLong(sessions.read(doing(), count).get(0).get(0)));
  }

  /** Begins, unless another load is changing the target. */
  private boolean begins(MysqlSession session, LoadNames names) throws SQLException {
    AtomicBoolean begins = new AtomicBoolean();
    session.atomically(
        () -> {
          // First: from here on nobody stages another reading of a range.
          begins.set(Registry.beginPublishing(session, id.digest().toString()));
          // What was counted may have been on another server.
          if (begins.get() && !read.agreeWith(new Ledger(names.ledger()).rows(session))) {
            throw AppendedRows.lost(id);
          }
        });
    return begins.get();
  }

  /** Waits for the load that is changing the target; what a dead one has left there is undone. */
  private void awaitOther() {
    Optional<Entry> other = changing();
    if (other.isPresent()) {
      LOG.info(
          "{} is being changed by another load: waiting until that is over or dead", id.table());
    }
    while (other.isPresent()) {
      if (isDead(other.get())) {
        new Sweep(sessions, sign).remove(other.get());
      } else {
        // It goes on, or did a moment ago.
        sleep();
      }
      other = changing();
    }
  }

  private Optional<Entry> changing() {
    return sessions.call(doing(), session -> Registry.changing(session, id));
  }

  private boolean isDead(Entry other) {
    return !sessions.call(doing(), session -> sign.dead(session, List.of(other))).isEmpty();
  }

  /** Until a server has all of it and the word of it too, whatever primaries die meanwhile. */
  private void change(Entry entry) {
    boolean over = false;
    while (!over) {
      PublishedChange change = changeOf(entry);
      change.make();
      companion.prepareEnd();
      over = end(change);
    }
  }

  /** Ends, unless the server has lost some of the change. */
  private boolean end(PublishedChange change) {
    boolean ended = sessions.call(doing(), session -> ends(session, change));
    if (!ended) {
      requireKnown();
    }
    return ended;
  }

  private boolean ends(MysqlSession session, PublishedChange change) throws SQLException {
    AtomicBoolean ends = new AtomicBoolean();
    session.atomically(
        () -> {
          ends.set(
              change.isMade(session) && Registry.endPublishing(session, id.digest().toString()));
          if (ends.get()) {
            Registry.recordRun(session, id, read.total());
            companion.end(session);
          }
        });
    return ends.get();
  }

  private void requireKnown() {
    if (sessions
        .call(doing(), session -> Registry.progress(session, id.digest().toString()))
        .isEmpty()) {
      throw Registry.takenForDead(id.table().toString());
    }
  }

  private String doing() {
    return "Publishing " + id.table();
  }

  /** The load with what is staged of it. */
  private StagedLoad staged(Entry entry) {
    return new StagedLoad(
        id,
        sessions,
        entry.names(),
        staging(entry).orElseThrow(() -> read.failure("what was staged of it is gone; run again")),
        read.total());
  }

  private Optional<TableInfo> staging(Entry entry) {
    return sessions.call(
        doing(),
        session -> TableInfo.read(session.connection(), id.schema(), entry.names().staging()));
  }

  private PublishedChange changeOf(Entry entry) {
    if (StagingPlan.isDirect(id.spec())) {
      return new Swap(id, sessions, entry.names());
    }
    StagedLoad load = staged(entry);
    return switch (id.spec().strategy()) {
      case REPLACE -> new MysqlReplacement(load);
      case MERGE -> new Merge(load);
      case APPEND -> new Append(load);
      case DELETE_INSERT -> new IntervalReplacement(load);
      case SCD2 -> new Versions(load);
    };
  }

  private void sleep() {
    try {
      Thread.sleep(timings.poll().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(doing() + " was interrupted", e);
    }
  }
}
