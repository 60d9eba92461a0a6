package io.vitessbeam.read.cursor;

import io.vitessbeam.TransientException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.read.BlockCursor;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.Retry;
import io.vitessbeam.read.ranges.KeyBound;

/**
 * Cuts a stream of rows into blocks. A failure that may pass is tried again as long as no row was
 * given out; later it ends the read. For one thread.
 */
final class UndividedCursor implements BlockCursor {

  private final UndividedRange range;
  private final Retry retry;
  private final BlockBuilder builder;

  private RangePosition position;
  private volatile SourceRows stream;

  UndividedCursor(UndividedRange range, RangePosition from, Retry retry) {
    this.range = range;
    this.retry = retry;
    this.position = from;
    this.builder = new BlockBuilder(range.request().schema(), BLOCK_BYTES + (BLOCK_BYTES >> 3));
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
      } catch (TransientException e) {
        builder.clear();
        close();
        if (position.rows() > 0) {
          throw new TransientException(
              e.getMessage()
                  + ". The connection broke after "
                  + position.rows()
                  + " rows, and a read of this source can't be resumed: run again",
              e);
        }
        retry.awaitNext(e);
      }
    }
  }

  private Block read() {
    if (stream == null) {
      stream = range.request().open();
    }
    boolean more = true;
    while (more && builder.length() < BLOCK_BYTES && builder.rows() < BLOCK_ROWS) {
      more = stream.next(builder);
    }
    if (builder.rows() == 0) {
      close();
      Origin origin = origin(position.rows());
      position = position.finished();
      return Block.closing(range.request().schema(), origin);
    }
    Origin origin = origin(-1);
    position = position.after(builder.rows(), KeyBound.NONE);
    return builder.build(origin);
  }

  private Origin origin(long rangeRows) {
    return new Origin(range.plan(), 0, 1, position.blocks(), rangeRows, "");
  }

  @Override
  public void interrupt() {
    SourceRows open = stream;
    if (open != null) {
      open.interrupt();
    }
  }

  @Override
  public void close() {
    SourceRows open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}
