package io.vitessbeam.write.stream;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.progress.StreamMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Draws an id for what follows a run when its tables are published. Not the run's own, whose loads
 * runners may hold until the job ends.
 */
public final class AfterSyncFn extends DoFn<String, String> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Iterable<SyncedTable>> published;
  private final StreamMetrics metrics;

  /**
   * @param published what was done to the tables, as a side input, which is there when it is done
   */
  public AfterSyncFn(PCollectionView<Iterable<SyncedTable>> published, StreamMetrics metrics) {
    this.published = published;
    this.metrics = metrics;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    List<SyncedTable> tables = new ArrayList<>();
    long rows = 0;
    for (SyncedTable table : context.sideInput(published)) {
      tables.add(table);
      rows += table.rowsCopied() + table.inserted() + table.updated() + table.deleted();
    }
    metrics.flushed(tables, rows, 0, Duration.ZERO);
    context.output(UUID.randomUUID().toString());
  }
}
