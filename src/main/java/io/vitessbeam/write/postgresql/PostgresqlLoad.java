package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.PostgresqlFailures;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.Retry;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.load.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one table. Each block is committed by itself, so a block that fails may come again, here or
 * elsewhere. The receipt of a range comes with its closing block, wherever the other blocks are:
 * publishing asks the ledger for them.
 */
final class PostgresqlLoad implements Loader, JvmLoads.Load {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresqlLoad.class);

  /** For a connection that breaks; a server that isn't there is soon said to be not there. */
  private static final Duration LOOK_PATIENCE = Duration.ofSeconds(5);

  private final LoadId<PostgresqlUri> id;
  private final PostgresqlLoads loads;
  private final PostgresqlSessions sessions;
  private final StagingArea area;
  private final PostgresqlSignOfLife alive;
  private volatile BlockStaging staging;
  private Origin first;

  /** Whether it has begun to leave traces, and has not ended. */
  private volatile boolean underWay;

  private boolean ended;

  /** Whether others have been shown that it goes on since somebody here began to work on it. */
  private boolean live;

  PostgresqlLoad(LoadId<PostgresqlUri> id, PostgresqlLoads loads) {
    this.id = id;
    this.loads = loads;
    this.alive = loads.sign(id.place());
    this.sessions = new PostgresqlSessions(id.place());
    this.area = new StagingArea(id, alive, loads.timings());
  }

  LoadId<PostgresqlUri> id() {
    return id;
  }

  @Override
  public LoadSpec spec() {
    return id.spec();
  }

  @Override
  public Optional<StagedRange> stage(Block block) {
    String doing = "Staging " + block.schema().qualifiedName();
    Retry.patiently(
        doing,
        patience(),
        () -> {
          stage(doing, block);
          return null;
        });
    Origin origin = block.origin();
    return origin.closesRange()
        ? Optional.of(new StagedRange(origin.range(), origin.ranges(), origin.rangeRows()))
        : Optional.empty();
  }

  private Duration patience() {
    Duration patience = loads.timings().patience();
    boolean first = staging == null && LOOK_PATIENCE.compareTo(patience) < 0;
    return first ? LOOK_PATIENCE : patience;
  }

  private void stage(String doing, Block block) {
    PostgresqlSession session = sessions.borrow();
    try {
      staging(session, block).stage(session, block);
      sessions.giveBack(session);
    } catch (SQLException e) {
      sessions.discard(session);
      // What ended this one has often ended them all.
      sessions.closeIdle();
      throw failure(doing, e);
    } catch (RuntimeException | Error e) {
      sessions.discard(session);
      throw e;
    }
  }

  private synchronized BlockStaging staging(PostgresqlSession session, Block block)
      throws SQLException {
    failIfEnded();
    if (staging == null) {
      live();
      staging = area.prepare(session, block.schema(), block.origin());
      first = block.origin();
      area.sweep(session);
    }
    if (first.plan() != block.origin().plan()
        || first.ranges() != block.origin().ranges()
        || !staging.schema().equals(block.schema())) {
      throw new DataException(
          "The blocks of "
              + block.schema().qualifiedName()
              + " don't agree on its columns or its key ranges: it changed while it was read, or"
              + " the runner planned the read anew; run again");
    }
    return staging;
  }

  @Override
  public LoadedTable publish(Run run, List<StagedRange> receipts) {
    String doing = "Publishing " + id.table();
    long rows =
        Retry.patiently(
            doing,
            patience(),
            () -> {
              try (PostgresqlSession session = PostgresqlSession.patient(id.place())) {
                return session.transaction(
                    PostgresqlSession.Purpose.PUBLISHING, () -> publish(session, run, receipts));
              } catch (SQLException e) {
                throw failure(doing, e);
              }
            });
    published();
    return new LoadedTable(id.spec().table().toString(), rows, receipts.get(0).ranges());
  }

  /** The number of rows published, in the caller's transaction; see {@link #published}. */
  synchronized long publish(PostgresqlSession session, Run run, List<StagedRange> receipts)
      throws SQLException {
    failIfEnded();
    Receipts read = Receipts.of(id.table(), receipts);
    live();
    return new PostgresqlPublication(session, id.in(run), loads.timings(), read).publish();
  }

  /** What was published is committed. */
  synchronized void published() {
    end();
    area.sweepAgain();
  }

  private void live() throws SQLException {
    if (!live) {
      alive.show(id.digest());
      underWay = true;
      live = true;
    }
  }

  @Override
  public void release() {
    loads.release(this);
  }

  @Override
  public boolean isUnderWay() {
    return underWay;
  }

  @Override
  public synchronized void rest() {
    sessions.closeIdle();
    staging = null;
    live = false;
  }

  @Override
  public void leave() {
    underWay = false;
    alive.end(id.digest());
  }

  @Override
  public void abort() {
    sessions.abort();
    synchronized (this) {
      if (ended) {
        return;
      }
      // Before it shows that it is alive it leaves no traces.
      if (alive.isShown(id.digest())) {
        drop();
      }
      end();
    }
  }

  private void drop() {
    try (PostgresqlSession session = PostgresqlSession.open(id.place())) {
      area.drop(session);
    } catch (SQLException | VitessBeamException e) {
      // Whatever made the load fail says more. The next load into the schema drops what is left.
      LOG.warn("Staging tables of {} are left in {}", id.table(), id.place(), e);
    }
  }

  private void end() {
    ended = true;
    underWay = false;
    sessions.closeIdle();
    alive.end(id.digest());
    loads.ended(this);
  }

  private void failIfEnded() {
    if (ended) {
      throw new IllegalStateException("The load of " + id.table() + " has ended already");
    }
  }

  private VitessBeamException failure(String doing, SQLException e) {
    return PostgresqlFailures.running(doing + " in " + id.place(), e);
  }
}
