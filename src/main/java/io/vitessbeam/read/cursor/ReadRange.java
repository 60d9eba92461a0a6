package io.vitessbeam.read.cursor;

import io.vitessbeam.connect.MysqlSource;
import io.vitessbeam.read.BlockCursor;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.ReadPart;
import io.vitessbeam.read.Retry;
import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.read.resolve.ReadRequest;
import java.util.Objects;

/**
 * A part of a read that one connection reads from begin to end: the keys from {@code lower} on and
 * before {@code upper}, of one shard or of the whole keyspace. The ranges of a read have every row
 * once.
 *
 * @param plan see {@link ReadPart#plan}
 * @param shard empty for the whole keyspace
 * @param index number of the range, from 0
 * @param count number of ranges of the read
 * @param estimatedRows what the server's statistics say, for progress only
 */
public record ReadRange(
    ReadRequest request,
    long plan,
    String shard,
    int index,
    int count,
    KeyBound lower,
    KeyBound upper,
    long estimatedRows)
    implements ReadPart {

  public ReadRange {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(lower, "lower");
    Objects.requireNonNull(upper, "upper");
  }

  @Override
  public boolean resumable() {
    return request.resumable();
  }

  @Override
  public ReadRange in(MysqlSource source) {
    return new ReadRange(
        request.withUri(source), plan, shard, index, count, lower, upper, estimatedRows);
  }

  @Override
  public BlockCursor open(RangePosition from, Retry retry) {
    return new RangeCursor(this, from, retry);
  }

  /** {@code keyspace.table, shard -80, range 3 of 8}, for messages. */
  @Override
  public String describe() {
    return request.name()
        + (shard.isEmpty() ? "" : ", shard " + shard)
        + (count == 1 ? "" : ", range " + (index + 1) + " of " + count);
  }
}
