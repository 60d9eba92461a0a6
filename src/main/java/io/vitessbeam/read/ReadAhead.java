package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import java.time.Duration;
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
final class ReadAhead implements OpenReader {

  /** A block, and how far the range is read behind it. */
  record Item(Block block, RangePosition after) {}

  private final ReadPart range;
  private final BlockCursor cursor;
  private final long mostBytes;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Item> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private Throwable failure;
  private boolean ended;
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
    this.range = range;
    this.cursor = range.open(from, retry);
    this.mostBytes = mostBytes;
    this.position = from;
    this.reader = new Thread(this::read, "vitess-read " + range.describe());
    reader.setDaemon(true);
    reader.start();
  }

  /** Up to where the blocks that were taken go. */
  @Override
  public RangePosition position() {
    return position;
  }

  @Override
  public boolean resumable() {
    return range.resumable() || position.isStart();
  }

  /**
   * The next block; null if none comes within the time.
   *
   * @throws io.vitessbeam.VitessBeamException if the range can't be read on
   * @throws IllegalStateException after the closing block
   */
  Item poll(Duration patience) throws InterruptedException {
    Item item = putBack == null ? pollRead(patience) : putBack;
    putBack = null;
    if (item != null) {
      position = item.after();
    }
    return item;
  }

  /**
   * Gives back the block that was taken last; {@link #poll} gives it again.
   *
   * @param before the position before it
   */
  void putBack(Item item, RangePosition before) {
    putBack = item;
    position = before;
  }

  private Item pollRead(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (waiting.isEmpty()) {
        if (failure instanceof RuntimeException e) {
          throw e;
        }
        if (failure != null) {
          throw new IllegalStateException("the reader of the range ended", failure);
        }
        if (ended) {
          throw new IllegalStateException("nothing is left to read of " + range.describe());
        }
        if (nanos <= 0) {
          return null;
        }
        nanos = changed.awaitNanos(nanos);
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
    } finally {
      end();
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

  private void end() {
    lock.lock();
    try {
      ended = true;
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
