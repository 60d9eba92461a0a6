package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import com.google.protobuf.ByteString;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.decode.Alterations;
import io.vitessbeam.vstream.decode.BrokenTableException;
import io.vitessbeam.vstream.decode.DdlStatement;
import io.vitessbeam.vstream.decode.DmlStatement;
import io.vitessbeam.vstream.decode.FollowedTable;
import io.vitessbeam.vstream.decode.RowDecoder;
import io.vitessbeam.vstream.decode.StreamTables;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids.Moment;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.wire.ResponseParser;
import io.vitessbeam.vstream.wire.RowImages;
import java.util.List;
import java.util.Map;

/**
 * Makes of a stream's events items of whole transactions. The orders of events are those of
 * vitess.io's "VStream" pages and of what a real vtgate sends: two BEGINs for an empty table, a
 * transaction over several responses, heartbeats anywhere, a VGTID before the COMMIT that makes it
 * true. A tail without COMMIT is dropped. For one thread.
 */
public final class Transactions implements ResponseParser.Handler, AutoCloseable {

  private final ShardStream stream;
  private final StreamFailures failures;
  private final ReaderLimits limits;
  private final RowDecoder.Conversions conversions;
  private final Alterations alterations;
  private final StreamTables tables;
  private final CommittedRows committed;
  private final ItemOutlet.Sink sink;
  private final StreamProgress progress = new StreamProgress();

  /** Where a bounded stream ends, else null. */
  private final GtidSet until;

  private boolean ended;
  private boolean reopens;

  private final OpenPosition open;
  private final LargeTransaction large;
  private FollowedTable current;
  private boolean currentIsCopy;

  /** Whether rows of the transaction under way are copied ones. */
  private boolean openIsCopy;

  private Map<String, String> brokenBefore;

  Transactions(
      ShardStream stream,
      StreamPosition from,
      ReaderLimits limits,
      RowDecoder.Conversions conversions,
      Alterations alterations,
      ItemOutlet.Sink sink) {
    if (!from.copied() && stream.tables().size() != 1) {
      // Vitess resumes the copy of several tables in a way that loses some of them.
      throw new IllegalArgumentException("a stream that copies has one table");
    }
    this.stream = stream;
    this.failures = new StreamFailures(stream);
    this.limits = limits;
    this.conversions = conversions;
    this.alterations = alterations;
    this.tables = new StreamTables(stream, from);
    this.open = new OpenPosition(stream.shard());
    this.large = new LargeTransaction(limits, tables, from.skip(), failures);
    this.sink = sink;
    this.until = stream.until().isEmpty() ? null : GtidSet.parse(stream.until());
    this.committed = new CommittedRows(tables, large, new ItemOutlet(stream, from, sink), from);
    this.brokenBefore = from.broken();
  }

  /** Where to open the stream: behind the last commit. */
  StreamPosition position() {
    return committed.position();
  }

  /** The tables that the stream is to have, see {@link StreamTables#followed}. */
  List<String> followed() {
    return tables.followed();
  }

  /** Rises with what comes from the shard and did not come before; heartbeats are vtgate's own. */
  long progress() {
    return progress.steps();
  }

  /** Whether the bounded stream is read up to its end. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether the stream has to be opened anew, with more tables; nothing more is taken of it. */
  boolean reopens() {
    return reopens;
  }

  /**
   * Gives out the position, and of a stream without an end the rows. The blocks of a bounded stream
   * are the same whenever it is read.
   */
  void flush() throws InterruptedException {
    if (!ended && (committed.hasRows() ? until == null : committed.isNews())) {
      committed.give();
    }
  }

  /**
   * Tells the time of a shard that is silent: if all is given out that its primary had executed,
   * nothing comes any more that was committed before.
   *
   * @return whether it is
   */
  boolean tellTime(Moment moment) throws InterruptedException {
    CommitPoint point = committed.point();
    if (ended || !point.copied() || !point.set().contains(moment.executed())) {
      return false;
    }
    flush();
    committed.tellTime(moment.allBeforeMillis());
    return true;
  }

  /** Ends a bounded stream that is where it should go, or any that has no table left to follow. */
  void endIfReached() throws InterruptedException {
    CommitPoint point = committed.point();
    if (tables.areAllBroken()) {
      if (until != null) {
        committed.moveTo(
            new CommitPoint(until.toString(), until, ByteString.EMPTY, point.copied()));
      }
    } else if (until == null || !point.copied() || !point.set().contains(until)) {
      return;
    }
    ended = true;
    committed.giveLast();
  }

  /** The stream broke: what is not committed comes again. */
  void disconnected() {
    rollBack();
    tables.forget();
    reopens = false;
  }

  /**
   * A table can't be followed any more. For who has it in a run with an end, what it had so far is
   * void; of an endless one, what was committed stands.
   */
  void breakTable(String table, String reason) throws InterruptedException {
    giveIf(isEndless());
    tables.breakTable(table, reason);
    current = null;
  }

  private boolean isEndless() {
    return until == null;
  }

  private void giveIf(boolean wanted) throws InterruptedException {
    if (wanted && committed.hasRows()) {
      committed.give();
    }
  }

  @Override
  public void event(VEvent event) throws InterruptedException {
    if (ended || reopens) {
      return;
    }
    if (event.getType() == VEventType.BEGIN || event.getType() == VEventType.ROLLBACK) {
      rollBack();
      brokenBefore = Map.copyOf(tables.broken());
    }
    if (event.getType() != VEventType.HEARTBEAT) {
      progress.event();
    }
    switch (event.getType()) {
      case FIELD -> field(event.getFieldEvent());
      case VGTID -> {
        if (!open.take(event.getVgtid())) {
          throw failures.resharded();
        }
      }
      case COMMIT -> commit(event.getTimestamp());
      case OTHER, DDL -> statement(event);
      case COPY_COMPLETED -> {
        committed.moveTo(committed.point().asCopied());
        endIfReached();
      }
      case JOURNAL -> journal(event);
      case INSERT, REPLACE, UPDATE, DELETE -> {
        giveIf(isEndless());
        tables.breakThose(new DmlStatement(event.getDml()));
      }
      // Heartbeats say nothing of the shard, and newer servers send what is not known here.
      default -> {}
    }
  }

  /**
   * The stream goes on in other shards. What a server writes into the shard's log after this is a
   * copy of what happens there.
   */
  private void journal(VEvent event) throws InterruptedException {
    if (event.getJournal().getMigrationType() != Binlogdata.MigrationType.SHARDS) {
      return;
    }
    if (!stream.followsReshards() || until != null || !committed.point().copied()) {
      throw failures.resharded();
    }
    flush();
    ended = true;
    sink.resharded(new Reshard(event.getJournal()), event.getTimestamp() * 1000);
  }

  private void field(Binlogdata.FieldEvent event) throws InterruptedException {
    FollowedTable table = tables.find(event.getTableName());
    if (table == null) {
      return;
    }
    TableSchema announced = table.announced(event, alterations);
    if (!announced.equals(table.schema())) {
      // A change of its columns ends a transaction, so that there are no open rows of it.
      committed.give();
      table.become(announced);
    }
    try {
      table.describe(event, conversions);
    } catch (BrokenTableException e) {
      breakTable(table.name(), e.getMessage());
    }
  }

  @Override
  public void rows(String table, long timestamp) throws InterruptedException {
    current = ended || reopens ? null : tables.find(table);
    // Changes that catch up between the parts of a copy have the time of their commit.
    currentIsCopy = !committed.point().copied() && timestamp == 0;
    if (current != null && !current.isDescribed()) {
      throw failures.rowsBeforeFields(current.schema());
    }
    if (current != null) {
      separate(current, currentIsCopy);
    }
  }

  /** Sees to it that no block has both copied rows and changes. */
  private void separate(FollowedTable table, boolean copy) throws InterruptedException {
    if (!table.rows().fits(copy)) {
      committed.give();
    }
  }

  @Override
  public void row(RowImages images) throws InterruptedException {
    progress.event();
    if (current == null) {
      return;
    }
    openIsCopy |= currentIsCopy;
    try {
      tables.add(current, images, currentIsCopy);
    } catch (BrokenTableException e) {
      breakTable(current.name(), e.getMessage());
      return;
    }
    if (tables.openBytes() >= limits.blockBytes()) {
      cutOpen();
    }
  }

  /** Moves the rows of the transaction under way out of the way of what waits for it. */
  private void cutOpen() throws InterruptedException {
    if (!large.isOpen() && tables.committedBytes() > 0) {
      committed.give();
    }
    large.add(committed.origin());
  }

  private void commit(long timestamp) throws InterruptedException {
    if (!open.isKnown()) {
      if (tables.openBytes() > 0 || large.isOpen()) {
        throw failures.withoutPosition();
      }
      return;
    }
    // A table that is copied whole vanishes from the keys; the first batch of a copy names it.
    CommitPoint next = open.committed(committed.point().copied() || !open.hasLastKeys());
    GtidSet set = next.set();
    if (hasToReopen(set)) {
      return;
    }
    committed.date(timestamp);
    tables.leaveOut(set);
    if (!large.isOpen()) {
      large.requireNothingSkipped();
      tables.commit(next, (int) timestamp);
      moveTo(next);
      if (tables.committedBytes() >= limits.blockBytes()) {
        committed.give();
      }
    } else if (openIsCopy) {
      large.requireNothingSkipped();
      large.addLast(committed.origin());
      List<Block> batch = large.all(next);
      moveTo(next);
      committed.giveCopied(batch);
    } else {
      giveLarge(next, (int) timestamp);
      moveTo(next);
      committed.give();
    }
    endIfReached();
  }

  /** Whether the transaction that moves the shard to the set needs a table more, so comes again. */
  private boolean hasToReopen(GtidSet set) {
    reopens = tables.endWaiting(set);
    if (reopens) {
      rollBack();
    }
    return reopens;
  }

  private void moveTo(CommitPoint next) {
    committed.moveTo(next);
    openIsCopy = false;
    open.forget();
    progress.moved();
  }

  private void giveLarge(CommitPoint next, int seconds) throws InterruptedException {
    large.addLast(committed.origin());
    large.give(next, seconds, (block, rows) -> committed.givePart(block, rows, brokenBefore));
  }

  private void statement(VEvent event) throws InterruptedException {
    if (tables.openBytes() > 0 || large.isOpen()) {
      throw failures.inTransaction(event.getType());
    }
    boolean moves = open.isKnown();
    CommitPoint point = committed.point();
    CommitPoint next = moves ? open.committed(point.copied()) : point;
    if (moves && hasToReopen(next.set())) {
      return;
    }
    if (moves) {
      large.requireNothingSkipped();
    }
    // All with the position before it, as the one behind it would skip what it does.
    List<FollowedTable> emptied =
        event.getType() == VEventType.DDL
            ? apply(new DdlStatement(event.getStatement()), next.set())
            : List.of();
    if (moves) {
      committed.date(event.getTimestamp());
      moveTo(next);
    }
    for (FollowedTable table : emptied) {
      separate(table, false);
      tables.truncate(table);
    }
    tables.commit(next, (int) event.getTimestamp());
    endIfReached();
  }

  private List<FollowedTable> apply(DdlStatement statement, GtidSet set)
      throws InterruptedException {
    giveIf(isEndless() || statement.effect() == DdlStatement.Effect.TRUNCATES);
    return tables.apply(statement, set, alterations);
  }

  private void rollBack() {
    tables.rollBack();
    large.close();
    openIsCopy = false;
    open.forget();
    current = null;
    progress.restart();
  }

  /** To be called when nothing more comes. */
  @Override
  public void close() {
    large.close();
  }
}
