package io.vitessbeam.vstream;

import binlogdata.Binlogdata;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import com.google.protobuf.ByteString;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes of a stream's events items of whole transactions. The orders of events are those of
 * vitess.io's "VStream" pages and of what a real vtgate sends: two BEGINs for an empty table, a
 * transaction over several responses, heartbeats anywhere, a VGTID before the COMMIT that makes it
 * true. A tail without COMMIT is dropped. For one thread.
 */
final class Transactions implements ResponseParser.Handler {

  /** Takes the items in their order; may wait for room. */
  interface Sink {
    void accept(ShardReader.Item item) throws InterruptedException;
  }

  /** A block is given out when it has this many bytes. */
  static final int BLOCK_BYTES = 512 << 10;

  /** What of one transaction stays in memory. */
  private static final long TRANSACTION_BYTES = 16L << 20;

  /** A table of the stream and what is known of it meanwhile. */
  private static final class State {
    final ShardStream.Table table;
    final ChangeBuilder rows;
    RowDecoder decoder;

    /** Transactions whose changes are left out; null once all of them are past. */
    GtidSet after;

    State(ShardStream.Table table) {
      this.table = table;
      this.rows = new ChangeBuilder(table.schema(), 4 << 10);
      this.after = table.after().isEmpty() ? null : GtidSet.parse(table.after());
    }
  }

  private final ShardStream stream;
  private final Sink sink;
  private final RowDecoder.Conversions conversions;
  private final String keyspacePrefix;
  private final Map<String, State> tables = new HashMap<>();
  private final GtidSet until;

  /** Up to the last commit. */
  private String gtid;

  private ByteString lastKeys;
  private boolean copied;
  private long commitMillis;
  private final Map<String, String> broken;

  /** What was given out, with the position behind it. */
  private StreamPosition given;

  /** Rows of the first transaction that were given out by who read before. */
  private long skip;

  private boolean ended;
  private long events;

  /** The transaction under way. */
  private String openGtid;

  private ByteString openLastKeys = ByteString.EMPTY;
  private SpilledBlocks large;
  private State current;
  private boolean currentIsCopy;
  private int seconds;

  Transactions(
      ShardStream stream, StreamPosition from, RowDecoder.Conversions conversions, Sink sink) {
    this.stream = stream;
    this.sink = sink;
    this.conversions = conversions;
    this.keyspacePrefix = stream.uri().vitess().keyspace() + ".";
    for (ShardStream.Table table : stream.tables()) {
      tables.put(table.schema().table(), new State(table));
    }
    this.until = stream.until().isEmpty() ? null : GtidSet.parse(stream.until());
    this.gtid = from.gtid();
    this.lastKeys = from.lastKeys();
    this.copied = from.copied();
    this.broken = new HashMap<>(from.broken());
    this.skip = from.skip();
    this.given = from;
  }

  /** Where to open the stream: behind the last commit. */
  StreamPosition position() {
    return new StreamPosition(
        gtid, lastKeys, copied, skip, given.blocks(), given.rows(), broken, ended);
  }

  /** The tables that are still worth a rule. */
  List<String> followed() {
    return stream.tables().stream()
        .map(table -> table.schema().table())
        .filter(table -> !broken.containsKey(table))
        .toList();
  }

  /** How many events came from the shard; heartbeats are vtgate's own. */
  long events() {
    return events;
  }

  /** Whether the bounded stream is read up to its end. */
  boolean hasEnded() {
    return ended;
  }

  /** Gives out what is committed, when nothing else waits to be read. */
  void flush() throws InterruptedException {
    List<Block> blocks = committedBlocks();
    if (!blocks.isEmpty() || !given.gtid().equals(gtid) || !given.lastKeys().equals(lastKeys)) {
      give(blocks, null);
    }
  }

  /** Ends a bounded stream that is where it should go, or can't get there with any table. */
  void endIfReached() throws InterruptedException {
    boolean pointless = until != null && followed().isEmpty();
    if (pointless) {
      gtid = stream.until();
    }
    if (pointless || (until != null && copied && GtidSet.parse(gtid).contains(until))) {
      ended = true;
      give(committedBlocks(), end());
    }
  }

  private StreamEnd end() {
    return new StreamEnd(
        stream.round(), stream.index(), stream.count(), stream.shard(), gtid, given.rows(), broken);
  }

  /** The stream broke: what is not committed comes again. */
  void disconnected() {
    rollBack();
    tables.values().forEach(state -> state.decoder = null);
  }

  /** A table can't be followed any more; what it had so far is void. */
  void breakTable(String table, String reason) {
    broken.putIfAbsent(table, reason);
    tables.get(table).rows.rollback();
    current = null;
  }

  @Override
  public void event(VEvent event) throws InterruptedException {
    if (ended) {
      return;
    }
    if (event.getType() != VEventType.HEARTBEAT) {
      events++;
    }
    switch (event.getType()) {
      case BEGIN, ROLLBACK -> rollBack();
      case FIELD -> field(event.getFieldEvent());
      case VGTID -> vgtid(event.getVgtid());
      case COMMIT -> commit(event.getTimestamp());
      case OTHER -> moveOn(event.getTimestamp());
      case DDL -> ddl(event);
      case COPY_COMPLETED -> {
        copied = true;
        endIfReached();
      }
      case JOURNAL -> throw resharded();
      case INSERT, REPLACE, UPDATE, DELETE, SET ->
          throw new ConfigurationException(
              "The binary log of "
                  + stream.describe()
                  + " holds statements instead of rows: set binlog_format=ROW");
      // Heartbeats say nothing of the shard, and newer servers send what is not known here.
      default -> {}
    }
  }

  @Override
  public void rows(String table, long timestamp) {
    String name =
        table.startsWith(keyspacePrefix) ? table.substring(keyspacePrefix.length()) : table;
    current = broken.containsKey(name) ? null : tables.get(name);
    if (current == null && tables.containsKey(table) && !broken.containsKey(table)) {
      current = tables.get(table);
    }
    // Changes that catch up between the parts of a copy have the time of their commit.
    currentIsCopy = !copied && timestamp == 0;
    if (current != null && current.decoder == null) {
      throw new DataException(
          "vtgate sent rows of " + keyspacePrefix + name + " before their fields");
    }
  }

  @Override
  public void row(RowImages images) throws InterruptedException {
    events++;
    if (ended || current == null) {
      return;
    }
    try {
      current.decoder.add(images, currentIsCopy);
    } catch (BrokenTableException e) {
      breakTable(current.table.schema().table(), e.getMessage());
      return;
    }
    if (current.rows.openLength() >= BLOCK_BYTES) {
      cutOpen();
    }
  }

  /** Moves the rows of the transaction under way out of the way of what waits for it. */
  private void cutOpen() throws InterruptedException {
    if (large == null) {
      give(committedBlocks(), null);
      large = new SpilledBlocks(TRANSACTION_BYTES);
    }
    for (ShardStream.Table table : stream.tables()) {
      ChangeBuilder rows = tables.get(table.schema().table()).rows;
      if (rows.hasOpenRows()) {
        large.add(rows.buildOpen(origin(0)));
      }
    }
  }

  private void field(Binlogdata.FieldEvent event) {
    String table = event.getTableName();
    String name =
        table.startsWith(keyspacePrefix) ? table.substring(keyspacePrefix.length()) : table;
    State state = tables.containsKey(name) ? tables.get(name) : tables.get(table);
    if (state == null || broken.containsKey(state.table.schema().table())) {
      return;
    }
    try {
      state.decoder =
          new RowDecoder(state.table.schema(), event, state.rows, stream.before(), conversions);
    } catch (BrokenTableException e) {
      breakTable(state.table.schema().table(), e.getMessage());
    }
  }

  private void vgtid(Binlogdata.VGtid vgtid) {
    for (Binlogdata.ShardGtid shard : vgtid.getShardGtidsList()) {
      if (shard.getShard().equals(stream.shard())) {
        openGtid = shard.getGtid();
        openLastKeys =
            shard.getTablePKsCount() == 0
                ? ByteString.EMPTY
                : Binlogdata.ShardGtid.newBuilder()
                    .addAllTablePKs(shard.getTablePKsList())
                    .build()
                    .toByteString();
        return;
      }
    }
    throw resharded();
  }

  private NeedsRefreshException resharded() {
    return new NeedsRefreshException(
        "Shard "
            + stream.describe()
            + " was resharded: its changes go on in other shards. Run with --full-refresh when the"
            + " new shards serve");
  }

  private void commit(long timestamp) throws InterruptedException {
    seconds = (int) timestamp;
    commitMillis = timestamp * 1000;
    GtidSet set = openGtid == null ? GtidSet.parse(gtid) : GtidSet.parse(openGtid);
    dropPast(set);
    if (large == null) {
      if (skip > 0) {
        throw changed();
      }
      long rank = set.rank();
      tables.values().forEach(state -> state.rows.commit(rank, seconds));
      moved(true);
      if (committedLength() >= BLOCK_BYTES) {
        give(committedBlocks(), null);
      }
    } else {
      giveLarge(set.rank());
    }
    endIfReached();
  }

  /** Leaves out what a table has of a transaction that its position contains. */
  private void dropPast(GtidSet set) {
    for (State state : tables.values()) {
      if (state.after != null) {
        if (state.after.contains(set)) {
          state.rows.rollback();
        } else {
          state.after = null;
        }
      }
    }
  }

  private void moved(boolean transaction) {
    if (openGtid != null) {
      gtid = openGtid;
      lastKeys = openLastKeys;
      // A table that is copied whole vanishes from the keys; the first batch of a copy names it.
      copied = copied || (transaction && lastKeys.isEmpty());
    }
    openGtid = null;
    openLastKeys = ByteString.EMPTY;
  }

  private long committedLength() {
    long length = 0;
    for (State state : tables.values()) {
      length += state.rows.committedLength();
    }
    return length;
  }

  private void giveLarge(long rank) throws InterruptedException {
    cutOpen();
    Set<String> past = new HashSet<>(broken.keySet());
    tables.forEach(
        (name, state) -> {
          state.rows.rollback();
          if (state.after != null) {
            past.add(name);
          }
        });
    SpilledBlocks blocks = large;
    large = null;
    try (blocks) {
      long skipped = 0;
      long before = 0;
      for (int left = blocks.size(); left > 0; left--) {
        Block block = blocks.next();
        if (past.contains(block.schema().table())) {
          continue;
        }
        before += block.rows();
        if (before <= skip) {
          skipped = before;
          continue;
        }
        if (skipped != skip) {
          throw changed();
        }
        block.marks().commit(rank, seconds);
        given = withSkip(before);
        giveBlock(block);
        skipped = before;
        skip = before;
      }
    }
    moved(true);
    skip = 0;
    give(List.of(), null);
  }

  private DataException changed() {
    return new DataException(
        "A transaction of " + stream.describe() + " is not what it was before; run again");
  }

  private StreamPosition withSkip(long rows) {
    return new StreamPosition(
        gtid, lastKeys, copied, rows, given.blocks(), given.rows(), broken, false);
  }

  private void giveBlock(Block block) throws InterruptedException {
    Block placed = placed(block, given.blocks());
    given =
        new StreamPosition(
            given.gtid(),
            given.lastKeys(),
            given.copied(),
            given.skip(),
            given.blocks() + 1,
            given.rows() + block.rows(),
            given.broken(),
            false);
    sink.accept(new ShardReader.Item(List.of(placed), given, commitMillis, null));
  }

  private void moveOn(long timestamp) throws InterruptedException {
    if (timestamp > 0) {
      commitMillis = timestamp * 1000;
    }
    moved(false);
    endIfReached();
  }

  private void ddl(VEvent event) throws InterruptedException {
    GtidSet set = openGtid == null ? null : GtidSet.parse(openGtid);
    DdlStatement statement = new DdlStatement(event.getStatement());
    boolean known = false;
    for (State state : tables.values()) {
      if (statement.names(state.table.schema().table())) {
        known = true;
        apply(statement, state, set, event.getTimestamp());
      }
    }
    if (!known) {
      // The server says that it is about a table of the filter, so it is written in another way.
      for (State state : tables.values()) {
        apply(statement, state, set, event.getTimestamp());
      }
    }
    moveOn(event.getTimestamp());
  }

  private void apply(DdlStatement statement, State state, GtidSet set, long timestamp) {
    String table = state.table.schema().table();
    if (broken.containsKey(table)
        || (state.after != null && set != null && state.after.contains(set))) {
      return;
    }
    switch (statement.effect()) {
      case NONE -> {}
      case TRUNCATES -> {
        RowDecoder.addTruncation(state.table.schema().columns(), state.rows);
        long rank = set == null ? GtidSet.parse(gtid).rank() : set.rank();
        state.rows.commit(rank, (int) timestamp);
      }
      case ADDS_COLUMN -> {
        if (state.table.schema().indexOf(statement.addedColumn()) < 0) {
          breakTable(table, "it was altered: " + statement);
        }
      }
      case CHANGES -> breakTable(table, "it was altered: " + statement);
    }
  }

  private List<Block> committedBlocks() {
    List<Block> blocks = new ArrayList<>();
    for (ShardStream.Table table : stream.tables()) {
      String name = table.schema().table();
      Block block = tables.get(name).rows.buildCommitted(origin(0));
      if (block != null && !broken.containsKey(name)) {
        blocks.add(placed(block, given.blocks() + blocks.size()));
      }
    }
    return blocks;
  }

  private void give(List<Block> blocks, StreamEnd end) throws InterruptedException {
    long rows = given.rows();
    for (Block block : blocks) {
      rows += block.rows();
    }
    given =
        new StreamPosition(
            gtid,
            lastKeys,
            copied,
            skip,
            given.blocks() + blocks.size(),
            rows,
            broken,
            end != null);
    StreamEnd last = end == null ? null : end();
    sink.accept(new ShardReader.Item(blocks, given, commitMillis, last));
  }

  private Origin origin(long sequence) {
    return new Origin(stream.plan(), stream.index(), stream.count(), sequence, -1, stream.shard());
  }

  private Block placed(Block block, long sequence) {
    return block.withOrigin(origin(sequence));
  }

  private void rollBack() {
    for (State state : tables.values()) {
      state.rows.rollback();
    }
    if (large != null) {
      large.close();
      large = null;
    }
    openGtid = null;
    openLastKeys = ByteString.EMPTY;
    current = null;
  }
}
