package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata.VEventType;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.ShardStream;

/** What is said when the events of a stream end it. */
record StreamFailures(ShardStream stream) {

  NeedsRefreshException resharded() {
    return new NeedsRefreshException(
        "Shard "
            + stream.describe()
            + " was resharded: its changes go on in other shards. Begin again with a copy when the"
            + " new shards serve");
  }

  NeedsRefreshException purged(String gtid) {
    return outOfReach(gtid, "binary logs after it were purged");
  }

  NeedsRefreshException unknown(String gtid) {
    return outOfReach(
        gtid, "the shard never had all of it: it was restored, or a failover lost transactions");
  }

  private NeedsRefreshException outOfReach(String gtid, String why) {
    return new NeedsRefreshException(
        "The changes of "
            + stream.describe()
            + " can't be followed from "
            + gtid
            + " any more: "
            + why
            + ". Begin again with a copy");
  }

  /** A transaction of which a part was given out comes with other rows. */
  DataException changed() {
    return new DataException(
        "A transaction of " + stream.describe() + " is not what it was before; run again");
  }

  DataException rowsBeforeFields(TableSchema table) {
    return new DataException(
        "vtgate sent rows of "
            + table.qualifiedName()
            + " from "
            + stream.describe()
            + " before their fields");
  }

  DataException withoutPosition() {
    return new DataException(
        "vtgate sent a transaction of " + stream.describe() + " without its position");
  }

  TransientException inTransaction(VEventType event) {
    return new TransientException(
        "vtgate sent " + event + " of " + stream.describe() + " in a transaction", null);
  }
}
