package io.vitessbeam.vstream.follow;

import io.vitessbeam.block.Block;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.StreamPosition;

/** What a shard's log gave per transaction, and so how much is left of it. For any thread. */
final class Throughput {

  /** Of a transaction that changes a row, before any is known. */
  private static final long ASSUMED_BYTES = 200;

  /** Of the position behind which bytes are counted, and of the last one; -1 while it is copied. */
  private long firstRank = -1;

  private long rank = -1;
  private long bytes;
  private String gtid = "";

  Throughput(StreamPosition from) {
    moveTo(from);
  }

  synchronized void gave(ShardReader.Item item) {
    if (firstRank >= 0) {
      for (Block block : item.blocks()) {
        bytes += block.length();
      }
    }
    moveTo(item.after());
  }

  private void moveTo(StreamPosition position) {
    if (position.copied() && !position.gtid().equals(gtid)) {
      gtid = position.gtid();
      rank = GtidSet.parse(gtid).rank();
      firstRank = firstRank < 0 ? rank : firstRank;
    }
  }

  /** The bytes of the transactions up to the one of a rank, roughly; 0 while it is copied. */
  synchronized long bytesUpTo(long goal) {
    if (firstRank < 0 || goal <= rank) {
      return 0;
    }
    long given = rank - firstRank;
    return (goal - rank) * (given == 0 ? ASSUMED_BYTES : Math.max(1, bytes / given));
  }
}
