package io.vitessbeam.write.stream;

import io.vitessbeam.progress.StreamMetrics;
import io.vitessbeam.progress.StreamStatus;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/** Tells those who watch a run without an end what it does with its tables; gives nothing. */
public final class ReportPlanFn extends DoFn<SyncPlan, Void> {

  private static final long serialVersionUID = 1L;

  private final String keyspace;
  private final StreamMetrics metrics;

  /**
   * @param keyspace of the plan
   */
  public ReportPlanFn(String keyspace, StreamMetrics metrics) {
    this.keyspace = keyspace;
    this.metrics = metrics;
  }

  @ProcessElement
  public void process(@Element SyncPlan plan) {
    StreamStatus status = metrics.watched();
    List<String> tables = new ArrayList<>();
    plan.tables().forEach(table -> tables.add(table.schema().qualifiedName()));
    plan.waiting().keySet().forEach(table -> tables.add(keyspace + "." + table));
    status.planned(tables, plan.shards());
    plan.waiting().forEach((table, reason) -> status.waiting(keyspace + "." + table, reason));
    for (TablePlan table : plan.tables()) {
      if (table.copies()) {
        status.copying(table.schema().qualifiedName());
      } else {
        status.following(table.schema().qualifiedName());
      }
    }
  }
}
