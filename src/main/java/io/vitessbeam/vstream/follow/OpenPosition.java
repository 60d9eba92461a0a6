package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata;
import com.google.protobuf.ByteString;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.wire.VStreamRequests;

/** Where the shard will be when the transaction under way is committed. For one thread. */
final class OpenPosition {

  private final String shard;
  private String gtid;
  private ByteString lastKeys = ByteString.EMPTY;

  OpenPosition(String shard) {
    this.shard = shard;
  }

  /** False if the position has nothing of the shard, which is no more then. */
  boolean take(Binlogdata.VGtid vgtid) {
    for (Binlogdata.ShardGtid each : vgtid.getShardGtidsList()) {
      if (each.getShard().equals(shard)) {
        gtid = each.getGtid();
        lastKeys = VStreamRequests.lastKeys(each);
        return true;
      }
    }
    return false;
  }

  boolean isKnown() {
    return gtid != null;
  }

  /** The position behind the transaction; a position has to be known. */
  CommitPoint committed(boolean copied) {
    return new CommitPoint(gtid, GtidSet.parse(gtid), lastKeys, copied);
  }

  /** Whether the copy that the transaction is of has keys left. */
  boolean hasLastKeys() {
    return !lastKeys.isEmpty();
  }

  void forget() {
    gtid = null;
    lastKeys = ByteString.EMPTY;
  }
}
