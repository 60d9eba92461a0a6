package io.vitessbeam.write.follow.relay;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.SyncLoad;
import io.vitessbeam.write.follow.DestinationLookUp;
import io.vitessbeam.write.load.Digest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One run of tables of a server that follow a keyspace. What is copied and what changed is staged
 * and merged in a DuckDB file of the run's own, which takes the rows that change from the server;
 * then the server gets them back by its own loads. So the rules of merging are those of a DuckDB
 * destination, and a server is only asked for what it does best.
 *
 * <p>All tables are staged at the server before the first one is published. A server that can
 * publishes them all at once. Elsewhere a table that is copied replaces the server's at once, and
 * in one that is followed rows change a few thousand at a time; where a run dies meanwhile, the
 * next one begins where that did, and brings all of it again.
 */
public final class RelayedRun implements SyncLoader {

  private final ServerDestination server;
  private final SyncSpec spec;
  private final SyncLoad merging;

  /** The plan of the last block. */
  private volatile Plan lastPlan;

  private record Plan(SyncPlan source, SyncPlan raw) {}

  private RelayedRun(ServerDestination server, SyncSpec spec, SyncLoad merging) {
    this.server = server;
    this.spec = spec;
    this.merging = merging;
  }

  /** The load of a run, to be released; all who ask for it in this JVM stage into one file. */
  public static RelayedRun acquire(ServerDestination server, SyncSpec spec) {
    List<SyncSpec.Table> tables = new ArrayList<>();
    for (SyncSpec.Table table : spec.tables()) {
      tables.add(
          new SyncSpec.Table(table.source(), new TargetTable("", "merged_" + tables.size())));
    }
    SyncSpec merged =
        new SyncSpec(spec.owner(), spec.runId(), spec.keyspace(), tables, spec.fullRefresh());
    return new RelayedRun(server, spec, SyncLoad.relayed(file(spec.runId()), merged));
  }

  /** Drops at once what an owner has staged in files of this JVM, if anything. */
  public static void abort(String owner) {
    SyncLoad.abortRelayed(owner);
  }

  private static DuckDbUri file(String runId) {
    String name = Digest.of("relay", runId) + ".duckdb";
    return new DuckDbUri(RelayFolder.ofThisJvm().resolve(name).toString());
  }

  @Override
  public StoredTables lookUp(Set<String> resting) {
    return atServer(tables -> new DestinationLookUp(tables, spec).lookUp(resting));
  }

  /** What is done with the tables of the server. */
  private interface Work<T> {
    T with(ServerTables tables) throws SQLException;
  }

  private <T> T atServer(Work<T> work) {
    try (ServerTables tables = server.tables()) {
      return work.with(tables);
    } catch (SQLException e) {
      throw new IllegalStateException("a server's tables explain what fails", e);
    }
  }

  @Override
  public Optional<SyncReceipt> stage(SyncPart part, SyncPlan plan, Block block) {
    return merging.stage(part, raw(plan), RawRows.of(block));
  }

  /** It is the same plan block after block; one that is only equal is made again. */
  @SuppressWarnings("ReferenceEquality")
  private SyncPlan raw(SyncPlan plan) {
    Plan known = lastPlan;
    if (known == null || known.source() != plan) {
      known = new Plan(plan, RawRows.of(plan));
      lastPlan = known;
    }
    return known.raw();
  }

  @Override
  public List<SyncedTable> publish(SyncRound first, SyncRound second, List<SyncReceipt> receipts) {
    return atServer(tables -> publish(tables, first, second, receipts));
  }

  private List<SyncedTable> publish(
      ServerTables tables, SyncRound first, SyncRound second, List<SyncReceipt> receipts)
      throws SQLException {
    // By a former try of which nobody heard.
    Optional<List<SyncedTable>> before = tables.writtenBy(spec, first.plan());
    if (before.filter(done -> !done.isEmpty()).isPresent()) {
      return before.get();
    }
    List<SyncPlan> plans = List.of(first.plan(), second.plan());
    return merging
        .publish(
            raw(first),
            raw(second),
            receipts,
            area -> new ServerTarget(server, tables, spec, plans, area))
        .stream()
        .map(this::named)
        .toList();
  }

  private static SyncRound raw(SyncRound round) {
    return new SyncRound(RawRows.of(round.plan()), round.ends());
  }

  private SyncedTable named(SyncedTable done) {
    return ServerTarget.named(done, spec.targetOf(ServerTarget.sourceOf(done)));
  }

  @Override
  public void release() {
    merging.release();
  }
}
