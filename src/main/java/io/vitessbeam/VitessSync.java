package io.vitessbeam;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.progress.StreamMetrics;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.sync.OnceTransform;
import io.vitessbeam.sync.PlanSyncFn;
import io.vitessbeam.sync.ReplanFn;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncOptions;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TableSelection;
import io.vitessbeam.vstream.StreamStop;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.write.BeginSyncFn;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LookUpTablesFn;
import io.vitessbeam.write.PublishSyncFn;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRoundTransform;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import io.vitessbeam.write.mysql.MysqlDestination;
import io.vitessbeam.write.postgresql.PostgresqlDestination;
import io.vitessbeam.write.stream.FlushOptions;
import io.vitessbeam.write.stream.FollowTransform;
import io.vitessbeam.write.stream.ReportPlanFn;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Brings tables of a destination to where their sources in a Vitess keyspace stand: a table that
 * isn't there is copied, any other gets the changes since the last run. Bounded.
 *
 * <pre>{@code
 * pipeline.apply(
 *     VitessSync.from(VitessCdcUri.parse("vitess+cdc://vtgate:3306/shop?grpc_port=15991"))
 *         .to(DuckDbUri.parse("duckdb:///shop.duckdb"))
 *         .withTables(List.of("orders", "customers")));
 * }</pre>
 *
 * <p><b>Guarantee.</b> A run ends at the transactions that the source has executed when the last
 * copy is complete. Deleted rows stay, marked by {@code _cdc_deleted}. In a DuckDB file and in
 * PostgreSQL all tables, and where they stand, are published in one transaction: a run that fails,
 * or is killed, leaves them as they were, and the next one goes on from there. In a Vitess or MySQL
 * a table that is copied appears, or is replaced, at once; of one that is followed some thousand
 * rows change at a time, and of several tables one after the other. A run that dies meanwhile
 * leaves them between two states of the source, and the next one brings them on: no change is lost
 * or done twice. Of two runs at the same time that share a table of a server the one that comes
 * second fails.
 *
 * <p><b>Changed tables.</b> New columns are followed. A table that changed in any other way, also
 * during the run, is copied again; see {@link SyncedTable#reason}.
 *
 * <p>What was asked for is checked when the pipeline runs, before anything is written. Only for a
 * whole keyspace is vtgate asked for its tables when the transform is applied.
 */
public final class VitessSync extends PTransform<PBegin, PCollection<SyncedTable>> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;
  private final Destination destination;
  private final TargetTable target;
  private final Owner owner;

  /** Null for a bounded run. */
  private final FlushOptions flush;

  /**
   * Who the runs are of.
   *
   * @param id by which what they have staged is given up
   * @param named whether somebody looks at their progress by it
   */
  private record Owner(String id, boolean named) implements Serializable {}

  /**
   * @param target of a single table; null for tables that keep their names
   */
  private VitessSync(
      SyncOptions options,
      Destination destination,
      TargetTable target,
      Owner owner,
      FlushOptions flush) {
    this.options = options;
    this.destination = destination;
    this.target = target;
    this.owner = owner;
    this.flush = flush;
  }

  /** Follows all tables of a keyspace unless {@link #withTable} or {@link #withTables} is used. */
  public static VitessSync from(VitessCdcUri uri) {
    return new VitessSync(
        SyncOptions.of(uri), null, null, new Owner(UUID.randomUUID().toString(), false), null);
  }

  /** Writes to a DuckDB file, which is created if it doesn't exist; its directory must exist. */
  public VitessSync to(DuckDbUri uri) {
    return to(new DuckDbDestination(Objects.requireNonNull(uri, "uri")));
  }

  /** Writes to an unsharded keyspace of a Vitess, which must exist. */
  public VitessSync to(VitessUri uri) {
    return to(MysqlDestination.vitess(Objects.requireNonNull(uri, "uri")));
  }

  /** Writes to a database of a MySQL server, which must exist. */
  public VitessSync to(MysqlUri uri) {
    return to(MysqlDestination.mysql(Objects.requireNonNull(uri, "uri")));
  }

  /** Writes to a PostgreSQL database, which must exist; its schemas are created. */
  public VitessSync to(PostgresqlUri uri) {
    return to(new PostgresqlDestination(Objects.requireNonNull(uri, "uri")));
  }

  private VitessSync to(Destination place) {
    return new VitessSync(options, place, target, owner, flush);
  }

  /**
   * Follows one table.
   *
   * @param sourceTable {@code table} or {@code keyspace.table}; a name with a dot stands in
   *     backquotes
   * @param destSchema schema of the destination table; empty for the default one
   * @param destTable its name
   */
  public VitessSync withTable(String sourceTable, String destSchema, String destTable) {
    VitessCdcUri uri = options.uri();
    TableName name = TableName.parse(sourceTable, uri.vitess().keyspace());
    return new VitessSync(
        options.withUri(uri.withKeyspace(name.keyspace())).withTables(List.of(name.table())),
        destination,
        new TargetTable(destSchema, destTable),
        owner,
        flush);
  }

  /**
   * Follows some tables, which keep their names, into the schema that the source's URI names.
   *
   * @param include exact names; none for all tables of the keyspace
   */
  public VitessSync withTables(List<String> include) {
    return new VitessSync(options.withTables(include), destination, null, owner, flush);
  }

  /** Leaves tables out, by their exact names. */
  public VitessSync withoutTables(List<String> exclude) {
    return with(options.withoutTables(exclude));
  }

  /** The columns that tell the rows of a single table apart, if it has no primary key. */
  public VitessSync withPrimaryKey(List<String> columns) {
    return with(options.withPrimaryKey(columns));
  }

  /** Leaves columns out, of every table that has them. */
  public VitessSync withoutColumns(List<String> columns) {
    return with(options.withoutColumns(columns));
  }

  /** Leaves tables of a run without an end out for now, by their exact names, with the reasons. */
  public VitessSync holding(Map<String, String> reasons) {
    return with(options.withHeld(reasons));
  }

  /** Whether all tables are copied anew, and what the destination has is replaced. */
  public VitessSync withFullRefresh(boolean choice) {
    return with(options.withFullRefresh(choice));
  }

  /** Whether a table that changed its definition fails the run. */
  public VitessSync withFrozenSchema(boolean choice) {
    return with(options.withFrozenSchema(choice));
  }

  /** What to do with values like {@code 0000-00-00}; the run fails on them by default. */
  public VitessSync withZeroDates(ZeroDates choice) {
    return with(options.withZeroDates(choice));
  }

  /**
   * Sets how many ranges are copied at the same time, over all tables and shards.
   *
   * @param ranges 1 to 1,000, 4 by default
   */
  public VitessSync withParallelism(int ranges) {
    if (ranges < 1 || ranges > 1_000) {
      throw new ConfigurationException("parallelism is " + ranges + "; it must be from 1 to 1,000");
    }
    return with(options.withParallelism(ranges));
  }

  /**
   * Sets how long a stream may stand still while there is something to come; 3 minutes. Ten times
   * as long if vtgate keeps it alive and the shard's primary answers, since of a transaction
   * nothing comes before its COMMIT.
   */
  public VitessSync withStallTimeout(Duration longest) {
    if (longest.isNegative() || longest.isZero()) {
      throw new ConfigurationException("The stall timeout is " + longest + "; it must be positive");
    }
    return with(options.withStall(longest));
  }

  /**
   * Names the runs for {@link RunProgress} and {@link #abort}. What they do does not depend on it:
   * each run begins where the destination's tables stand.
   */
  public VitessSync withRunId(String id) {
    return new VitessSync(options, destination, target, new Owner(id, true), flush);
  }

  /**
   * Follows the tables without an end, when the bounded run is done: what changes is gathered, and
   * applied to all tables at once, each time with the position behind it. Each flush gives a {@link
   * SyncedTable} for every table.
   *
   * <p>The pipeline fails with an {@link EpochEndException} when the run has to begin again, and
   * with a {@link TransientException} when a server was away for too long. In both cases, and
   * wherever it is killed, the same pipeline goes on from where the destination stands; a runner's
   * checkpoint or savepoint may be older than that.
   *
   * @param interval for which changes wait at most before they are applied, 100 ms to 1 hour
   * @param records after how many they are applied at once
   */
  public VitessSync withoutEnd(Duration interval, long records) {
    return new VitessSync(
        options,
        destination,
        target,
        owner,
        FlushOptions.DEFAULT.withInterval(interval).withRecords(records));
  }

  /**
   * Tells the runs of this JVM that have no end to apply what has come, and to end.
   *
   * @return whether any of them has begun to follow its tables; one that is still copying is not
   *     told, but ends at once when it has copied
   */
  public boolean stop() {
    return StreamStop.request(owner.id());
  }

  /** See {@link VitessWrite#abort}. */
  public void abort() {
    destination.abort(owner.id());
  }

  private VitessSync with(SyncOptions changed) {
    return new VitessSync(changed, destination, target, owner, flush);
  }

  @Override
  public PCollection<SyncedTable> expand(PBegin begin) {
    requireComplete();
    // Named once and for all: what is looked up in the destination and what is planned agree.
    SyncOptions named = options.withTables(TableSelection.names(options));
    SyncSpec tables = spec(named);
    PCollection<byte[]> one = begin.apply("Begin", OnceTransform.of(flush != null));
    PCollection<String> runs = one.apply("Draw", ParDo.of(new BeginSyncFn()));
    PCollectionView<String> run = runs.apply("Run", View.asSingleton());
    String progress = owner.named() ? owner.id() : "";
    PCollection<SyncPlan> firstPlan =
        runs.apply("Look up tables", ParDo.of(new LookUpTablesFn(destination, tables)))
            .setCoder(SerializableCoder.of(StoredTables.class))
            .apply(
                "Plan",
                ParDo.of(
                    new PlanSyncFn(
                        named, flush == null ? PlanSyncFn.Part.BOUNDED : PlanSyncFn.Part.ENDLESS)))
            .setCoder(SerializableCoder.of(SyncPlan.class));
    PCollectionTuple first =
        firstPlan.apply(
            "Round 1", new SyncRoundTransform(named, destination, tables, run, progress, 1));
    PCollectionView<Iterable<StreamEnd>> firstEnds = ends("Ends 1", first);
    PCollection<SyncPlan> secondPlan =
        firstPlan
            .apply("Plan again", ParDo.of(new ReplanFn(named, firstEnds)).withSideInputs(firstEnds))
            .setCoder(SerializableCoder.of(SyncPlan.class));
    PCollectionTuple second =
        secondPlan.apply(
            "Round 2", new SyncRoundTransform(named, destination, tables, run, progress, 2));
    PCollectionView<Iterable<StreamEnd>> secondEnds = ends("Ends 2", second);
    PCollectionView<SyncPlan> firstView = firstPlan.apply("Plan 1", View.asSingleton());
    PCollectionView<SyncPlan> secondView = secondPlan.apply("Plan 2", View.asSingleton());
    PCollectionView<Iterable<SyncReceipt>> receipts =
        PCollectionList.of(first.get(SyncRoundTransform.RECEIPTS))
            .and(second.get(SyncRoundTransform.RECEIPTS))
            .apply("All receipts", Flatten.pCollections())
            .apply("Receipts", View.asIterable());
    PCollection<SyncedTable> synced =
        begin
            .apply("Once", OnceTransform.of(flush != null))
            .apply(
                "Publish",
                ParDo.of(
                        new PublishSyncFn(
                            destination,
                            tables,
                            run,
                            receipts,
                            firstView,
                            firstEnds,
                            secondView,
                            secondEnds))
                    .withSideInputs(run, receipts, firstView, firstEnds, secondView, secondEnds))
            .setCoder(SerializableCoder.of(SyncedTable.class));
    if (flush == null) {
      return synced;
    }
    firstPlan.apply(
        "Report", ParDo.of(new ReportPlanFn(named.keyspace(), new StreamMetrics(progress))));
    SyncOptions followed = named.withFullRefresh(false);
    return runs.apply(
        "Follow",
        new FollowTransform(
            options, followed, destination, spec(followed), progress, flush, synced));
  }

  private static PCollectionView<Iterable<StreamEnd>> ends(String name, PCollectionTuple round) {
    return round.get(SyncRoundTransform.ENDS).apply(name, View.asIterable());
  }

  private void requireComplete() {
    if (destination == null) {
      throw new ConfigurationException("VitessSync needs to(…)");
    }
    if (!options.primaryKey().isEmpty() && !options.single()) {
      throw new ConfigurationException(
          "A primary key is given for a single table; name the table, or leave the key out");
    }
  }

  private SyncSpec spec(SyncOptions named) {
    String schema = named.uri().destSchema();
    return new SyncSpec(
        owner.id(),
        "",
        named.keyspace(),
        named.include().stream()
            .map(
                table ->
                    new SyncSpec.Table(
                        table, target == null ? new TargetTable(schema, table) : target))
            .toList(),
        named.fullRefresh());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder
        .add(DisplayData.item("source", options.uri().toString()).withLabel("vtgate and keyspace"))
        .addIfNotNull(
            DisplayData.item("destination", destination == null ? null : destination.description())
                .withLabel("Destination"))
        .add(DisplayData.item("parallelism", options.parallelism()).withLabel("Copied at once"))
        .addIfNotDefault(
            DisplayData.item("tables", String.join(", ", options.include())).withLabel("Tables"),
            "")
        .addIfNotDefault(
            DisplayData.item("withoutTables", String.join(", ", options.exclude()))
                .withLabel("Tables left out"),
            "")
        .addIfNotNull(
            DisplayData.item("target", target == null ? null : target.toString())
                .withLabel("Destination table"))
        .addIfNotDefault(
            DisplayData.item("fullRefresh", options.fullRefresh()).withLabel("Full refresh"),
            false);
  }
}
