package io.vitessbeam.vstream.position;

import io.vitessbeam.TransientException;
import io.vitessbeam.connect.VitessUri;

/** What the servers of a shard say of their transactions. */
public interface ShardGtids extends AutoCloseable {

  /**
   * What a primary had executed at a time of its own clock, by which it dates its transactions.
   *
   * @param seconds since 1970, of when the question came
   */
  record Moment(GtidSet executed, long seconds) {

    /** A COMMIT is dated, in whole seconds, when it begins, and executed when it is done. */
    private static final long COMMIT_SECONDS = 1;

    /** What was committed before that time is among the executed. */
    public long allBeforeMillis() {
      return (seconds - COMMIT_SECONDS) * 1000;
    }
  }

  /**
   * Those that its primary has executed.
   *
   * @throws TransientException if the primary is away
   */
  GtidSet executed();

  /**
   * The same with the time, for who asks often: a session is kept for it. For one thread.
   *
   * @throws TransientException if the primary is away
   */
  Moment now();

  /**
   * Those that are in no binary log any more of a tablet that is followed.
   *
   * @throws TransientException if there is none
   */
  GtidSet purged();

  /** Ends the session that is kept. */
  @Override
  void close();

  /** By SQL. */
  static ShardGtids of(VitessUri followed, String shard) {
    return new ServerGtids(followed, shard);
  }
}
