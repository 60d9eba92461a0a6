package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Stages the blocks of one range by several threads. */
final class ParallelStaging implements AutoCloseable {

  private static final int THREADS = 4;

  /** Blocks that are staged or wait for it. */
  private static final int MOST_BLOCKS = 2 * THREADS;

  private final Loader loader;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "vitess-beam-staging");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore free = new Semaphore(MOST_BLOCKS);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  ParallelStaging(Loader loader) {
    this.loader = loader;
  }

  /** Waits while there are too many blocks; fails if an earlier one did. */
  void add(Block block) {
    free.acquireUninterruptibly();
    failIfBroken();
    threads.execute(
        () -> {
          try {
            loader.stage(block);
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            free.release();
          }
        });
  }

  /** Waits until all that was added is staged; gives the receipts. */
  List<StagedRange> end(Block closing) {
    free.acquireUninterruptibly(MOST_BLOCKS);
    failIfBroken();
    return List.of(
        loader
            .stage(closing)
            .orElseThrow(() -> new IllegalStateException("the last block closes no range")));
  }

  private void failIfBroken() {
    Throwable cause = failure.get();
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    loader.release();
  }
}
