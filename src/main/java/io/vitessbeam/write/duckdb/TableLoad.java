package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.StagedRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one table: stages its ranges, then publishes them all at once. Safe for threads; different
 * ranges are staged at the same time.
 */
public final class TableLoad {

  private static final Logger LOG = LoggerFactory.getLogger(TableLoad.class);

  private final LoadId id;
  private final Loads loads;
  private final Map<Integer, RangeLoad> open = new HashMap<>();

  /** Rows of the ranges that are committed. */
  private final Map<Integer, Long> staged = new HashMap<>();

  private StagingArea area;
  private TableSchema schema;
  private long plan;
  private int ranges;
  private boolean resting;
  private boolean ended;

  TableLoad(LoadId id, Loads loads) {
    this.id = id;
    this.loads = loads;
  }

  LoadId id() {
    return id;
  }

  /**
   * Takes a block. Gives the receipt of its range when the range is complete and committed, which
   * it may have been before, when the block comes again.
   */
  public Optional<StagedRange> stage(Block block) {
    Origin origin = block.origin();
    try {
      OptionalLong rows = add(block);
      loads.buffered().enforce();
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      committed(origin.range(), rows.getAsLong());
      return Optional.of(new StagedRange(origin.range(), origin.ranges(), rows.getAsLong()));
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  private OptionalLong add(Block block) {
    RangeLoad range;
    synchronized (this) {
      open(block);
      Long rows = staged.get(block.origin().range());
      if (rows != null) {
        return OptionalLong.of(rows);
      }
      range =
          open.computeIfAbsent(
              block.origin().range(),
              index -> new RangeLoad(index, schema, area, loads.buffered()));
    }
    return range.add(block);
  }

  private synchronized void committed(int range, long rows) {
    staged.put(range, rows);
    open.remove(range);
  }

  private void open(Block block) {
    failIfEnded();
    if (area == null) {
      area = new StagingArea(loads.open(this), id);
      schema = block.schema();
      plan = block.origin().plan();
      ranges = block.origin().ranges();
      staged.putAll(area.prepare(schema, plan, ranges));
      resting = false;
    }
    if (plan != block.origin().plan()
        || ranges != block.origin().ranges()
        || !schema.equals(block.schema())) {
      throw new DataException(
          "The blocks of "
              + schema.qualifiedName()
              + " don't agree on its columns or its key ranges: it changed while it was read, or"
              + " the runner planned the read anew; run again");
    }
  }

  /**
   * Puts the staged rows in the place of the target, or finds that this has been done already.
   *
   * @param receipts of all ranges, in any order, each at least once
   * @throws DataException if a range is missing or the counts don't agree; the target is as before
   */
  public synchronized LoadedTable publish(List<StagedRange> receipts) {
    try {
      failIfEnded();
      if (area == null) {
        area = new StagingArea(loads.open(this), id);
        resting = false;
      }
      if (!open.isEmpty()) {
        throw new DataException(
            "Ranges " + open.keySet() + " of " + id.table() + " are not staged completely");
      }
      long rows = new Publication(area, id).publish(receipts);
      ended = true;
      close();
      loads.ended(this);
      return new LoadedTable(id.table().toString(), rows, receipts.get(0).ranges());
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  /** Nobody works on this load now; it may go on, be published or be aborted later. */
  synchronized void rest() {
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

  /** Gives up: rolls back and drops what is staged. The target stays as it is. */
  synchronized void abort() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      open.values().forEach(RangeLoad::rollback);
      if (resting) {
        area = new StagingArea(loads.open(this), id);
      }
      if (area != null) {
        area.drop();
      }
    } catch (RuntimeException e) {
      // Whatever made the load fail says more. The next run at this file drops what is left.
      LOG.warn("Staging tables of {} are left in {}", id.table(), id.uri(), e);
    } finally {
      close();
      loads.ended(this);
    }
  }

  private void abortAfter(RuntimeException failure) {
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
      throw new IllegalStateException("The load of " + id.table() + " has ended already");
    }
  }
}
