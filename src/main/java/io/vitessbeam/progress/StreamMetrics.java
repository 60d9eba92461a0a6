package io.vitessbeam.progress;

import io.vitessbeam.RunProgress;
import io.vitessbeam.SyncedTable;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * What the functions of a stream report on every runner: as metrics of Beam, and to who watches the
 * run in this JVM. Used by the threads on which a runner calls a function.
 *
 * <p>Gauges of a shard are called {@code lag_seconds.<shard>} and {@code
 * transactions_behind.<shard>}: a metric of Beam has no labels.
 */
public final class StreamMetrics implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String runId;
  private final Counter flushes = Metrics.counter(StreamMetrics.class, "flushes");
  private final Counter flushedRows = Metrics.counter(StreamMetrics.class, "flushed_rows");
  private final Counter flushedBytes = Metrics.counter(StreamMetrics.class, "flushed_bytes");
  private final Counter flushMillis = Metrics.counter(StreamMetrics.class, "flush_millis");
  private final Counter copied = Metrics.counter(StreamMetrics.class, "rows_copied");
  private final Counter inserted = Metrics.counter(StreamMetrics.class, "rows_inserted");
  private final Counter updated = Metrics.counter(StreamMetrics.class, "rows_updated");
  private final Counter deleted = Metrics.counter(StreamMetrics.class, "rows_deleted");
  private final Counter failures = Metrics.counter(StreamMetrics.class, "failures");

  /**
   * @param runId by which the run is watched; empty if it is not
   */
  public StreamMetrics(String runId) {
    this.runId = runId;
  }

  /** See {@link StreamStatus#flushed}. */
  public void flushed(List<SyncedTable> changed, long rows, long bytes, Duration took) {
    flushes.inc();
    flushedRows.inc(rows);
    flushedBytes.inc(bytes);
    flushMillis.inc(took.toMillis());
    for (SyncedTable table : changed) {
      copied.inc(table.rowsCopied());
      inserted.inc(table.inserted());
      updated.inc(table.updated());
      deleted.inc(table.deleted());
    }
    watched().flushed(changed, rows, bytes, took);
  }

  /** See {@link StreamStatus#shard}. */
  public void shard(String shard, String gtid, long commitMillis) {
    if (commitMillis > 0) {
      lag(shard, System.currentTimeMillis() - commitMillis);
    }
    watched().shard(shard, gtid, commitMillis);
  }

  /** See {@link StreamStatus#behind}. */
  public void behind(String shard, long transactions, long atMillis) {
    Metrics.gauge(StreamMetrics.class, "transactions_behind." + shard).set(transactions);
    if (transactions == 0) {
      lag(shard, System.currentTimeMillis() - atMillis);
    }
    watched().behind(shard, transactions, atMillis);
  }

  private static void lag(String shard, long millis) {
    Metrics.gauge(StreamMetrics.class, "lag_seconds." + shard).set(Math.max(0, millis) / 1000);
  }

  /** See {@link StreamStatus#failed}. */
  public void failed(String message) {
    failures.inc();
    watched().failed(message);
  }

  /** What is not counted, for those who watch. */
  public StreamStatus watched() {
    return RunProgress.of(runId).stream();
  }
}
