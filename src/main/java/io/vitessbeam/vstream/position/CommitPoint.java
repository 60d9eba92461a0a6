package io.vitessbeam.vstream.position;

import com.google.protobuf.ByteString;

/**
 * A point between two transactions of a shard.
 *
 * @param gtid the transactions before it, as vtgate wrote them
 * @param set the same
 * @param lastKeys how far the copy is, see {@link StreamPosition}
 * @param copied whether there is nothing left to copy
 */
public record CommitPoint(String gtid, GtidSet set, ByteString lastKeys, boolean copied) {

  public static CommitPoint of(StreamPosition position) {
    return new CommitPoint(
        position.gtid(), GtidSet.parse(position.gtid()), position.lastKeys(), position.copied());
  }

  public CommitPoint asCopied() {
    return new CommitPoint(gtid, set, lastKeys, true);
  }
}
