package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.read.Retry;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.load.RereadBlock;
import io.vitessbeam.write.load.Run;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.publish.MysqlPublication;
import io.vitessbeam.write.mysql.publish.StagedLoad;
import io.vitessbeam.write.mysql.staging.DuplicateRows;
import io.vitessbeam.write.mysql.staging.Ledger;
import io.vitessbeam.write.mysql.staging.RowNumbers;
import io.vitessbeam.write.mysql.staging.StagingColumns;
import io.vitessbeam.write.mysql.staging.StagingPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads one table. */
public final class MysqlLoad implements Loader, JvmLoads.Load {

  private static final Logger LOG = LoggerFactory.getLogger(MysqlLoad.class);

  /** MySQL's limit for names. */
  private static final int LONGEST_NAME = 64;

  private final LoadId<Server> id;
  private final MysqlLoads loads;

  /** For a connection that breaks; a server that isn't there is soon said to be not there. */
  private static final Duration LOOK_PATIENCE = Duration.ofSeconds(5);

  /** Changed only by who holds this load's lock; null while it is not open. */
  private volatile ServerSessions sessions;

  private MysqlSignOfLife sign;
  private Staging staging;

  /** Loads of others that were there when this one began. */
  private List<Entry> others = List.of();

  /** What this JVM stages into; the plan is that of its first block. */
  private record Staging(
      TableSchema source,
      long plan,
      int ranges,
      LoadNames names,
      StagingColumns columns,
      boolean over) {}

  MysqlLoad(LoadId<Server> id, MysqlLoads loads) {
    this.id = id;
    this.loads = loads;
  }

  LoadId<Server> id() {
    return id;
  }

  @Override
  public Optional<StagedRange> stage(Block block) {
    Staging open = open(block);
    Origin origin = block.origin();
    if (open.over()) {
      // Published by an earlier try of this run, of which nobody heard.
      return origin.closesRange() ? Optional.of(receipt(origin)) : Optional.empty();
    }
    Ledger ledger = new Ledger(open.names().ledger());
    String doing = "Staging " + id.table();
    sessions.run(
        doing,
        session ->
            session.atomically(
                () -> {
                  Ledger.Entry entry = ledger.enter(session, block);
                  if (entry == Ledger.Entry.OTHER) {
                    discard(session, open, ledger, block);
                    entry = ledger.enter(session, block);
                  }
                  if (entry == Ledger.Entry.NEW) {
                    insert(session, open, block);
                  }
                }));
    return sessions.call(
        doing, session -> ledger.receipt(session, origin.range(), origin.ranges()));
  }

  /** Removes what a former reading of the range has left from a block on. */
  private void discard(MysqlSession session, Staging open, Ledger ledger, Block block)
      throws SQLException {
    // Rows without numbers can't be found, and those that are being published are needed.
    if (!open.columns().numbered() || !Registry.holdStaging(session, id.digest().toString())) {
      throw RereadBlock.refused(
          "Range %d of %s".formatted(block.origin().range(), block.schema().qualifiedName()));
    }
    ledger.discardFrom(session, block.origin());
    session.update(
        "DELETE FROM %s WHERE %s >= %d AND %s < %d"
            .formatted(
                LoadNames.quoted(open.names().staging()),
                LoadNames.quoted(LoadNames.ROW),
                RowNumbers.firstOf(block.origin().range(), block.origin().sequence()),
                LoadNames.quoted(LoadNames.ROW),
                RowNumbers.firstOf(block.origin().range() + 1, 0)));
  }

  private void insert(MysqlSession session, Staging open, Block block) throws SQLException {
    try {
      session.inserts(open.columns()).insert(block);
    } catch (DuplicateRows e) {
      throw e.explained(session, id, open.names().staging(), block);
    }
  }

  private static StagedRange receipt(Origin closing) {
    return new StagedRange(closing.range(), closing.ranges(), closing.rangeRows());
  }

  private synchronized Staging open(Block block) {
    Origin origin = block.origin();
    if (staging == null) {
      staging = prepare(block.schema(), origin.plan(), origin.ranges());
    } else if (!staging.source().equals(block.schema())) {
      throw new DataException(
          "Blocks of "
              + block.schema().qualifiedName()
              + " don't agree on its columns: the table"
              + " was altered while it was read; run again");
    } else if (staging.plan() != origin.plan() || staging.ranges() != origin.ranges()) {
      // The runner began anew: what was staged by the former plan stays behind, and is swept.
      staging = prepare(block.schema(), origin.plan(), origin.ranges());
    }
    return staging;
  }

  private Staging prepare(TableSchema source, long plan, int ranges) {
    connect();
    String mark =
        Digest.of(Long.toString(plan), Integer.toString(ranges), source.toString()).half();
    LoadNames names = new LoadNames(id.digest().toString(), mark);
    return sessions.call(
        "Preparing the load of " + id.table(),
        session -> {
          Optional<TableInfo> target =
              TableInfo.read(session.connection(), id.schema(), id.table().table());
          Optional<TableInfo> kept =
              target.filter(
                  there -> StagingPlan.isDirect(id.spec()) && KeptDefinition.isOf(there, source));
          StagingPlan staged =
              StagingPlan.of(
                  id,
                  names.staging(),
                  source,
                  target,
                  kept.isEmpty()
                      ? Optional.empty()
                      : Optional.of(
                          new KeptDefinition(id, kept.get())
                              .create(session, names.staging(), source)),
                  KeyCollation.ofNewColumns(session));
          Entry entry = Registry.join(session, id, names);
          if (entry.state() == State.SWEPT) {
            throw Registry.takenForDead(id.table().toString());
          }
          boolean over = entry.state() == State.PUBLISHED;
          if (entry.state() == State.STAGING) {
            session.update(Ledger.create(names.ledger()));
            session.update(staged.create());
            staged(session, names).targetCheck().check(session);
          } else if (!over && !entry.names().equals(names)) {
            throw new DataException(
                id.table() + " is being published from another plan of the read; run again");
          }
          return new Staging(source, plan, ranges, names, staged.columns(), over);
        });
  }

  private StagedLoad staged(MysqlSession session, LoadNames names) throws SQLException {
    TableInfo staging =
        TableInfo.read(session.connection(), id.schema(), names.staging())
            .orElseThrow(() -> new SQLException("table " + names.staging() + " is gone"));
    return new StagedLoad(id, sessions, names, staging, 0);
  }

  /** Connects, once, and sweeps what dead loads have left. */
  private synchronized void connect() {
    if (sessions != null) {
      return;
    }
    if (id.table().table().codePointCount(0, id.table().table().length()) > LONGEST_NAME) {
      throw new ConfigurationException(
          "The name of a table has " + LONGEST_NAME + " characters at most: " + id.table().table());
    }
    LoadNames.requireHeld("the table", id.table().table());
    LoadNames.requireHeld("the database", id.schema());
    String doing = "Opening " + id.schema();
    Server.Database database =
        Retry.patiently(doing, LOOK_PATIENCE, () -> id.place().database(id.schema()));
    ServerSessions opening = new ServerSessions(database, loads.timings().patience());
    opening.run(doing, Registry::create);
    sign = loads.sign(id, database);
    opening.run(doing, session -> sign.show(id.digest().toString()));
    sessions = opening;
    others = new Sweep(opening, sign).sweep();
  }

  @Override
  public LoadedTable publish(Run run, List<StagedRange> receipts) {
    return publish(run, receipts, MysqlPublication.Companion.NONE);
  }

  LoadedTable publish(Run run, List<StagedRange> receipts, MysqlPublication.Companion companion) {
    Receipts read = Receipts.of(id.table(), receipts);
    connect();
    long rows =
        new MysqlPublication(id.in(run), sessions, sign, loads.timings(), read, companion)
            .publish();
    new Sweep(sessions, sign).sweepAgain(others, loads.timings());
    leave();
    return new LoadedTable(id.spec().table().toString(), rows, read.ranges());
  }

  @Override
  public LoadSpec spec() {
    return id.spec();
  }

  @Override
  public boolean isUnderWay() {
    return sessions != null;
  }

  @Override
  public void release() {
    loads.release(this);
  }

  @Override
  public void rest() {
    ServerSessions open = sessions;
    if (open != null) {
      open.close();
    }
  }

  /** The target is as it was before, as far as it had not been changed. */
  @Override
  public void abort() {
    ServerSessions open = sessions;
    try {
      if (open != null) {
        new Sweep(open, sign).drop(id.digest().toString());
      }
    } catch (RuntimeException e) {
      // Whatever made the load fail says more. Another load of this database drops what is left.
      LOG.warn("Staging tables of {} are left in {}", id.table().table(), id.schema(), e);
    } finally {
      leave();
    }
  }

  @Override
  public synchronized void leave() {
    if (sessions != null) {
      sign.end(id.digest().toString());
      sessions.close();
      sessions = null;
      staging = null;
    }
    loads.ended(this);
  }
}
