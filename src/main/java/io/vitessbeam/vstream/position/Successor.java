package io.vitessbeam.vstream.position;

import java.io.Serializable;
import java.util.Objects;

/**
 * A shard in which a stream goes on since its own was resharded, and how far it is there.
 *
 * @param gtid the transactions before it are given out
 * @param skip rows of the next transaction that are given out already
 * @param sinceMillis when the reshard was written into the log of the shard before it, and later
 *     than that of the reshard before: what happens to a row from then on is newer than what
 *     happened to it before, in whatever shard it was
 */
public record Successor(String shard, String gtid, long skip, long sinceMillis)
    implements Serializable {

  public Successor {
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(gtid, "gtid");
  }

  Successor at(String newGtid, long newSkip) {
    return new Successor(shard, newGtid, newSkip, sinceMillis);
  }
}
