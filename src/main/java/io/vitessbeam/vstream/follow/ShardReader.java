package io.vitessbeam.vstream.follow;

import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.read.OpenReader;
import io.vitessbeam.read.Retry;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.Successor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a shard's stream ahead of who takes from it, on threads of its own, by some megabytes at
 * most. When the shard is resharded it goes on in the shards that took its place, each of which has
 * a {@link ShardLog}. For one taker at a time.
 */
public final class ShardReader implements OpenReader {

  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);

  /**
   * What is given out at once: whole transactions of one shard, or a part of one that is too large.
   *
   * @param blocks may be none, when only the position moved
   * @param after the position behind them
   * @param commitMillis of the last transaction; 0 if unknown
   * @param timeMillis what was committed before that time is given out; 0 if unknown
   * @param end on the last item, else null: of a bounded stream, of one whose shard was merged into
   *     one that another stream follows, or of one without a table that can be followed
   */
  public record Item(
      List<Block> blocks, StreamPosition after, long commitMillis, StreamEnd end, long timeMillis) {

    /** With the time of the last transaction. */
    public Item(List<Block> blocks, StreamPosition after, long commitMillis, StreamEnd end) {
      this(blocks, after, commitMillis, end, commitMillis);
    }

    long bytes() {
      long bytes = 0;
      for (Block block : blocks) {
        bytes += block.size();
      }
      return bytes;
    }

    long rows() {
      return blocks.stream().mapToLong(Block::rows).sum();
    }
  }

  private final ShardStream stream;
  private final VitessCdcUri source;
  private final Duration patience;
  private final ReaderLimits limits;
  private final Function<String, ShardGtids> gtids;

  /** Null if nobody wants to know the time. */
  private final StreamWaits waits;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** One per shard that was ever followed; those of replaced shards have ended. */
  private final List<ShardLog> logs = new ArrayList<>();

  /** By successor: what was committed there before that time is in an item. */
  private final Map<String, Long> times = new HashMap<>();

  private final Queue<Item> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private Throwable failure;
  private boolean closed;

  /** Behind the last item that waits. */
  private StreamPosition read;

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
        Retry.DEFAULT_PATIENCE,
        limits,
        shard -> ShardGtids.of(source.vitess().withKeyspace(stream.keyspace()), shard),
        null);
  }

  /**
   * The same of a stream that tells the time while its shard is silent.
   *
   * @param waits hears what it waits for
   */
  public static ShardReader tellingTime(
      VitessCdcUri source,
      ShardStream stream,
      StreamPosition from,
      ReaderLimits limits,
      StreamWaits waits) {
    return new ShardReader(
        source,
        stream,
        from,
        Retry.DEFAULT_PATIENCE,
        limits,
        shard -> ShardGtids.of(source.vitess().withKeyspace(stream.keyspace()), shard),
        waits);
  }

  /**
   * @param patience for how long a shard's log may fail for reasons that pass, see {@link Retry}
   * @param gtids of a shard
   * @param waits hears what a stream waits for that tells the time while its shard is silent; null
   *     for one that doesn't
   */
  public ShardReader(
      VitessCdcUri source,
      ShardStream stream,
      StreamPosition from,
      Duration patience,
      ReaderLimits limits,
      Function<String, ShardGtids> gtids,
      StreamWaits waits) {
    this.source = source;
    this.stream = stream;
    this.patience = patience;
    this.limits = limits;
    this.gtids = gtids;
    this.waits = waits;
    this.read = from;
    this.position = from;
    lock.lock();
    try {
      if (from.successors().isEmpty()) {
        follow(stream, from);
      } else {
        follow(from.successors());
      }
    } finally {
      lock.unlock();
    }
  }

  private void follow(List<Successor> shards) {
    shards.forEach(
        shard -> {
          StreamPosition there = read.in(shard);
          follow(stream.in(shard.shard(), there), there);
        });
  }

  private void follow(ShardStream log, StreamPosition from) {
    logs.add(
        new ShardLog(
            source,
            log,
            from,
            new Retry(patience),
            limits,
            gtids.apply(log.shard()),
            waits,
            new Outlet(log.shard())));
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
  public Item poll(Duration most) throws InterruptedException {
    Item item = putBack == null ? pollRead(most) : putBack;
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

  private Item pollRead(Duration most) throws InterruptedException {
    lock.lock();
    try {
      long nanos = most.toNanos();
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

  /** Takes what the log of one shard gives. */
  private final class Outlet implements ShardLog.Outlet {

    private final String shard;

    Outlet(String shard) {
      this.shard = shard;
    }

    @Override
    public boolean accept(Item item) throws InterruptedException {
      lock.lock();
      try {
        boolean waited = awaitRoom();
        boolean own = read.successors().isEmpty();
        add(own ? item : placed(shard, item));
        if (!own && item.end() != null) {
          // None of its tables can be followed any more.
          goOn(shard, List.of(), item.commitMillis());
        }
        return waited;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void resharded(Reshard reshard, long millis) {
      lock.lock();
      try {
        List<ShardGtid> next = reshard.successors(shard);
        LOG.info("Shard {}/{} was resharded; going on in {}", stream.keyspace(), shard, next);
        goOn(shard, next, millis);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void fail(Throwable e) {
      lock.lock();
      try {
        failure = e;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether it had to wait. */
  private boolean awaitRoom() throws InterruptedException {
    boolean waited = false;
    while (!closed
        && (waitingBytes >= limits.waitingBytes() || waiting.size() >= limits.waitingItems())) {
      changed.await();
      waited = true;
    }
    if (closed) {
      throw new InterruptedException("nobody takes from the stream any more");
    }
    return waited;
  }

  private void add(Item item) {
    read = item.after();
    waiting.add(item);
    waitingBytes += item.bytes();
    changed.signalAll();
  }

  /** The item of a successor's log among those of the others. */
  private Item placed(String shard, Item item) {
    List<Block> blocks = new ArrayList<>(item.blocks().size());
    for (Block block : item.blocks()) {
      blocks.add(block.withOrigin(block.origin().at(read.blocks() + blocks.size())));
    }
    StreamPosition after = read.moved(shard, item.after(), blocks.size(), item.rows());
    times.merge(shard, item.timeMillis(), Math::max);
    return new Item(blocks, after, item.commitMillis(), null, time(after));
  }

  /** The least of those of its shards. */
  private long time(StreamPosition after) {
    return after.successors().stream()
        .mapToLong(successor -> times.getOrDefault(successor.shard(), 0L))
        .min()
        .orElse(0);
  }

  private void goOn(String shard, List<ShardGtid> next, long millis) {
    StreamPosition after = read.resharded(shard, next, millis);
    times.remove(shard);
    next.forEach(begin -> times.put(begin.shard(), millis));
    add(new Item(List.of(), after, millis, after.done() ? end(shard, after) : null, time(after)));
    if (!closed) {
      follow(
          after.successors().stream()
              .filter(to -> next.stream().anyMatch(begin -> begin.shard().equals(to.shard())))
              .toList());
    }
  }

  private StreamEnd end(String shard, StreamPosition end) {
    return new StreamEnd(
        stream.round(),
        stream.index(),
        stream.count(),
        shard,
        end.gtid(),
        end.rows(),
        end.broken());
  }

  /** Bytes that are still to come, roughly, by what the primaries said last; 0 if they didn't. */
  public long backlogBytes() {
    return logs().stream().mapToLong(ShardLog::backlogBytes).sum();
  }

  /** Waits until nothing is read any more: after {@link #close}, the end, or a failure. */
  void awaitEnd() throws InterruptedException {
    for (ShardLog log : logs()) {
      log.awaitEnd();
    }
  }

  private List<ShardLog> logs() {
    lock.lock();
    try {
      return List.copyOf(logs);
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
    logs().forEach(ShardLog::close);
  }
}
