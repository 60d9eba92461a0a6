package io.vitessbeam.vstream.follow;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why nothing comes of a shard: what its primary said last, or else its stream, while they fail.
 * Told when it begins, when it is another reason, and when it is over. For any thread.
 */
final class ShardSilence {

  private static final Logger LOG = LoggerFactory.getLogger(ShardSilence.class);

  private final String what;
  private final String shard;
  private final StreamWaits waits;
  private String primary = "";
  private String stream = "";
  private String told = "";
  private long sinceNanos;

  /**
   * @param what is streamed, for people
   */
  ShardSilence(String what, String shard, StreamWaits waits) {
    this.what = what;
    this.shard = shard;
    this.waits = waits;
  }

  synchronized void primaryFailed(String reason) {
    primary = reason;
    tell();
  }

  synchronized void primaryAnswered() {
    primary = "";
    tell();
  }

  synchronized void streamFailed(String reason) {
    stream = reason;
    tell();
  }

  /** It brought something, or there is nothing to bring. */
  synchronized void streamGoesOn() {
    stream = "";
    tell();
  }

  private void tell() {
    String reason = primary.isEmpty() ? stream : primary;
    if (reason.equals(told)) {
      return;
    }
    if (told.isEmpty()) {
      sinceNanos = System.nanoTime();
      LOG.warn("{} is waited for: {}", what, reason);
    } else if (reason.isEmpty()) {
      LOG.info(
          "{} goes on after {} s",
          what,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos));
    }
    told = reason;
    waits.waits(shard, reason);
  }
}
