package io.vitessbeam.write.stream;

import io.vitessbeam.progress.StreamMetrics;
import io.vitessbeam.progress.StreamStatus;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/** Tells those who watch a run without an end what it does with its tables; gives nothing. */
public final class ReportPlanFn extends DoFn<SyncPlan, Void> {

  private static final long serialVersionUID = 1L;

  private final StreamMetrics metrics;

  public ReportPlanFn(StreamMetrics metrics) {
    this.metrics = metrics;
  }

  @ProcessElement
  public void process(@Element SyncPlan plan) {
    StreamStatus status = metrics.watched();
    List<String> tables =
        plan.tables().stream().map(table -> table.schema().qualifiedName()).toList();
    status.planned(tables, plan.shards());
    for (TablePlan table : plan.tables()) {
      if (table.copies()) {
        status.copying(table.schema().qualifiedName());
      } else {
        status.following(table.schema().qualifiedName());
      }
    }
  }
}
