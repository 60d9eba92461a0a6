package io.vitessbeam.vstream;

import io.grpc.StatusRuntimeException;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.GrpcFailures;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.read.Retry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a shard's stream ahead of who takes from it, on a thread of its own, by some megabytes at
 * most. A stream that breaks goes on behind its last commit. For one taker at a time.
 */
final class ShardReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);

  /**
   * What is given out at once: whole transactions, or a part of one that is too large.
   *
   * @param blocks may be none, when only the position moved
   * @param after the position behind them
   * @param commitMillis of the last transaction; 0 if unknown
   * @param end on the last item of a bounded stream, else null
   */
  record Item(List<Block> blocks, StreamPosition after, long commitMillis, StreamEnd end) {

    long bytes() {
      long bytes = 0;
      for (Block block : blocks) {
        bytes += block.length();
      }
      return bytes;
    }
  }

  /** What waits to be taken at most, beyond the one item that makes it more. */
  private static final long MOST_WAITING_BYTES = 16L << 20;

  /** Items without rows, or with few, are bounded by their number. */
  private static final int MOST_WAITING_ITEMS = 1000;

  /** How long a stream may be silent before what is committed is given out. */
  private static final long IDLE_MILLIS = 20;

  /** What vttablet says of changes that its present schema doesn't fit; see its vstreamer. */
  private static final Pattern UNDECODABLE =
      Pattern.compile("cannot determine table columns for (\\S+?):");

  private static final Pattern UNKNOWN_TABLE = Pattern.compile("unknown table (\\S+) in schema");

  private final ShardStream stream;
  private final Retry retry;
  private final Transactions transactions;
  private final Stall stall;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Item> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private Throwable failure;
  private boolean closed;
  private VStreamCall call;

  /** Only the taker's. */
  private StreamPosition position;

  private Item putBack;

  /** Begins to read. */
  ShardReader(ShardStream stream, StreamPosition from) {
    this(stream, from, new Retry(Retry.DEFAULT_PATIENCE));
  }

  ShardReader(ShardStream stream, StreamPosition from, Retry retry) {
    this.stream = stream;
    this.position = from;
    this.retry = retry;
    this.transactions = new Transactions(stream, from, new StreamConversions(stream), this::offer);
    this.stall = new Stall(stream);
    this.thread = new Thread(this::run, "vitess-stream " + stream.describe());
    thread.setDaemon(true);
    thread.start();
  }

  /** Up to where the items that were taken go. */
  StreamPosition position() {
    return position;
  }

  /**
   * The next item; null if none comes within the time.
   *
   * @throws VitessBeamException if the stream can't go on
   */
  Item poll(Duration patience) throws InterruptedException {
    Item item = putBack == null ? pollRead(patience) : putBack;
    putBack = null;
    if (item != null) {
      position = item.after();
    }
    return item;
  }

  /** Gives back the item that was taken last; {@link #poll} gives it again. */
  void putBack(Item item, StreamPosition before) {
    putBack = item;
    position = before;
  }

  private Item pollRead(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (waiting.isEmpty() && failure == null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      if (waiting.isEmpty()) {
        if (failure instanceof RuntimeException e) {
          throw e;
        }
        if (failure != null) {
          throw new IllegalStateException("the reader of the stream ended", failure);
        }
        return null;
      }
      Item item = waiting.remove();
      waitingBytes -= item.bytes();
      changed.signalAll();
      return item;
    } finally {
      lock.unlock();
    }
  }

  private void offer(Item item) throws InterruptedException {
    lock.lock();
    try {
      while (!closed
          && (waitingBytes >= MOST_WAITING_BYTES || waiting.size() >= MOST_WAITING_ITEMS)) {
        changed.await();
      }
      if (closed) {
        throw new InterruptedException("nobody takes from the stream any more");
      }
      waiting.add(item);
      waitingBytes += item.bytes();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      transactions.endIfReached();
      if (!transactions.hasEnded()) {
        try (VtgateGrpc vtgate = VtgateGrpc.open(stream.uri().grpc())) {
          read(vtgate);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} was closed", stream.describe());
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void read(VtgateGrpc vtgate) throws InterruptedException {
    while (!transactions.hasEnded()) {
      try (VStreamCall opened = open(vtgate)) {
        read(opened);
      } catch (StatusRuntimeException e) {
        transactions.disconnected();
        handle(e);
        transactions.endIfReached();
      }
    }
  }

  private VStreamCall open(VtgateGrpc vtgate) throws InterruptedException {
    StreamPosition from = transactions.position();
    LOG.debug("Streaming {} from {}", stream.describe(), from.gtid());
    VitessGrpc.VitessStub stub = vtgate.stub();
    VStreamCall opened =
        new VStreamCall(
            stub.getChannel(),
            stub.getCallOptions(),
            VStreamRequests.from(stream, from, transactions.followed()));
    lock.lock();
    try {
      call = opened;
      if (closed) {
        opened.close();
        throw new InterruptedException("closed while it was opened");
      }
    } finally {
      lock.unlock();
    }
    return opened;
  }

  private void read(VStreamCall opened) throws InterruptedException {
    ResponseParser parser = new ResponseParser();
    while (!transactions.hasEnded()) {
      byte[] response = opened.take(IDLE_MILLIS);
      if (response != null) {
        parser.parse(response, transactions);
        if (stall.isProgress(transactions.events())) {
          retry.succeeded();
        }
      }
      if (!transactions.hasEnded() && !opened.isWaiting()) {
        transactions.flush();
        stall.check(transactions.position());
      }
    }
  }

  private void handle(StatusRuntimeException e) throws InterruptedException {
    String text = String.valueOf(e.getStatus().getDescription());
    if (isBroken(UNDECODABLE, text, "its columns were changed, and older changes don't fit them")
        || isBroken(UNKNOWN_TABLE, text, "it was dropped or renamed")) {
      return;
    }
    VitessBeamException explained = GrpcFailures.streaming("Streaming " + stream.describe(), e);
    if (!(explained instanceof TransientException passing)) {
      throw explained;
    }
    stall.check(transactions.position());
    retry.awaitNext(passing);
    LOG.info("Streaming {} goes on from {}", stream.describe(), transactions.position().gtid());
  }

  /** Whether the server can't stream one of the tables, which is left out from now on. */
  private boolean isBroken(Pattern pattern, String text, String reason) {
    Matcher matcher = pattern.matcher(text);
    if (matcher.find() && transactions.followed().contains(matcher.group(1))) {
      LOG.info("{} of {}: {}", matcher.group(1), stream.describe(), text);
      transactions.breakTable(matcher.group(1), reason);
      return true;
    }
    return false;
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
      if (call != null) {
        call.close();
      }
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
