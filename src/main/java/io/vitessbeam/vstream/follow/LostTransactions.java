package io.vitessbeam.vstream.follow;

import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids.Moment;
import java.time.Duration;

/**
 * Notices that a shard has lost transactions that its stream has brought: its primary died, and the
 * tablet that took its place never got them. The servers don't say so: MySQL streams its log to
 * whoever has transactions that it lacks, as long as they are those of another server.
 *
 * <p>An answer may have been given before the transactions came, and right after a failover it may
 * be the old primary's. Those pass; what was lost stays away.
 */
final class LostTransactions {

  private static final int ANSWERS = 3;

  private final long leastNanos;

  /** The last answer that was looked at; null before the first. */
  private Moment last;

  /** A position that the primary has not had in its answers since; null if it has. */
  private GtidSet suspect;

  private int answers;
  private long sinceNanos;

  /**
   * @param least for how long a primary's answers have to lack them
   */
  LostTransactions(Duration least) {
    this.leastNanos = least.toNanos();
  }

  /**
   * Whether the stream holds transactions that its shard lost.
   *
   * @param answer the primary's last, which is the same object until there is another
   * @param gtid of the stream's position; empty before its first
   */
  @SuppressWarnings("ReferenceEquality")
  boolean areIn(Moment answer, String gtid) {
    if (answer == last || gtid.isEmpty()) {
      return false;
    }
    last = answer;
    long now = System.nanoTime();
    if (suspect == null) {
      GtidSet position = GtidSet.parse(gtid);
      if (!answer.executed().contains(position)) {
        suspect = position;
        answers = 1;
        sinceNanos = now;
      }
    } else if (answer.executed().contains(suspect)) {
      suspect = null;
    } else {
      answers++;
    }
    return suspect != null && answers >= ANSWERS && now - sinceNanos >= leastNanos;
  }
}
