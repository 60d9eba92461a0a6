package io.vitessbeam.write.stream;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.sync.FollowStreamsFn;
import io.vitessbeam.sync.PlanSyncFn;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncOptions;
import io.vitessbeam.sync.SyncPlan;
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
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Follows the tables of a run for ever, from where the destination has them: takes the id of a run
 * when everything that is to come first is done, and gives what each flush did.
 */
public final class FollowTransform
    extends PTransform<PCollection<String>, PCollection<SyncedTable>> {

  private static final long serialVersionUID = 1L;

  /** All tables of a run are changed together. */
  private static final String PLACE = "destination";

  private final SyncOptions options;
  private final Destination destination;
  private final SyncSpec spec;
  private final String progress;
  private final FlushOptions flush;

  /**
   * Follows the tables of a run.
   *
   * @param options of the run, but without a refresh of its tables, and with all their names
   * @param progress the name under which it is reported
   */
  public FollowTransform(
      SyncOptions options,
      Destination destination,
      SyncSpec spec,
      String progress,
      FlushOptions flush) {
    this.options = options;
    this.destination = destination;
    this.spec = spec;
    this.progress = progress;
    this.flush = flush;
  }

  @Override
  public PCollection<SyncedTable> expand(PCollection<String> run) {
    PCollection<SyncPlan> plan =
        run.apply("Look up tables", ParDo.of(new LookUpTablesFn(destination, spec)))
            .setCoder(SerializableCoder.of(StoredTables.class))
            .apply("Plan", ParDo.of(new PlanSyncFn(options)))
            .setCoder(SerializableCoder.of(SyncPlan.class));
    PCollectionView<SyncPlan> planView = plan.apply("Plan view", View.asSingleton());
    return plan.apply("Open streams", ParDo.of(new FollowStreamsFn(options)))
        .setCoder(SerializableCoder.of(ShardStream.class))
        .apply(
            "Follow",
            ParDo.of(
                new FollowFn(
                    options.uri(), progress, UUID.randomUUID().toString(), PLACE, spec.owner())))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), StreamedChangesCoder.of()))
        .apply(
            "Flush",
            ParDo.of(new FlushChangesFn(destination, spec, flush, planView))
                .withSideInputs(planView))
        .setCoder(SerializableCoder.of(SyncedTable.class));
  }
}
