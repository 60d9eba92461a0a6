package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A range that a thread of its own reads ahead of who takes its blocks, by some megabytes at most.
 *
 * <p>A runner gives a range a call now and then, and between the calls works on what came out of
 * it: the direct runner begins no new call of any range before the last call of another one has
 * ended. The server goes on sending meanwhile.
 *
 * <p>For one taker at a time.
 */
final class ReadAhead implements AutoCloseable {

  /** A block, and how far the range is read behind it. */
  record Item(Block block, RangePosition after) {}

  private final BlockCursor cursor;
  private final long mostBytes;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Item> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private Throwable failure;
  private boolean closed;

  /** Only the taker's. */
  private RangePosition position;

  private Item putBack;

  /**
   * Begins to read.
   *
   * @param mostBytes what waits at most, beyond the one block that makes it more
   */
  ReadAhead(ReadPart range, RangePosition from, Retry retry, long mostBytes) {
    this.cursor = range.open(from, retry);
    this.mostBytes = mostBytes;
    this.position = from;
    this.reader = new Thread(this::read, "vitess-read " + range.describe());
    reader.setDaemon(true);
    reader.start();
  }

  /** Up to where the blocks that were taken go. */
  RangePosition position() {
    return position;
  }

  /**
   * The next block, when it has come. Not to be called after the closing block.
   *
   * @throws io.vitessbeam.VitessBeamException if the range can't be read on
   */
  Item take() throws InterruptedException {
    Item item = putBack == null ? takeRead() : putBack;
    putBack = null;
    position = item.after();
    return item;
  }

  /**
   * Gives back the block that was taken last; {@link #take} gives it again.
   *
   * @param before the position before it
   */
  void putBack(Item item, RangePosition before) {
    putBack = item;
    position = before;
  }

  private Item takeRead() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (failure instanceof RuntimeException e) {
          throw e;
        }
        if (failure != null) {
          throw new IllegalStateException("the reader of the range ended", failure);
        }
        changed.await();
      }
      Item item = waiting.remove();
      waitingBytes -= item.block().length();
      changed.signalAll();
      return item;
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    try (cursor) {
      while (true) {
        Block block = cursor.next();
        if (block == null || !offer(new Item(block, cursor.position()))) {
          return;
        }
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Waits for room; false if nobody will take the block any more. */
  private boolean offer(Item item) throws InterruptedException {
    lock.lock();
    try {
      while (waitingBytes >= mostBytes && !closed) {
        changed.await();
      }
      waiting.add(item);
      waitingBytes += item.block().length();
      changed.signalAll();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable e) {
    lock.lock();
    try {
      failure = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the reading at once, wherever it is. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    reader.interrupt();
    cursor.interrupt();
  }
}
