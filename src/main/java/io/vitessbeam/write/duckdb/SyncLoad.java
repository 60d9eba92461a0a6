package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.StoredTable;
import io.vitessbeam.vstream.StoredTables;
import io.vitessbeam.vstream.SyncPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One run of tables that follow a keyspace: looks up where they stand, stages what was copied and
 * what changed, then publishes all of it at once. Safe for threads; different ranges are staged at
 * the same time.
 */
public final class SyncLoad extends Load<SyncRange, SyncArea> {

  private record Plan(long fingerprint, int ranges) {}

  private final SyncTarget target;

  /** By part and table: what their ranges have in common. */
  private final Map<SyncRange, Plan> plans = new HashMap<>();

  SyncLoad(SyncTarget target, Loads loads) {
    super(target, loads);
    this.target = target;
  }

  @Override
  SyncArea openArea(DuckDbFile file) {
    return new SyncArea(file, target);
  }

  @Override
  String name() {
    return target.keyspace();
  }

  /** What the file knows of the tables; it isn't created if it doesn't exist. */
  public synchronized StoredTables lookUp() {
    try {
      if (!isOpen() && !Files.exists(Path.of(target.uri().path()))) {
        return new StoredTables(
            target.tables().stream().map(table -> StoredTable.absent(table.source())).toList());
      }
      return new DestinationLookUp(area(), target).lookUp();
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  /**
   * Takes a block of a part of the run. Gives the receipt of its range when the range is complete
   * and committed, which it may have been before, when the block comes again.
   */
  Optional<SyncReceipt> stage(SyncPart part, SyncPlan plan, Block block) {
    Origin origin = block.origin();
    String table = part.kind() == SyncPart.Kind.COPY ? block.schema().table() : "";
    SyncRange key = new SyncRange(part.toString(), table, origin.range());
    try {
      OptionalLong rows = add(part, plan, key, block);
      loads().buffered().enforce();
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      committed(key, rows.getAsLong());
      return Optional.of(
          new SyncReceipt(
              part.toString(),
              table,
              origin.plan(),
              origin.range(),
              origin.ranges(),
              rows.getAsLong()));
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  private OptionalLong add(SyncPart part, SyncPlan plan, SyncRange key, Block block) {
    RangeLoad range;
    synchronized (this) {
      prepare(plan);
      Origin origin = block.origin();
      failUnlessOfPlan(key, new Plan(origin.plan(), origin.ranges()));
      OptionalLong rows = committed(key);
      if (rows.isPresent()) {
        return rows;
      }
      range = range(key, () -> begin(part, plan, key, block));
    }
    return range.add(block);
  }

  private RangeLoad begin(SyncPart part, SyncPlan plan, SyncRange key, Block block) {
    if (part.kind() == SyncPart.Kind.COPY) {
      area().createRows(plan, key.table());
    }
    return new RangeLoad(
        "range %d of %s"
            .formatted(
                key.index(),
                key.table().isEmpty()
                    ? "the changes of " + name()
                    : block.schema().qualifiedName()),
        area().file(),
        area().staging(part, key, block),
        loads().buffered());
  }

  private void prepare(SyncPlan plan) {
    SyncArea area = area();
    if (!area.isPrepared(plan.round())) {
      Map<SyncRange, Long> staged = new HashMap<>();
      for (SyncReceipt receipt : area.prepare(plan)) {
        SyncRange range = new SyncRange(receipt.part(), receipt.table(), receipt.range());
        staged.put(range, receipt.rows());
        failUnlessOfPlan(range, new Plan(receipt.plan(), receipt.ranges()));
      }
      found(staged);
    }
  }

  private void failUnlessOfPlan(SyncRange range, Plan plan) {
    Plan known = plans.putIfAbsent(new SyncRange(range.part(), range.table(), 0), plan);
    if (known != null && !known.equals(plan)) {
      throw new DataException(
          "The blocks of the "
              + range.part()
              + (range.table().isEmpty() ? "" : " of " + range.table())
              + " don't agree on its ranges: the runner planned it anew; run again");
    }
  }

  /**
   * Merges everything that is staged, or finds that this has been done already.
   *
   * @param receipts of all ranges of all parts, in any order, each at least once
   * @throws DataException if something is missing or the counts don't agree; the tables are as
   *     before
   */
  synchronized List<SyncedTable> publish(
      SyncRound first, SyncRound second, List<SyncReceipt> receipts) {
    try {
      SyncArea area = area();
      failIfIncomplete();
      List<SyncedTable> tables = new SyncPublication(area, target, first, second).publish(receipts);
      end();
      return tables;
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }
}
