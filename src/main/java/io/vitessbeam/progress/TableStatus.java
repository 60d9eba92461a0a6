package io.vitessbeam.progress;

import io.vitessbeam.SyncedTable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How one table of a stream stands.
 *
 * @param reason why the table waits, for people; empty in other states
 * @param since when the state began
 * @param copied rows of its copies
 * @param inserted live rows that changes added, or revived
 * @param updated live rows that changes changed
 * @param deleted live rows that changes deleted
 * @param lastChange when a flush last changed the destination table
 */
public record TableStatus(
    State state,
    String reason,
    Instant since,
    long copied,
    long inserted,
    long updated,
    long deleted,
    Optional<Instant> lastChange) {

  /** What is done with a table. */
  public enum State {
    /** Its rows are read; they are not visible before all of them are there. */
    COPYING,
    /** Its changes are applied as they come. */
    FOLLOWING,
    /** It can't be followed, and stands still until the next epoch. */
    WAITING
  }

  public TableStatus {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(lastChange, "lastChange");
  }

  static TableStatus begin(State state, String reason, Instant now) {
    return new TableStatus(state, reason, now, 0, 0, 0, 0, Optional.empty());
  }

  /** In the state it is in already it stays as it is, as does the time when that began. */
  TableStatus in(State next, String why, Instant now) {
    Instant began = next == state ? since : now;
    return new TableStatus(next, why, began, copied, inserted, updated, deleted, lastChange);
  }

  TableStatus plus(SyncedTable flushed, Instant now) {
    boolean changed =
        flushed.copied() || flushed.inserted() + flushed.updated() + flushed.deleted() > 0;
    return new TableStatus(
        state,
        reason,
        since,
        copied + flushed.rowsCopied(),
        inserted + flushed.inserted(),
        updated + flushed.updated(),
        deleted + flushed.deleted(),
        changed ? Optional.of(now) : lastChange);
  }

  /** Rows that were brought into the destination, by the copy and by changes. */
  public long applied() {
    return copied + inserted + updated + deleted;
  }
}
