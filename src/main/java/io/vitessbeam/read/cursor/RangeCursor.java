package io.vitessbeam.read.cursor;

import com.mysql.cj.result.Field;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.MysqlSessions;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.read.BlockCursor;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.Retry;
import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.read.resolve.ResultColumns;
import io.vitessbeam.schema.SqlText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a range block by block from a position on. When the connection breaks, it reads on behind
 * the last row that it gave out, where the range has a key to do so; then no row is lost or comes
 * twice. For one thread.
 */
public final class RangeCursor implements BlockCursor {

  private static final Logger LOG = LoggerFactory.getLogger(RangeCursor.class);

  private final ReadRange range;
  private final MysqlSessions sessions;
  private final Retry retry;
  private final BlockBuilder builder;
  private final int[] keyIndexes;

  private RangePosition position;
  private volatile RowPackets packets;

  public RangeCursor(ReadRange range, RangePosition from, Retry retry) {
    this.range = range;
    this.sessions = range.request().uri().sessions();
    this.retry = retry;
    this.position = from;
    // Room for the row that makes the block full, so that it rarely has to grow.
    this.builder = new BlockBuilder(range.request().schema(), BLOCK_BYTES + (BLOCK_BYTES >> 3));
    this.keyIndexes =
        range.request().resumable()
            ? range.request().rangeKey().stream()
                .mapToInt(key -> range.request().schema().indexOf(key.name()))
                .toArray()
            : new int[0];
  }

  @Override
  public RangePosition position() {
    return position;
  }

  @Override
  public Block next() throws InterruptedException {
    if (position.done()) {
      return null;
    }
    while (true) {
      try {
        return read();
      } catch (SQLException | TransientException e) {
        abandon();
        retryOrFail(e);
      }
    }
  }

  private Block read() throws SQLException {
    long most = Math.min(BLOCK_ROWS, rowsLeft());
    boolean more = most > 0;
    if (more) {
      open();
    }
    while (more && builder.length() < BLOCK_BYTES && builder.rows() < most) {
      more = packets.next(builder);
    }
    if (builder.rows() == 0) {
      close();
      Origin origin = origin(position.rows());
      position = position.finished();
      return Block.closing(range.request().schema(), origin);
    }
    KeyBound last = lastKey();
    Origin origin = origin(-1);
    position = position.after(builder.rows(), last);
    retry.succeeded();
    return builder.build(origin);
  }

  private long rowsLeft() {
    long limit = range.request().limit();
    return limit < 0 ? Long.MAX_VALUE : limit - position.rows();
  }

  private Origin origin(long rangeRows) {
    return new Origin(
        range.plan(), range.index(), range.count(), position.blocks(), rangeRows, range.shard());
  }

  private void open() throws SQLException {
    if (packets != null) {
      return;
    }
    String sql = RangeQuery.sql(range, position);
    packets = new RowPackets(sessions.reading(range.shard()), sql);
    requireColumns(packets.fields());
  }

  /** The table may be another one than when its ranges were planned, as may what a query gives. */
  private void requireColumns(Field[] fields) {
    ResultColumns.differenceFrom(range.request().schema().columns(), fields)
        .ifPresent(
            difference -> {
              throw new DataException(
                  "Reading %s: it was altered while it was read, %s; run again"
                      .formatted(range.describe(), difference));
            });
  }

  private KeyBound lastKey() {
    if (keyIndexes.length == 0) {
      return KeyBound.NONE;
    }
    BlockReader row = builder.lastRow();
    List<String> literals = new ArrayList<>(keyIndexes.length);
    for (int i = 0; i < keyIndexes.length; i++) {
      int column = keyIndexes[i];
      literals.add(
          SqlText.keyLiteral(
              range.request().rangeKey().get(i).type(),
              row.bytes(),
              row.offset(column),
              row.length(column)));
    }
    return new KeyBound(literals);
  }

  private void retryOrFail(Exception e) throws InterruptedException {
    VitessBeamException failure =
        e instanceof SQLException sql
            ? SqlFailures.running("Reading " + range.describe(), sql)
            : (TransientException) e;
    if (!(failure instanceof TransientException passing)) {
      throw failure;
    }
    if (position.rows() > 0 && !range.request().resumable()) {
      throw new TransientException(
          failure.getMessage()
              + ". The connection broke after "
              + position.rows()
              + " rows, and without a primary key to go on from the range can't be resumed:"
              + " run again",
          failure);
    }
    retry.awaitNext(passing);
    LOG.info("Reading {} goes on after row {}", range.describe(), position.rows());
  }

  private void abandon() {
    builder.clear();
    close();
  }

  @Override
  public void interrupt() {
    RowPackets open = packets;
    if (open != null) {
      open.interrupt();
    }
  }

  @Override
  public void close() {
    if (packets != null) {
      try {
        packets.close();
      } catch (SQLException e) {
        LOG.debug("Closing the connection of {}", range.describe(), e);
      }
      packets = null;
    }
  }
}
