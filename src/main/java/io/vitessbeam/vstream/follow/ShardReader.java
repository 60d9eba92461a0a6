package io.vitessbeam.vstream.follow;

import io.grpc.StatusRuntimeException;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.GrpcFailures;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.read.OpenReader;
import io.vitessbeam.read.Retry;
import io.vitessbeam.vstream.decode.StreamConversions;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.wire.ResponseParser;
import io.vitessbeam.vstream.wire.Stall;
import io.vitessbeam.vstream.wire.VStreamCall;
import io.vitessbeam.vstream.wire.VStreamRequests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a shard's stream ahead of who takes from it, on a thread of its own, by some megabytes at
 * most. A stream that breaks goes on behind its last commit. For one taker at a time.
 */
public final class ShardReader implements OpenReader {

  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);

  /**
   * What is given out at once: whole transactions, or a part of one that is too large.
   *
   * @param blocks may be none, when only the position moved
   * @param after the position behind them
   * @param commitMillis of the last transaction; 0 if unknown
   * @param end on the last item of a bounded stream, else null
   */
  public record Item(List<Block> blocks, StreamPosition after, long commitMillis, StreamEnd end) {

    long bytes() {
      long bytes = 0;
      for (Block block : blocks) {
        bytes += block.size();
      }
      return bytes;
    }
  }

  private final ShardStream stream;
  private final VitessCdcUri source;
  private final ShardGtids gtids;
  private final Retry retry;
  private final ReaderLimits limits;
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

  /** Begins to read with its share of what there is. */
  public ShardReader(
      VitessCdcUri source, ShardStream stream, StreamPosition from, ReaderLimits limits) {
    this(
        source,
        stream,
        from,
        new Retry(Retry.DEFAULT_PATIENCE),
        limits,
        ShardGtids.of(source.vitess().withKeyspace(stream.keyspace()), stream.shard()));
  }

  public ShardReader(
      VitessCdcUri source,
      ShardStream stream,
      StreamPosition from,
      Retry retry,
      ReaderLimits limits,
      ShardGtids gtids) {
    this.source = source;
    this.stream = stream;
    this.gtids = gtids;
    this.position = from;
    this.retry = retry;
    this.limits = limits;
    this.transactions =
        new Transactions(
            stream,
            from,
            limits,
            new StreamConversions(source.vitess().withKeyspace(stream.keyspace()), stream),
            this::offer);
    this.stall = new Stall(stream, gtids::executed);
    this.thread = new Thread(this::run, "vitess-stream " + stream.describe());
    thread.setDaemon(true);
    thread.start();
  }

  /** Up to where the items that were taken go. */
  @Override
  public StreamPosition position() {
    return position;
  }

  @Override
  public boolean resumable() {
    return true;
  }

  /**
   * The next item; null if none comes within the time.
   *
   * @throws VitessBeamException if the stream can't go on
   */
  public Item poll(Duration patience) throws InterruptedException {
    Item item = putBack == null ? pollRead(patience) : putBack;
    putBack = null;
    if (item != null) {
      position = item.after();
    }
    return item;
  }

  /** Gives back the item that was taken last; {@link #poll} gives it again. */
  public void putBack(Item item, StreamPosition before) {
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
          && (waitingBytes >= limits.waitingBytes() || waiting.size() >= limits.waitingItems())) {
        changed.await();
        // Meanwhile nothing was read.
        stall.restart();
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
    try (transactions) {
      transactions.endIfReached();
      if (!transactions.hasEnded()) {
        try (VtgateGrpc vtgate = VtgateGrpc.open(source.grpc())) {
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
        transactions.disconnected();
      } catch (StatusRuntimeException e) {
        transactions.disconnected();
        requireOpen();
        handle(e);
        transactions.endIfReached();
      } catch (Passing e) {
        transactions.disconnected();
        tryAgain(e.failure);
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
            VStreamRequests.from(
                source.vitess().tabletType(), stream, from, transactions.followed()),
            limits.undecodedBytes());
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

  private void requireOpen() throws InterruptedException {
    lock.lock();
    try {
      if (closed) {
        throw new InterruptedException("closed while it was read");
      }
    } finally {
      lock.unlock();
    }
  }

  private void read(VStreamCall opened) throws InterruptedException, Passing {
    ResponseParser parser = new ResponseParser();
    long flushed = System.nanoTime();
    while (!transactions.hasEnded() && !transactions.reopens()) {
      byte[] response = opened.take(limits.idleMillis());
      if (response != null) {
        stall.heard();
        parse(parser, response);
        if (stall.isProgress(transactions.progress())) {
          retry.succeeded();
        }
      }
      long now = System.nanoTime();
      if (response == null || now - flushed > limits.delayMillis() * 1_000_000) {
        transactions.flush();
        flushed = now;
      }
      stall.check(transactions.position(), null);
    }
  }

  /** A failure while a response was taken apart, after which the stream may be tried again. */
  private static final class Passing extends Exception {

    private static final long serialVersionUID = 1L;

    private final TransientException failure;

    Passing(TransientException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private void parse(ResponseParser parser, byte[] response) throws InterruptedException, Passing {
    try {
      parser.parse(response, transactions);
    } catch (TransientException e) {
      throw new Passing(e);
    }
  }

  private void handle(StatusRuntimeException e) throws InterruptedException {
    for (String table : transactions.followed()) {
      Optional<String> reason = GrpcFailures.whyUnreadable(e, table);
      if (reason.isPresent()) {
        LOG.info("Leaving {} out of {}: {}", table, stream.describe(), e.getMessage());
        transactions.breakTable(table, reason.get());
        return;
      }
    }
    if (GrpcFailures.findsNoTablet(e)) {
      requireLogs();
    }
    VitessBeamException explained = GrpcFailures.streaming("Streaming " + stream.describe(), e);
    if (!(explained instanceof TransientException passing)) {
      throw explained;
    }
    tryAgain(passing);
  }

  /**
   * Passes if the shard has what comes after the position. vtgate says the same of one that hasn't
   * as of one whose tablets are away: it finds no tablet.
   */
  private void requireLogs() {
    String gtid = transactions.position().gtid();
    if (gtid.isEmpty()) {
      return;
    }
    GtidSet position = GtidSet.parse(gtid);
    try {
      if (!position.contains(gtids.purged())) {
        throw new StreamFailures(stream).purged(gtid);
      }
      if (!gtids.executed().contains(position)) {
        throw new StreamFailures(stream).unknown(gtid);
      }
    } catch (TransientException e) {
      LOG.info("{} says nothing of its binary logs: {}", stream.describe(), e.toString());
    }
  }

  private void tryAgain(TransientException failure) throws InterruptedException {
    stall.check(transactions.position(), failure);
    retry.awaitNext(failure);
    LOG.info("Streaming {} goes on from {}", stream.describe(), transactions.position().gtid());
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

  /** Waits until nothing is read any more: after {@link #close}, the end, or a failure. */
  void awaitEnd() throws InterruptedException {
    thread.join();
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
