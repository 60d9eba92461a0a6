package io.vitessbeam;

import io.vitessbeam.progress.StreamStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How far a run is, for those who watch it from the same JVM: the transforms of an embedded run
 * count here while they work. A run on remote workers leaves it at zero; its counters are Beam
 * metrics ({@code rows_read}, {@code rows_staged}, {@code rows_published}).
 *
 * <p>For any thread. Who watches owns it: from {@link #watch} to {@link #close} it is found by the
 * run's name, and what nobody watches is not kept.
 */
public final class RunProgress implements AutoCloseable {

  /** Those that are watched, which is what keeps them. */
  private static final Map<String, RunProgress> WATCHED = new ConcurrentHashMap<>();

  private final String runId;
  private final Map<String, LongAdder> rowsByPart = new ConcurrentHashMap<>();
  private final LongAdder bytesRead = new LongAdder();
  private final StreamStatus stream = new StreamStatus();

  private RunProgress(String runId) {
    this.runId = runId;
  }

  /**
   * Begins to count for a run.
   *
   * @throws IllegalStateException if the run is watched already
   */
  public static RunProgress watch(String runId) {
    RunProgress progress = new RunProgress(runId);
    if (WATCHED.putIfAbsent(runId, progress) != null) {
      throw new IllegalStateException("run " + runId + " is watched already");
    }
    return progress;
  }

  /** Of a run by its name; one that nobody watches counts for nothing. */
  public static RunProgress of(String runId) {
    RunProgress watched = WATCHED.get(runId);
    return watched == null ? new RunProgress(runId) : watched;
  }

  /** Ends the watch. What was counted can still be asked for; nothing new is. */
  @Override
  public void close() {
    WATCHED.remove(runId, this);
  }

  /** Counts rows that were read of a shard of a table. */
  public void read(String table, String shard, long rows, long bytes) {
    String part = shard.isEmpty() ? table : table + "/" + shard;
    rowsByPart.computeIfAbsent(part, name -> new LongAdder()).add(rows);
    bytesRead.add(bytes);
  }

  /** Of a run that never ends: how its tables and shards stand. */
  public StreamStatus stream() {
    return stream;
  }

  public long rowsRead() {
    return rowsByPart.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public long bytesRead() {
    return bytesRead.sum();
  }

  /** Rows read so far by {@code keyspace.table/shard}, in alphabetical order. */
  public Map<String, Long> rowsByShard() {
    Map<String, Long> rows = new TreeMap<>();
    rowsByPart.forEach((part, count) -> rows.put(part, count.sum()));
    return rows;
  }
}
