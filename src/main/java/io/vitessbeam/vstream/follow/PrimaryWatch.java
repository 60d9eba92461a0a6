package io.vitessbeam.vstream.follow;

import io.vitessbeam.VitessBeamException;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardGtids.Moment;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a shard's primary how far it is, on a thread of its own, so that an answer that takes long
 * holds nobody up: each second while the shard's log is silent, by which the time of an idle shard
 * goes on, and else now and then, by which is known how much is still to come.
 */
final class PrimaryWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PrimaryWatch.class);

  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
  private static final long NOW_AND_THEN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_MILLIS = 1000;

  private final ShardGtids gtids;
  private final ShardSilence silence;
  private final Thread thread;
  private volatile long movedNanos = System.nanoTime();

  /** The last answer; null before the first. */
  private volatile Moment answer;

  /**
   * Begins to ask.
   *
   * @param gtids is closed with it
   * @param shard for the name of the thread
   * @param silence is told whether it answers
   */
  PrimaryWatch(ShardGtids gtids, String shard, ShardSilence silence) {
    this.gtids = gtids;
    this.silence = silence;
    this.thread = new Thread(this::run, "vitess-primary " + shard);
    thread.setDaemon(true);
    thread.start();
  }

  /** To be called when the log's position has moved. */
  void moved() {
    movedNanos = System.nanoTime();
  }

  /** The last answer; null before the first. */
  Moment answer() {
    return answer;
  }

  private void run() {
    try (gtids) {
      long askedNanos = System.nanoTime() - NOW_AND_THEN_NANOS;
      while (true) {
        Thread.sleep(STEP_MILLIS);
        long now = System.nanoTime();
        if (now - movedNanos > SILENT_NANOS || now - askedNanos > NOW_AND_THEN_NANOS) {
          askedNanos = now;
          ask();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", thread.getName());
    }
  }

  /** A primary that doesn't answer is no failure of the stream: time stands still meanwhile. */
  private void ask() {
    try {
      answer = gtids.now();
      silence.primaryAnswered();
    } catch (VitessBeamException e) {
      silence.primaryFailed(e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
