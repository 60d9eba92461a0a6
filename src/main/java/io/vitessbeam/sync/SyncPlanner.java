package io.vitessbeam.sync;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.sync.ChosenTables.Chosen;
import io.vitessbeam.sync.SourceTables.SourceTable;
import io.vitessbeam.vstream.BinlogSettings;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.PositionCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans a bounded run against the server: which tables, and how each begins. All that can be wrong
 * with what was asked for is found here, before anything is written.
 */
final class SyncPlanner {

  private static final Logger LOG = LoggerFactory.getLogger(SyncPlanner.class);

  /** Vitess stops the writes of a shard for less than that while it replaces it. */
  private static final Duration SWITCH_PATIENCE = Duration.ofSeconds(30);

  private final SyncOptions options;

  SyncPlanner(SyncOptions options) {
    this.options = options;
  }

  /** What the decisions about all tables rest on. */
  private record Basis(
      List<String> shards, TableDecision decision, Map<String, StoredTable> stored) {

    StoredTable of(Chosen table) {
      String name = table.schema().table();
      return stored.getOrDefault(name, StoredTable.absent(name));
    }

    TablePlan decide(Chosen table) {
      return decision.decide(of(table), table.schema(), table.definition());
    }
  }

  private Basis basis(StoredTables stored) {
    requireStreams();
    // Before the tables are looked at: one that changes its definition after this says so in its
    // stream.
    Vgtid executed = ExecutedGtids.read(options.uri().vitess());
    List<String> shards = executed.shardNames();
    BinlogSettings.require(options.uri().vitess(), shards);
    Map<String, StoredTable> byName = new HashMap<>();
    stored.tables().forEach(table -> byName.put(table.table(), table));
    return new Basis(shards, new TableDecision(options, executed), byName);
  }

  /**
   * The first round.
   *
   * @param stored what the destination knows of the tables
   * @throws io.vitessbeam.VitessBeamException if the run can't do what was asked for
   */
  SyncPlan plan(StoredTables stored) {
    Basis basis = basis(stored);
    List<Chosen> chosen = choose(basis.shards());
    requirePositions(basis, chosen);
    List<TablePlan> tables = chosen.stream().map(basis::decide).toList();
    if (tables.stream().anyMatch(TablePlan::copies)) {
      try (SourceTables source = new SourceTables(options.uri().vitess(), basis.shards())) {
        tables.forEach(table -> requireServed(source, table));
      }
    }
    return logged(new SyncPlan(1, basis.shards(), tables));
  }

  /** A table whose rows need not be read may be followed wherever it is served. */
  private static void requireServed(SourceTables source, TablePlan table) {
    if (table.copies()) {
      source.requireServed(table.table());
    }
  }

  private void requirePositions(Basis basis, List<Chosen> tables) {
    Map<String, Vgtid> positions = new TreeMap<>();
    for (Chosen table : tables) {
      StoredTable stored = basis.of(table);
      if (basis.decision().needsPosition(stored)) {
        positions.put(stored.table(), stored.position());
      }
    }
    new PositionCheck(PositionCheck.STORED, options.uri().vitess(), basis.shards())
        .require(positions);
  }

  /**
   * The first round of a run without an end. It has no tables if the destination's are where shards
   * stood that others have replaced: they are to be followed to there first.
   */
  SyncPlan planEndless(StoredTables stored) throws InterruptedException {
    List<String> former = formerShards(stored);
    return former.isEmpty() ? planServing(stored) : new SyncPlan(1, former, List.of());
  }

  /** What a run without an end follows, from where the destination has it. */
  SyncPlan planFollowing(StoredTables stored) throws InterruptedException {
    List<String> former = formerShards(stored);
    SyncPlan plan = former.isEmpty() ? planServing(stored) : planFormer(stored, former);
    plan.waiting()
        .forEach((table, why) -> LOG.warn("{}.{} waits: {}", options.keyspace(), table, why));
    return plan;
  }

  /**
   * The first round, in which a table that can't go on waits, and the others do not wait for it. A
   * run that has nothing in the destination yet was asked for a moment ago, and fails instead.
   */
  private SyncPlan planServing(StoredTables stored) {
    if (stored.tables().stream().allMatch(table -> table.position() == null)) {
      return plan(stored);
    }
    Basis basis = basis(stored);
    Map<String, String> waiting = new TreeMap<>(options.held());
    List<TablePlan> tables = each(basis, table -> requirePositions(basis, List.of(table)), waiting);
    return tables.isEmpty()
        ? plan(stored)
        : logged(new SyncPlan(1, basis.shards(), tables, waiting));
  }

  /** The tables that stand at shards which others have replaced, and need not be copied. */
  private SyncPlan planFormer(StoredTables stored, List<String> former) {
    Map<String, String> waiting = new TreeMap<>(options.held());
    List<TablePlan> tables = each(basis(stored), table -> {}, waiting);
    tables.removeIf(table -> table.copies() || !table.from().shardNames().equals(former));
    return tables.isEmpty() ? plan(stored) : logged(new SyncPlan(1, former, tables, waiting));
  }

  /**
   * Decides about each table by itself.
   *
   * @param check passes if the table can go on
   * @param waiting has the tables to leave out, and takes those that can't go on
   */
  private List<TablePlan> each(Basis basis, Consumer<Chosen> check, Map<String, String> waiting) {
    List<TablePlan> tables = new ArrayList<>();
    try (SourceTables source = new SourceTables(options.uri().vitess(), basis.shards())) {
      for (String name : TableSelection.thatAreThere(options, source.names(), waiting)) {
        try {
          Chosen chosen = new ChosenTables(options).again(List.of(found(source, name))).get(0);
          check.accept(chosen);
          TablePlan decided = basis.decide(chosen);
          requireServed(source, decided);
          tables.add(decided);
        } catch (ConfigurationException | DataException | NeedsRefreshException e) {
          waiting.put(name, e.getMessage());
        }
      }
    }
    return tables;
  }

  /**
   * The shards that tables of the destination stand at, if others serve now; none if they are those
   * that serve. While shards are being replaced neither do, for a moment.
   */
  private List<String> formerShards(StoredTables stored) throws InterruptedException {
    Set<List<String>> positions = new LinkedHashSet<>();
    for (StoredTable table : stored.tables()) {
      if (table.position() != null && !options.fullRefresh()) {
        positions.add(table.position().shardNames());
      }
    }
    long deadline = System.nanoTime() + SWITCH_PATIENCE.toNanos();
    while (true) {
      positions.remove(ExecutedGtids.readPatiently(options.uri().vitess()).shardNames());
      if (positions.isEmpty() || System.nanoTime() > deadline) {
        return positions.stream().findFirst().orElse(List.of());
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  /** A wrong port is to be found before the copies, not after hours of them. */
  private void requireStreams() {
    try (VtgateGrpc vtgate = VtgateGrpc.open(options.uri().grpc())) {
      vtgate.requireReachable();
    }
  }

  private List<Chosen> choose(List<String> shards) {
    try (SourceTables source = new SourceTables(options.uri().vitess(), shards)) {
      List<SourceTable> tables = new ArrayList<>();
      for (String name : TableSelection.of(options, source.names())) {
        tables.add(found(source, name));
      }
      return new ChosenTables(options).of(tables);
    }
  }

  private SourceTable found(SourceTables source, String name) {
    return source
        .find(name)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "Keyspace " + options.keyspace() + " lost its table " + name));
  }

  /**
   * The second round: a new copy of every table that could not be followed in the first.
   *
   * @param ends of the first round's streams
   * @throws DataException if such a table is gone
   */
  SyncPlan planAgain(SyncPlan first, Iterable<StreamEnd> ends) throws InterruptedException {
    Map<String, String> broken = new TreeMap<>();
    ends.forEach(end -> end.broken().forEach(broken::putIfAbsent));
    if (broken.isEmpty()) {
      return new SyncPlan(2, first.shards(), List.of());
    }
    Vgtid executed = ExecutedGtids.readPatiently(options.uri().vitess());
    RoundStreams.requireSameShards(first, executed);
    TableDecision decision = new TableDecision(options, executed);
    List<TablePlan> tables = new ArrayList<>();
    try (SourceTables source = new SourceTables(options.uri().vitess(), first.shards())) {
      for (Map.Entry<String, String> entry : broken.entrySet()) {
        TablePlan before = first.tables().get(first.indexOf(entry.getKey()));
        SourceTable table =
            source.find(entry.getKey()).orElseThrow(() -> gone(entry.getKey(), entry.getValue()));
        Chosen chosen = new ChosenTables(options).again(List.of(table)).get(0);
        TablePlan again =
            decision.again(before, entry.getValue(), chosen.schema(), chosen.definition());
        requireServed(source, again);
        tables.add(again);
      }
    }
    return logged(new SyncPlan(2, first.shards(), tables));
  }

  private DataException gone(String table, String why) {
    return new DataException(
        options.keyspace()
            + "."
            + table
            + " was dropped or renamed during the run: "
            + why
            + ". Nothing is published; run again without it");
  }

  private static SyncPlan logged(SyncPlan plan) {
    for (TablePlan table : plan.tables()) {
      LOG.info(
          "{}: {}{}",
          table.schema().qualifiedName(),
          switch (table.action()) {
            case COPY -> "is copied";
            case COPY_AGAIN -> "is copied again";
            case FOLLOW -> "is followed from where it stood";
          },
          table.reason().isEmpty() ? "" : ": " + table.reason());
    }
    return plan;
  }
}
