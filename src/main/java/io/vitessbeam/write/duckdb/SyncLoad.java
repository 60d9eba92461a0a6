package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.staging.RangeLoad;
import io.vitessbeam.write.follow.DestinationLookUp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** One run of tables of a file that follow a keyspace; all of it is published at once. */
public final class SyncLoad extends DuckDbLoad<SyncRange, SyncArea> implements SyncLoader {

  private record Plan(long fingerprint, int ranges) {}

  private final SyncKey run;

  /** By part and table: what their ranges have in common. */
  private final Map<SyncRange, Plan> plans = new HashMap<>();

  SyncLoad(SyncKey run, DuckDbLoads loads) {
    super(run, loads);
    this.run = run;
  }

  /**
   * A run whose tables are merged in a file of its own, and are elsewhere; to be released. All who
   * ask for it in this JVM stage into one file.
   */
  public static SyncLoad relayed(DuckDbUri file, SyncSpec spec) {
    return DuckDbLoads.ofThisJvm().acquire(new SyncKey(file, spec, true));
  }

  /** Drops at once what an owner has staged in such files of this JVM, if anything. */
  public static void abortRelayed(String owner) {
    DuckDbLoads.ofThisJvm().abortRelayed(owner);
  }

  @Override
  SyncArea openArea(DuckDbFile file) {
    return new SyncArea(file, run);
  }

  @Override
  String name() {
    return run.spec().keyspace();
  }

  /** The file isn't created if it doesn't exist. */
  @Override
  public synchronized StoredTables lookUp(Set<String> resting) {
    try {
      DestinationLookUp.requireDistinct(run.spec());
      if (!isOpen() && !Files.exists(Path.of(run.place().path()))) {
        return new StoredTables(
            run.spec().tables().stream().map(table -> StoredTable.absent(table.source())).toList());
      }
      SyncArea area = area();
      try {
        return new DestinationLookUp(DuckDbFollowedTables.of(area), run.spec()).lookUp(resting);
      } catch (SQLException e) {
        throw area.failure("Looking up the tables", e);
      }
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  @Override
  public Optional<SyncReceipt> stage(SyncPart part, SyncPlan plan, Block block) {
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
      range = range(key, () -> begin(part, key, block));
    }
    return range.add(block);
  }

  private RangeLoad begin(SyncPart part, SyncRange key, Block block) {
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

  @Override
  public void release() {
    loads().release(this);
  }

  @Override
  public List<SyncedTable> publish(SyncRound first, SyncRound second, List<SyncReceipt> receipts) {
    return publish(first, second, receipts, area -> RemoteTarget.NONE);
  }

  /**
   * The same of tables that are elsewhere.
   *
   * @param remote where they are, given the open file
   */
  public synchronized List<SyncedTable> publish(
      SyncRound first,
      SyncRound second,
      List<SyncReceipt> receipts,
      Function<SyncArea, RemoteTarget> remote) {
    try {
      SyncArea area = area();
      failIfIncomplete();
      List<SyncedTable> tables =
          new SyncPublication(area, run, first, second, remote.apply(area)).publish(receipts);
      end();
      return tables;
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }
}
