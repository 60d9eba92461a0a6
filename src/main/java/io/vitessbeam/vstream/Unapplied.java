package io.vitessbeam.vstream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the streams of an owner gave out in this JVM that is not applied yet. A runner that
 * holds any amount between two steps (Beam's direct runner) is held back by it. Safe for threads.
 */
public final class Unapplied {

  private static final Map<String, Unapplied> OWNERS = new ConcurrentHashMap<>();

  /** Only of shards that are read here: what comes from elsewhere is held back there. */
  private final Map<String, AtomicLong> bytesByShard = new ConcurrentHashMap<>();

  private Unapplied() {}

  public static Unapplied of(String owner) {
    return OWNERS.computeIfAbsent(owner, name -> new Unapplied());
  }

  /** Begins anew: what was under way is lost, and comes again. */
  public void forget() {
    bytesByShard.clear();
  }

  void gave(String shard, long bytes) {
    bytesByShard.computeIfAbsent(shard, name -> new AtomicLong()).addAndGet(bytes);
  }

  /** Changes were applied, or came again. */
  public void applied(String shard, long bytes) {
    AtomicLong left = bytesByShard.get(shard);
    if (left != null) {
      left.accumulateAndGet(bytes, (before, less) -> Math.max(0, before - less));
    }
  }

  long bytes() {
    return bytesByShard.values().stream().mapToLong(AtomicLong::get).sum();
  }
}
