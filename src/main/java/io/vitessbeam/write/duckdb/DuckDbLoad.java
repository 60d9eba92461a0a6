package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.staging.RangeLoad;
import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadKey;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all loads have in common: ranges that are staged at the same time, by any thread, in a file
 * that is open while somebody works on them; and an end, after which nothing of it is left but what
 * it published. Safe for threads.
 *
 * @param <R> what tells ranges apart
 * @param <A> what the load has in the open file
 */
abstract class DuckDbLoad<R, A extends DuckDbLoad.Area> implements JvmLoads.Load {

  private static final Logger LOG = LoggerFactory.getLogger(DuckDbLoad.class);

  /** What a load has in its open file. For one thread at a time. */
  interface Area extends AutoCloseable {

    /** Drops everything that the load created and did not publish. */
    void drop();

    @Override
    void close();
  }

  private final LoadKey<DuckDbUri> key;
  private final DuckDbLoads loads;
  private final Map<R, RangeLoad> open = new HashMap<>();

  /** Rows of the ranges that are committed. */
  private final Map<R, Long> staged = new HashMap<>();

  private A area;
  private boolean resting;
  private boolean ended;

  /** Whether a file was opened for it, and it has not ended. */
  private volatile boolean underWay;

  DuckDbLoad(LoadKey<DuckDbUri> key, DuckDbLoads loads) {
    this.key = key;
    this.loads = loads;
  }

  LoadKey<DuckDbUri> key() {
    return key;
  }

  /** Opens what the load has in a file, touching nothing. */
  abstract A openArea(DuckDbFile file);

  /** What the load writes, for messages. */
  abstract String name();

  /** The file, opened if need be; the caller holds the lock of the load. */
  final A area() {
    failIfEnded();
    if (area == null) {
      DuckDbFile file = loads.open(this);
      underWay = true;
      area = openArea(file);
      resting = false;
    }
    return area;
  }

  final boolean isOpen() {
    return area != null;
  }

  @Override
  public final boolean isUnderWay() {
    return underWay;
  }

  /** Ranges that a former try of the run has staged. */
  final void found(Map<R, Long> ranges) {
    staged.putAll(ranges);
  }

  final DuckDbLoads loads() {
    return loads;
  }

  /** The rows of a range that is committed; empty otherwise. */
  final OptionalLong committed(R range) {
    Long rows = staged.get(range);
    return rows == null ? OptionalLong.empty() : OptionalLong.of(rows);
  }

  /** The range, begun if it is new; the caller holds the lock of the load. */
  final RangeLoad range(R range, Supplier<RangeLoad> begin) {
    return open.computeIfAbsent(range, newRange -> begin.get());
  }

  final synchronized void committed(R range, long rows) {
    staged.put(range, rows);
    open.remove(range);
  }

  final void failIfIncomplete() {
    if (!open.isEmpty()) {
      throw new DataException(
          "Ranges " + open.keySet() + " of " + name() + " are not staged completely");
    }
  }

  /** Everything is published. */
  final void end() {
    ended = true;
    underWay = false;
    close();
    loads.ended(this);
  }

  @Override
  public final synchronized void rest() {
    if (ended || area == null) {
      return;
    }
    if (!open.isEmpty()) {
      // The rest of these ranges won't come: whoever sent them failed, and will send them anew.
      abort();
      return;
    }
    resting = true;
    staged.clear();
    close();
    loads.close(this);
  }

  /** What is staged is dropped when the file is opened next. */
  @Override
  public final synchronized void leave() {
    if (!ended) {
      end();
    }
  }

  /** Gives up: rolls back and drops what is staged. The destination stays as it is. */
  @Override
  public final synchronized void abort() {
    if (ended) {
      return;
    }
    ended = true;
    underWay = false;
    try {
      open.values().forEach(RangeLoad::rollback);
      if (resting) {
        area = openArea(loads.open(this));
      }
      if (area != null) {
        area.drop();
      }
    } catch (RuntimeException e) {
      // Whatever made the load fail says more. The next run at this file drops what is left.
      LOG.warn("Staging tables of {} are left in {}", name(), key.place(), e);
    } finally {
      close();
      loads.ended(this);
    }
  }

  final void abortAfter(RuntimeException failure) {
    try {
      abort();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void close() {
    if (area != null) {
      area.close();
      area = null;
    }
  }

  private void failIfEnded() {
    if (ended) {
      throw new IllegalStateException("The load of " + name() + " has ended already");
    }
  }
}
