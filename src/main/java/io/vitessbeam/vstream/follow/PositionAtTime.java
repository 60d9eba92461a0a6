package io.vitessbeam.vstream.follow;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.vstream.position.GtidSet;
import java.time.Instant;

/**
 * Finds where a shard's log was at a time: by halves, for each of the servers that ever were its
 * primary. Each numbers its transactions in the order of their commits, while those of several may
 * stand in any order in a log.
 *
 * <p>The previous-GTIDs events of the binary logs would tell less, and Vitess's own users may not
 * read them (SHOW BINLOG EVENTS wants REPLICATION SLAVE).
 */
public final class PositionAtTime {

  /** Tells when transactions were committed. */
  public interface CommitTimes {

    /** The time, in seconds, of the first transaction in the log that is not in a set. */
    long ofFirstAfter(GtidSet set) throws InterruptedException;
  }

  private final CommitTimes times;
  private final GtidSet executed;
  private final GtidSet purged;

  /**
   * @param executed all transactions of the shard
   * @param purged those of them that are in no binary log any more
   */
  public PositionAtTime(CommitTimes times, GtidSet executed, GtidSet purged) {
    this.times = times;
    this.executed = executed;
    this.purged = purged;
  }

  /**
   * The transactions that were committed before a time, by the clocks of the servers, in whole
   * seconds.
   *
   * @param shard for messages
   * @throws NeedsRefreshException if the logs don't reach back so far
   */
  public GtidSet at(Instant time, String shard) throws InterruptedException {
    // What was committed in the second that the time is in may be after it.
    long seconds = time.getEpochSecond();
    GtidSet before = executed;
    for (String server : executed.servers()) {
      before = before.withFirst(server, countBefore(seconds, server));
    }
    if (before.rank() < 2 || purged.contains(before)) {
      throw new NeedsRefreshException(
          "The binary logs of shard "
              + shard
              + " don't reach back to "
              + time
              + (purged.isEmpty() ? ": it has nothing from before" : ": older ones were purged")
              + ". Start at a later time, or with a copy");
    }
    return before;
  }

  private long countBefore(long seconds, String server) throws InterruptedException {
    long before = Math.min(purged.count(server), executed.count(server));
    long notBefore = executed.count(server) + 1;
    while (notBefore - before > 1) {
      long middle = before + (notBefore - before) / 2;
      // With all of the other servers, so that the next one is of this.
      GtidSet set = executed.withFirst(server, middle - 1);
      // Nothing can be streamed from an empty set, so that the first of all isn't known.
      if (set.isEmpty() || times.ofFirstAfter(set) < seconds) {
        before = middle;
      } else {
        notBefore = middle;
      }
    }
    return before;
  }
}
