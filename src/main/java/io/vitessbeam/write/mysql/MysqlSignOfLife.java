package io.vitessbeam.write.mysql;

import io.vitessbeam.TransientException;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.Doubts;
import io.vitessbeam.write.load.Heartbeat;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.Workers.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows others that loads of this JVM into a database go on, and tells which of others are dead.
 *
 * <p>The first sign is a lock for each load, which the server takes away when the JVM dies. One
 * session has them all; it is looked at every second, since vttablet ends one that is idle for 30
 * s, and opened again if it broke: so only a lock that stays away means death. The second sign is a
 * heartbeat in {@link Workers}, for servers that give no locks. By a thread and a session of its
 * own, so that nothing that waits elsewhere makes a load look dead. Safe for threads.
 */
public final class MysqlSignOfLife {

  private static final Logger LOG = LoggerFactory.getLogger(MysqlSignOfLife.class);

  /** An answer that takes longer is none. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Server.Database database;
  private final LoadTimings timings;
  private final String worker = Digest.of(UUID.randomUUID().toString()).toString();
  private final Heartbeat looks;
  private final Doubts doubts;

  /** Digests of loads that go on. */
  private final Set<String> shown = new HashSet<>();

  /** Null before the first load is shown, and after it broke. */
  private MysqlSession session;

  /** Loads whose locks this session has. */
  private final Set<String> locked = new HashSet<>();

  /** Loads that this session has noted in the table of workers. */
  private final Set<String> noted = new HashSet<>();

  private boolean locksAreGiven = true;
  private long heartbeat = System.nanoTime();

  MysqlSignOfLife(Server.Database database, LoadTimings timings) {
    this.database = database;
    this.timings = timings;
    this.looks = new Heartbeat(timings.sign(), this::look);
    this.doubts = new Doubts(timings.doubt());
  }

  /** Shows a load from now on. */
  synchronized void show(String digest) throws SQLException {
    shown.add(digest);
    looks.start();
    show();
  }

  /** Shows all loads, by the session that there is or by a new one. */
  private void show() throws SQLException {
    try {
      if (session == null) {
        session = open();
      }
      Set<String> missing = new HashSet<>(shown);
      missing.removeAll(noted);
      takeLocks();
      for (String digest : missing) {
        Workers.join(session, digest, worker, locked.contains(digest));
        noted.add(digest);
      }
    } catch (SQLException | RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  private MysqlSession open() throws SQLException {
    Connection connection = database.signer();
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(TIMEOUT.toMillis()));
      return new MysqlSession(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Takes those that are missing; the server may not yet know that a former session is gone. */
  private void takeLocks() throws SQLException {
    Map<String, String> missing = new HashMap<>();
    shown.stream()
        .filter(digest -> !locked.contains(digest))
        .forEach(digest -> missing.put(Workers.lock(digest, worker), digest));
    if (missing.isEmpty() || !locksAreGiven) {
      return;
    }
    try {
      Workers.take(session, missing.keySet()).forEach(lock -> locked.add(missing.get(lock)));
    } catch (SQLException e) {
      if (MysqlFailures.of("Taking a lock", e) instanceof TransientException) {
        throw e;
      }
      locksAreGiven = false;
      LOG.info(
          "{} gives no locks: a load that dies is taken for alive for {} s: {}",
          database.name(),
          timings.silence().toSeconds(),
          e.getMessage());
    }
  }

  /** Sees to it that the locks are held, and notes now and then that the loads go on. */
  synchronized void look() {
    if (shown.isEmpty()) {
      return;
    }
    try {
      if (session != null && !isHeld()) {
        abandon();
      }
      show();
      if (System.nanoTime() - heartbeat >= timings.heartbeat().toNanos()) {
        for (String digest : shown) {
          Workers.beat(session, digest, worker, locked.contains(digest));
        }
        heartbeat = System.nanoTime();
      }
    } catch (SQLException | RuntimeException e) {
      abandon();
      // It is tried again in a moment; whoever works on the loads hears of it too.
      LOG.debug("Loads into {} can't be shown to be alive", database.name(), e);
    }
  }

  /** Also keeps the session from being ended. */
  private boolean isHeld() throws SQLException {
    Optional<String> any = locked.stream().findFirst();
    return any.isEmpty()
        || !Workers.held(session, List.of(Workers.lock(any.get(), worker))).isEmpty();
  }

  synchronized boolean isShown(String digest) {
    return shown.contains(digest);
  }

  /** A load is over, or left to others. */
  synchronized void end(String digest) {
    if (!shown.remove(digest) || session == null) {
      stopIfNothingIsShown();
      return;
    }
    try {
      Workers.leave(session, digest, worker);
      noted.remove(digest);
      if (locked.remove(digest)) {
        Workers.giveBack(session, Workers.lock(digest, worker));
      }
    } catch (SQLException e) {
      LOG.debug("The server hears later that a load has ended", e);
      abandon();
    }
    stopIfNothingIsShown();
  }

  private void stopIfNothingIsShown() {
    if (shown.isEmpty()) {
      looks.stop();
      if (session != null) {
        session.close();
        session = null;
      }
      locked.clear();
      noted.clear();
    }
  }

  private void abandon() {
    locked.clear();
    noted.clear();
    if (session != null) {
      session.abandon();
      session = null;
    }
  }

  /** Takes the place of all who worked on a load that is dead. */
  void succeed(MysqlSession claiming, String digest) throws SQLException {
    Workers.remove(claiming, digest);
    Workers.join(claiming, digest, worker, locksAreGiven);
  }

  /**
   * Those of some loads that are dead. Of others that may be, {@link #isInDoubt} says so.
   *
   * @param looking any session; locks are asked for by one of this class's own
   */
  public List<Entry> dead(MysqlSession looking, List<Entry> entries) throws SQLException {
    Map<String, Entry> asked = new LinkedHashMap<>();
    entries.forEach(entry -> asked.put(entry.names().digest(), entry));
    Map<String, List<Worker>> workers = Workers.of(looking, asked.keySet());
    List<String> wanted = new ArrayList<>();
    workers.values().stream()
        .flatMap(List::stream)
        .filter(Worker::locks)
        .forEach(one -> wanted.add(one.lock()));
    Set<String> held = held(wanted);
    List<Entry> dead = new ArrayList<>();
    asked.forEach(
        (digest, entry) -> {
          if (isDead(entry, workers.getOrDefault(digest, List.of()), held)) {
            dead.add(entry);
          }
        });
    return dead;
  }

  /** By a session of the kind that takes locks: another one may ask another server. */
  private Set<String> held(List<String> locks) throws SQLException {
    if (locks.isEmpty()) {
      return Set.of();
    }
    try (MysqlSession asking = open()) {
      return Workers.held(asking, locks);
    }
  }

  private boolean isDead(Entry entry, List<Worker> workers, Set<String> held) {
    String digest = entry.names().digest();
    if (workers.stream().anyMatch(one -> held.contains(one.lock()))) {
      doubts.end(digest);
      return false;
    }
    if (entry.state() == State.SWEPT && workers.isEmpty()) {
      // Whoever was at it gave up.
      return true;
    }
    long silence = timings.silence().toSeconds();
    if (entry.silence() >= silence && workers.stream().allMatch(one -> one.silence() >= silence)) {
      return true;
    }
    if (workers.isEmpty() || !workers.stream().allMatch(Worker::locks)) {
      // Only heartbeats tell.
      doubts.end(digest);
      return false;
    }
    StringBuilder seen = new StringBuilder(entry.heartbeat());
    workers.forEach(one -> seen.append(' ').append(one.heartbeat()));
    return doubts.isDead(digest, seen.toString());
  }

  /** Whether a load may be dead, as it was last seen. */
  boolean isInDoubt(Entry entry) {
    return doubts.has(entry.names().digest());
  }

  /** Nothing is left of a load, or nothing can be done about it. */
  void swept(Entry entry) {
    doubts.end(entry.names().digest());
  }
}
