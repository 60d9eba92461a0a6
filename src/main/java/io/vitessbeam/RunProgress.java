package io.vitessbeam;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How far a run is, for those who watch it from the same JVM: the transforms of an embedded run
 * count here while they work. A run on remote workers leaves it at zero; its counters are Beam
 * metrics ({@code rows_read}, {@code rows_staged}, {@code rows_published}).
 *
 * <p>For any thread. An entry lives until {@link #forget}.
 */
public final class RunProgress {

  private static final Map<String, RunProgress> BY_RUN = new ConcurrentHashMap<>();

  private final Map<String, LongAdder> rowsByPart = new ConcurrentHashMap<>();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder rowsStaged = new LongAdder();

  private RunProgress() {}

  /** Of a run by its name; a run without one, which nobody can ask for, counts for itself. */
  public static RunProgress of(String runId) {
    return runId.isEmpty()
        ? new RunProgress()
        : BY_RUN.computeIfAbsent(runId, id -> new RunProgress());
  }

  public static void forget(String runId) {
    BY_RUN.remove(runId);
  }

  /** Counts rows that were read of a shard of a table. */
  public void read(String table, String shard, long rows, long bytes) {
    String part = shard.isEmpty() ? table : table + "/" + shard;
    rowsByPart.computeIfAbsent(part, name -> new LongAdder()).add(rows);
    bytesRead.add(bytes);
  }

  /** Counts rows that reached a staging table. */
  public void staged(long rows) {
    rowsStaged.add(rows);
  }

  public long rowsRead() {
    return rowsByPart.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public long bytesRead() {
    return bytesRead.sum();
  }

  public long rowsStaged() {
    return rowsStaged.sum();
  }

  /** Rows read so far by {@code keyspace.table/shard}, in alphabetical order. */
  public Map<String, Long> rowsByShard() {
    Map<String, Long> rows = new TreeMap<>();
    rowsByPart.forEach((part, count) -> rows.put(part, count.sum()));
    return rows;
  }
}
