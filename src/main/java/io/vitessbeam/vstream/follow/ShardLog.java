package io.vitessbeam.vstream.follow;

import io.grpc.StatusRuntimeException;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.GrpcFailures;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.read.Retry;
import io.vitessbeam.vstream.decode.StreamConversions;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardGtids.Moment;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.wire.ResponseParser;
import io.vitessbeam.vstream.wire.Stall;
import io.vitessbeam.vstream.wire.VStreamCall;
import io.vitessbeam.vstream.wire.VStreamRequests;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log of one shard, on a thread of its own, up to its end: that of a bounded stream, or a
 * reshard. A stream that breaks goes on behind its last commit.
 */
final class ShardLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardLog.class);

  /** A tablet that is no primary any more gives answers as one for a moment at most. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(3);

  /** Takes what is read. */
  interface Outlet {

    /** May wait for room, and says whether it did. */
    boolean accept(ShardReader.Item item) throws InterruptedException;

    /** The shard was resharded, behind all that was given out of it. */
    void resharded(Reshard reshard, long millis);

    /** It can't go on. */
    void fail(Throwable e);
  }

  private final ShardStream stream;
  private final VitessCdcUri source;
  private final ShardGtids gtids;
  private final Retry retry;
  private final ReaderLimits limits;
  private final Outlet outlet;
  private final Transactions transactions;
  private final Stall stall;
  private final Throughput throughput;
  private final ShardSilence silence;
  private final LostTransactions lost = new LostTransactions(LOST_AFTER);

  /** Null if nobody wants to know the time. */
  private final PrimaryWatch watch;

  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;
  private VStreamCall call;

  /** Begins to read. */
  ShardLog(
      VitessCdcUri source,
      ShardStream stream,
      StreamPosition from,
      Retry retry,
      ReaderLimits limits,
      ShardGtids gtids,
      StreamWaits waits,
      Outlet outlet) {
    this.source = source;
    this.stream = stream;
    this.gtids = gtids;
    this.retry = retry;
    this.limits = limits;
    this.outlet = outlet;
    this.stall = new Stall(stream, gtids::executed);
    this.throughput = new Throughput(from);
    StreamConversions asking =
        new StreamConversions(source.vitess().withKeyspace(stream.keyspace()), stream);
    this.transactions = new Transactions(stream, from, limits, asking, asking, new Patient());
    this.silence =
        new ShardSilence(
            stream.describe(), stream.shard(), waits == null ? StreamWaits.UNHEARD : waits);
    this.watch = waits == null ? null : new PrimaryWatch(gtids, stream.describe(), silence);
    this.thread = new Thread(this::run, "vitess-stream " + stream.describe());
    thread.setDaemon(true);
    thread.start();
  }

  /** While it waits nothing is read, so that the stream doesn't stand still. */
  private final class Patient implements ItemOutlet.Sink {

    @Override
    public void accept(ShardReader.Item item) throws InterruptedException {
      throughput.gave(item);
      if (outlet.accept(item)) {
        stall.restart();
      }
    }

    @Override
    public void resharded(Reshard reshard, long millis) {
      outlet.resharded(reshard, millis);
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
      outlet.fail(e);
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
    long toldSeconds = 0;
    while (!transactions.hasEnded() && !transactions.reopens()) {
      byte[] response = opened.take(limits.idleMillis());
      if (response != null) {
        stall.heard();
        parse(parser, response);
        if (stall.isProgress(transactions.progress())) {
          retry.succeeded();
          silence.streamGoesOn();
          if (watch != null) {
            watch.moved();
          }
        }
      }
      long now = System.nanoTime();
      if (response == null || now - flushed > limits.delayMillis() * 1_000_000) {
        transactions.flush();
        flushed = now;
      }
      Moment moment = watch == null ? null : watch.answer();
      if (moment != null) {
        requireKept(moment);
        if (moment.seconds() != toldSeconds && transactions.tellTime(moment)) {
          toldSeconds = moment.seconds();
          silence.streamGoesOn();
        }
      }
      stall.check(transactions.position(), null);
    }
  }

  private void requireKept(Moment moment) {
    String gtid = transactions.position().gtid();
    if (lost.areIn(moment, gtid)) {
      throw new StreamFailures(stream).unknown(gtid);
    }
  }

  /** Bytes that are still to come, roughly; 0 if that isn't known. */
  long backlogBytes() {
    Moment moment = watch == null ? null : watch.answer();
    return moment == null ? 0 : throughput.bytesUpTo(moment.executed().rank());
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
    silence.streamFailed(failure.getMessage());
    stall.check(transactions.position(), failure);
    retry.awaitNext(failure);
    LOG.info("Streaming {} goes on from {}", stream.describe(), transactions.position().gtid());
  }

  /** Waits until nothing is read any more. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  /** Ends the reading at once, wherever it is. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    lock.lock();
    try {
      closed = true;
      if (call != null) {
        call.close();
      }
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
