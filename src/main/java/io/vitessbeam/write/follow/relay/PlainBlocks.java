package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.TableSchema;
import java.util.function.Consumer;

/** Gathers rows in blocks of about a megabyte. */
public final class PlainBlocks {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_ROWS = 10_000;

  private PlainBlocks() {}

  /** Where rows come from, one after the other. */
  @FunctionalInterface
  public interface Rows<E extends Exception> {
    /** Adds the next row; false after the last one. */
    boolean next(BlockBuilder block) throws E;
  }

  /** Gives all rows that are left. */
  public static <E extends Exception> void each(
      TableSchema columns, Rows<E> rows, Consumer<Block> sink) throws E {
    each(columns, rows, 0, sink);
  }

  /**
   * The same as a part of a range.
   *
   * @param first number of the first block
   * @return number of the next one
   */
  static <E extends Exception> long each(
      TableSchema columns, Rows<E> rows, long first, Consumer<Block> sink) throws E {
    long sequence = first;
    BlockBuilder block = new BlockBuilder(columns, MOST_BYTES + (MOST_BYTES >> 2));
    while (rows.next(block)) {
      if (block.length() >= MOST_BYTES || block.rows() >= MOST_ROWS) {
        sink.accept(block.build(origin(sequence++)));
      }
    }
    if (block.rows() > 0) {
      sink.accept(block.build(origin(sequence++)));
    }
    return sequence;
  }

  private static Origin origin(long sequence) {
    return new Origin(1, 0, 1, sequence, -1, "");
  }
}
