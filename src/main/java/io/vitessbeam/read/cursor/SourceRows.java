package io.vitessbeam.read.cursor;

import io.vitessbeam.block.BlockBuilder;

/**
 * The rows of a source as it sends them. Failures are the project's own exceptions. For one thread,
 * but for {@link #interrupt}.
 */
public interface SourceRows extends AutoCloseable {

  /** Adds the next row to a block; false after the last one, however often it is asked. */
  boolean next(BlockBuilder block);

  /** Makes the thread that waits for a row fail; from any thread. */
  void interrupt();

  @Override
  void close();
}
