package io.vitessbeam.write.stream;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.progress.StreamMetrics;
import io.vitessbeam.sync.FollowStreamsFn;
import io.vitessbeam.sync.PlanSyncFn;
import io.vitessbeam.sync.SourceShards;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncOptions;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablesWatch;
import io.vitessbeam.vstream.FollowFn;
import io.vitessbeam.vstream.StreamedChangesCoder;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LookUpTablesFn;
import io.vitessbeam.write.SyncSpec;
import java.util.UUID;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Follows the tables of a run for ever, when they are published: takes the id of the run, and gives
 * what was done to the tables by the run and then by each flush.
 */
public final class FollowTransform
    extends PTransform<PCollection<String>, PCollection<SyncedTable>> {

  private static final long serialVersionUID = 1L;

  /** All tables of a run are changed together. */
  private static final String PLACE = "destination";

  private final SyncOptions asked;
  private final SyncOptions options;
  private final Destination destination;
  private final SyncSpec spec;
  private final String progress;
  private final FlushOptions flush;
  private final PCollection<SyncedTable> synced;

  /**
   * Follows the tables of a run.
   *
   * @param asked what was asked for, of which all tables of a keyspace may be others later
   * @param options the same with the names of the tables, and without a refresh of them
   * @param progress the name under which it is reported
   * @param synced what the run did to its tables
   */
  public FollowTransform(
      SyncOptions asked,
      SyncOptions options,
      Destination destination,
      SyncSpec spec,
      String progress,
      FlushOptions flush,
      PCollection<SyncedTable> synced) {
    this.asked = asked;
    this.options = options;
    this.destination = destination;
    this.spec = spec;
    this.progress = progress;
    this.flush = flush;
    this.synced = synced;
  }

  @Override
  public PCollection<SyncedTable> expand(PCollection<String> run) {
    StreamMetrics metrics = new StreamMetrics(progress);
    PCollectionView<Iterable<SyncedTable>> published = synced.apply("Synced", View.asIterable());
    PCollection<SyncPlan> plan =
        run.apply(
                "After the sync",
                ParDo.of(new AfterSyncFn(published, metrics)).withSideInputs(published))
            .apply("Look up tables", ParDo.of(new LookUpTablesFn(destination, spec)))
            .setCoder(SerializableCoder.of(StoredTables.class))
            .apply("Plan", ParDo.of(new PlanSyncFn(options, PlanSyncFn.Part.FOLLOWING)))
            .setCoder(SerializableCoder.of(SyncPlan.class));
    plan.apply("Report", ParDo.of(new ReportPlanFn(options.keyspace(), metrics)));
    PCollectionView<SyncPlan> planView = plan.apply("Plan view", View.asSingleton());
    PCollection<SyncedTable> flushed =
        plan.apply("Open streams", ParDo.of(new FollowStreamsFn(options)))
            .setCoder(SerializableCoder.of(ShardStream.class))
            .apply(
                "Read changes",
                ParDo.of(
                    new FollowFn(
                        options.uri(),
                        progress,
                        UUID.randomUUID().toString(),
                        PLACE,
                        spec.owner(),
                        2 * flush.bytes(),
                        new TablesWatch(asked, options.include()))))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), StreamedChangesCoder.of()))
            .apply(
                "Flush",
                ParDo.of(
                        new FlushChangesFn(
                            new SourceShards(options.uri().vitess()),
                            destination,
                            spec,
                            flush,
                            planView,
                            metrics))
                    .withSideInputs(planView))
            .setCoder(SerializableCoder.of(SyncedTable.class));
    return PCollectionList.of(synced).and(flushed).apply("All", Flatten.pCollections());
  }
}
