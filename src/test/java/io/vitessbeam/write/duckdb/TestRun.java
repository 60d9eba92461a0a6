package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One run of some tables of the keyspace {@code shop} without any Vitess: copies and changes are
 * given by hand. Transaction n of a shard has the GTID n of a server of its own.
 */
final class TestRun {

  /** A change as a stream gives it; values as text, null for NULL, {@link #ABSENT} if not sent. */
  record Change(
      String table,
      RowKind kind,
      long transaction,
      int number,
      long seconds,
      List<String> values) {}

  static final String ABSENT = new String("absent");

  private final Path file;
  private final String runId;
  private final List<String> shards;
  private final Map<Integer, List<TablePlan>> plans = new TreeMap<>();
  private final Map<Integer, Map<String, Map<String, List<List<String>>>>> copies = new TreeMap<>();
  private final Map<Integer, Map<String, List<Change>>> changes = new TreeMap<>();
  private final Map<Integer, Map<String, List<Change>>> streamedCopies = new TreeMap<>();
  private final Map<Integer, Map<String, Long>> ends = new TreeMap<>();
  private final Map<Integer, Map<String, String>> broken = new TreeMap<>();
  private boolean fullRefresh;
  private final Map<String, String> targets = new HashMap<>();
  private int blockRows = 3;

  TestRun(Path file, String runId, String... shards) {
    this.file = file;
    this.runId = runId;
    this.shards = List.of(shards);
    for (int round = 1; round <= 2; round++) {
      plans.put(round, new ArrayList<>());
      copies.put(round, new TreeMap<>());
      changes.put(round, new TreeMap<>());
      streamedCopies.put(round, new TreeMap<>());
      ends.put(round, new TreeMap<>());
      broken.put(round, new TreeMap<>());
      for (String shard : shards) {
        changes.get(round).put(shard, new ArrayList<>());
        ends.get(round).put(shard, 0L);
      }
    }
  }

  static String gtid(String shard, long transactions) {
    int server = Math.floorMod(shard.hashCode(), 1000);
    String uuid = "%08d-0000-0000-0000-000000000000".formatted(server);
    return "MySQL56/" + uuid + ":1-" + transactions;
  }

  /** A position at which all shards have made a number of transactions. */
  Vgtid at(long... transactions) {
    return new Vgtid(
        "shop",
        IntStream.range(0, shards.size())
            .mapToObj(
                i ->
                    new Vgtid.ShardGtid(
                        shards.get(i),
                        gtid(shards.get(i), transactions[Math.min(i, transactions.length - 1)])))
            .toList());
  }

  TestRun plan(TableSchema schema, TablePlan.Action action, long... from) {
    return plan(1, schema, action, 1, from);
  }

  TestRun plan(int round, TableSchema schema, TablePlan.Action action, int epoch, long... from) {
    plans
        .get(round)
        .add(
            new TablePlan(
                schema,
                "definition of " + schema.columns().size(),
                action,
                action == TablePlan.Action.COPY_AGAIN ? "it changed" : "",
                at(from),
                epoch));
    for (int i = 0; i < shards.size(); i++) {
      ends.get(round).merge(shards.get(i), from[Math.min(i, from.length - 1)], Math::max);
    }
    return this;
  }

  TestRun target(String source, String target) {
    targets.put(source, target);
    return this;
  }

  TestRun withFullRefresh() {
    fullRefresh = true;
    return this;
  }

  TestRun rowsPerBlock(int rows) {
    blockRows = rows;
    return this;
  }

  /** A row that is read from a shard. */
  TestRun copied(String table, String shard, String... values) {
    return copied(1, table, shard, values);
  }

  TestRun copied(int round, String table, String shard, String... values) {
    copies
        .get(round)
        .computeIfAbsent(table, key -> new TreeMap<>())
        .computeIfAbsent(shard, key -> new ArrayList<>())
        .add(Arrays.asList(values));
    return this;
  }

  /** A change in a transaction of its own kind of number: several may be of one transaction. */
  TestRun changed(
      String table, String shard, RowKind kind, long transaction, long seconds, String... values) {
    return changed(1, table, shard, kind, transaction, seconds, values);
  }

  TestRun changed(
      int round,
      String table,
      String shard,
      RowKind kind,
      long transaction,
      long seconds,
      String... values) {
    List<Change> ofShard = changes.get(round).get(shard);
    int number =
        1 + (int) ofShard.stream().filter(each -> each.transaction() == transaction).count();
    ofShard.add(new Change(table, kind, transaction, number, seconds, Arrays.asList(values)));
    ends.get(round).merge(shard, transaction, Math::max);
    return this;
  }

  /** A row that VStream copied, or a change that came meanwhile. */
  TestRun copiedByStream(
      String table, String shard, RowKind kind, long transaction, String... values) {
    streamedCopies
        .get(1)
        .computeIfAbsent(table + "/" + shard, key -> new ArrayList<>())
        .add(new Change(table, kind, transaction, 0, 0, Arrays.asList(values)));
    return this;
  }

  TestRun until(long... transactions) {
    return untilOf(1, transactions);
  }

  TestRun untilOf(int round, long... transactions) {
    for (int i = 0; i < shards.size(); i++) {
      ends.get(round).put(shards.get(i), transactions[Math.min(i, transactions.length - 1)]);
    }
    return this;
  }

  TestRun broken(int round, String table, String why) {
    broken.get(round).put(table, why);
    return this;
  }

  SyncPlan plan(int round) {
    return new SyncPlan(round, shards, plans.get(round));
  }

  SyncKey target() {
    List<SyncSpec.Table> tables = new ArrayList<>();
    for (TablePlan table : plans.get(1)) {
      tables.add(
          new SyncSpec.Table(
              table.table(),
              TargetTable.parse(targets.getOrDefault(table.table(), table.table()))));
    }
    return new SyncKey(
        new DuckDbUri(file.toString()),
        new SyncSpec(runId, runId, "shop", tables, fullRefresh),
        false);
  }

  SyncRound round(int round) {
    List<StreamEnd> streamEnds = new ArrayList<>();
    for (int i = 0; i < shards.size() && !plans.get(round).isEmpty(); i++) {
      String shard = shards.get(i);
      streamEnds.add(
          new StreamEnd(
              round,
              i,
              shards.size(),
              shard,
              gtid(shard, ends.get(round).get(shard)),
              changes.get(round).get(shard).size(),
              i == 0 ? broken.get(round) : Map.of()));
    }
    return new SyncRound(plan(round), streamEnds);
  }

  /** All blocks of a part. */
  List<Block> blocks(SyncPart part) {
    List<Block> blocks = new ArrayList<>();
    List<TablePlan> tables = plans.get(part.round());
    if (tables.isEmpty()) {
      return blocks;
    }
    if (part.kind() == SyncPart.Kind.STREAM) {
      for (int i = 0; i < shards.size(); i++) {
        blocks.addAll(
            stream(part.round(), changes.get(part.round()).get(shards.get(i)), i, tables.get(0)));
      }
      return blocks;
    }
    for (TablePlan table : tables) {
      if (table.copies()) {
        for (int i = 0; i < shards.size(); i++) {
          List<Change> streamed =
              streamedCopies.get(part.round()).get(table.table() + "/" + shards.get(i));
          blocks.addAll(
              streamed == null
                  ? range(part.round(), table, i)
                  : stream(part.round(), streamed, i, table));
        }
      }
    }
    return blocks;
  }

  private List<Block> range(int round, TablePlan table, int shard) {
    List<List<String>> rows =
        copies
            .get(round)
            .getOrDefault(table.table(), Map.of())
            .getOrDefault(shards.get(shard), List.of());
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < rows.size(); i += blockRows) {
      BlockBuilder builder = new BlockBuilder(table.schema(), 1024);
      for (List<String> row : rows.subList(i, Math.min(rows.size(), i + blockRows))) {
        add(builder, row, table.schema());
      }
      blocks.add(builder.build(origin(shard, blocks.size(), -1)));
    }
    blocks.add(Block.closing(table.schema(), origin(shard, blocks.size(), rows.size())));
    return blocks;
  }

  private List<Block> stream(int round, List<Change> all, int shard, TablePlan any) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (at < all.size()) {
      int end = at;
      while (end < all.size()
          && end - at < blockRows
          && all.get(end).table().equals(all.get(at).table())
          && isCopied(all.get(end)) == isCopied(all.get(at))) {
        end++;
      }
      List<Change> some = all.subList(at, end);
      String name = all.get(at).table();
      TableSchema schema =
          plans.get(round).stream()
              .filter(table -> table.table().equals(name))
              .findFirst()
              .orElseThrow()
              .schema();
      blocks.add(changes(schema, some, origin(shard, blocks.size(), -1)));
      at = end;
    }
    blocks.add(Block.closing(any.schema(), origin(shard, blocks.size(), all.size())));
    return blocks;
  }

  private static boolean isCopied(Change change) {
    return change.kind() == RowKind.COPY;
  }

  private static Block changes(TableSchema schema, List<Change> some, Origin origin) {
    BlockBuilder builder = new BlockBuilder(schema, 1024);
    int count = some.size();
    byte[] kinds = new byte[count];
    long[] ranks = new long[count];
    int[] numbers = new int[count];
    int[] seconds = new int[count];
    long[][] absent = new long[count][];
    boolean anyAbsent = false;
    for (int i = 0; i < count; i++) {
      Change change = some.get(i);
      add(builder, change.values(), schema);
      kinds[i] = change.kind().code();
      ranks[i] = change.transaction();
      numbers[i] = change.number();
      seconds[i] = (int) change.seconds();
      for (int column = 0; column < change.values().size(); column++) {
        if (isAbsent(change.values().get(column))) {
          absent[i] = absent[i] == null ? new long[1 + schema.columns().size() / 64] : absent[i];
          absent[i][column / 64] |= 1L << column;
          anyAbsent = true;
        }
      }
    }
    Block rows = builder.build(origin);
    RowMarks marks = new RowMarks(kinds, ranks, numbers, seconds, anyAbsent ? absent : null);
    byte[] bytes = new BlockReader(rows).bytes();
    return new Block(schema, origin, count, bytes, rows.length(), marks);
  }

  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  private static boolean isAbsent(String value) {
    return value == ABSENT;
  }

  private static void add(BlockBuilder builder, List<String> row, TableSchema schema) {
    builder.startRow();
    for (int i = 0; i < schema.columns().size(); i++) {
      String value = i < row.size() ? row.get(i) : null;
      if (value == null || isAbsent(value)) {
        builder.addNull();
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        builder.addValue(bytes, 0, bytes.length);
      }
    }
  }

  private Origin origin(int shard, int sequence, long rows) {
    return new Origin(7, shard, shards.size(), sequence, rows, shards.get(shard));
  }

  /** Stages everything; the receipts. */
  List<SyncReceipt> stage(SyncLoad load) {
    List<SyncReceipt> receipts = new ArrayList<>();
    for (String name : List.of("copy 1", "stream 1", "copy 2", "stream 2")) {
      SyncPart part = SyncPart.parse(name);
      for (Block block : blocks(part)) {
        load.stage(part, plan(part.round()), block).ifPresent(receipts::add);
      }
    }
    return receipts;
  }

  /** The whole run. */
  List<SyncedTable> run() {
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(target());
    List<SyncedTable> done;
    try {
      done = load.publish(round(1), round(2), stage(load));
    } finally {
      DuckDbLoads.ofThisJvm().release(load);
    }
    StatedContents.assertTrue(file, runId);
    return done;
  }

  List<StoredTable> lookUp() {
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(target());
    try {
      return load.lookUp().tables();
    } finally {
      DuckDbLoads.ofThisJvm().release(load);
    }
  }
}
