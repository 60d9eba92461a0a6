package io.vitessbeam.pipelines;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.SchemaNaming;
import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.pipelines.report.RunResult;
import io.vitessbeam.pipelines.report.Synced;
import io.vitessbeam.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/**
 * A run from {@code vitess+cdc://}: tables that are copied once, and whose changes are applied from
 * then on.
 */
record SyncRequest(
    String sourceName,
    VitessSync sync,
    String destinationName,
    boolean isStream,
    List<String> warnings)
    implements IngestRequest {

  SyncRequest {
    warnings = List.copyOf(warnings);
  }

  static SyncRequest of(Wanted wanted) {
    IngestOptions options = wanted.options();
    checkStrategy(wanted);
    refuseParts(wanted);
    refuseAdaptations(wanted);
    VitessCdcUri source = Wanted.parsed("--source-uri", wanted.sourceUri(), VitessCdcUri::parse);
    boolean schemaNamed = !source.destSchema().isEmpty();
    RunDestination destination = RunDestination.of(wanted);
    VitessSync sync =
        destination
            .sync()
            .apply(
                VitessSync.from(
                    // Named, so that the summary names it as well.
                    schemaNamed ? source : source.withDestSchema(destination.defaultSchema())))
            .withFullRefresh(options.isFullRefresh())
            .withFrozenSchema(wanted.contract() == SchemaContract.FREEZE)
            .withZeroDates(wanted.zeroDates())
            .withParallelism(wanted.parallelism())
            .withStallTimeout(wanted.stallTimeout());
    boolean stream = source.stream() || options.isStream();
    if (stream) {
      refuseIf(
          options.isFullRefresh(),
          "--full-refresh is for one run, and --stream for ever: run once with --full-refresh, then"
              + " with --stream");
      sync = endless(sync, wanted);
    }
    List<String> warnings = new ArrayList<>();
    Wanted.given(options.getIncrementalKey())
        .ifPresent(
            key ->
                warnings.add(
                    "source handles incrementality internally, ignoring --incremental-key=" + key));
    String keyspace = source.vitess().keyspace();
    if (wanted.sourceTable().isEmpty()) {
      return new SyncRequest(keyspace, ofMany(sync, options), destination.name(), stream, warnings);
    }
    if (schemaNamed) {
      warnings.add("dest_schema is ignored when --source-table is set; use --dest-table");
    }
    String table = wanted.sourceTable().orElseThrow();
    String name = Wanted.name(keyspace, table);
    return new SyncRequest(
        name, ofOne(sync, wanted, destination, table), destination.name(), stream, warnings);
  }

  private static VitessSync endless(VitessSync sync, Wanted wanted) {
    try {
      return sync.withoutEnd(wanted.flushInterval(), wanted.flushRecords());
    } catch (ConfigurationException e) {
      throw new UsageException("--flush-interval: " + e.getMessage());
    }
  }

  private static VitessSync ofOne(
      VitessSync sync, Wanted wanted, RunDestination destination, String table) {
    IngestOptions options = wanted.options();
    refuseIf(
        !Wanted.given(options.getIncludeTables()).isEmpty(),
        "--include-tables chooses tables where --source-table names none; leave one of them out");
    refuseIf(
        !Wanted.given(options.getExcludeTables()).isEmpty(),
        "--exclude-tables chooses tables where --source-table names none; leave one of them out");
    TableName source = Wanted.parsed("--source-table", table, text -> TableName.parse(text, ""));
    DestinationTable to = destination.table(wanted, source.keyspace(), source.table());
    return sync.withTable(table, to.schema(), to.table())
        .withPrimaryKey(Wanted.given(options.getPrimaryKey()))
        .withoutColumns(Wanted.given(options.getSqlExcludeColumns()));
  }

  private static VitessSync ofMany(VitessSync sync, IngestOptions options) {
    refuseIf(
        Wanted.given(options.getDestTable()).isPresent(),
        "--dest-table needs --source-table; all tables of a keyspace keep their names and go to the"
            + " schema dest_schema=<schema> of the source URI");
    refuseIf(
        !Wanted.given(options.getPrimaryKey()).isEmpty(),
        "--primary-key is of one table and needs --source-table");
    refuseIf(
        !Wanted.given(options.getSqlExcludeColumns()).isEmpty(),
        "--sql-exclude-columns is of one table and needs --source-table");
    return sync.withTables(Wanted.given(options.getIncludeTables()))
        .withoutTables(Wanted.given(options.getExcludeTables()));
  }

  private static void checkStrategy(Wanted wanted) {
    String strategy = wanted.strategy();
    if (wanted.options().isFullRefresh()) {
      return;
    }
    switch (strategy) {
      // Replace is the default of the flag: changes are always merged.
      case "replace", "merge" -> {}
      case "append" ->
          throw new UsageException(
              "--incremental-strategy=append is not supported yet for changes, which would come as"
                  + " a log; use merge");
      default ->
          throw new UsageException(
              "--incremental-strategy="
                  + strategy
                  + " is not supported for changes; use merge or replace");
    }
  }

  /** Changes of a part of the rows cannot be told from those of the rest. */
  private static void refuseParts(Wanted wanted) {
    IngestOptions options = wanted.options();
    refuseIf(
        wanted.isQuery(), "a query has no changes to follow; vitess:// loads what it gives now");
    refuseIf(
        options.getIntervalStart() != null || options.getIntervalEnd() != null,
        "--interval-start and --interval-end are not for vitess+cdc://, which follows all changes"
            + " of a table; vitess:// loads a part of its rows");
    refuseIf(
        wanted.limit() > 0,
        "--sql-limit is not for vitess+cdc://, which follows all changes of a table; vitess://"
            + " loads a part of its rows");
  }

  /** What would be done to the rows of a load would have to be done to their changes too. */
  private static void refuseAdaptations(Wanted wanted) {
    IngestOptions options = wanted.options();
    SchemaContract contract = wanted.contract();
    refuseIf(
        contract == SchemaContract.DISCARD_ROW || contract == SchemaContract.DISCARD_VALUE,
        "--schema-contract=%s is not for vitess+cdc://, which follows all changes of a table; use"
                .formatted(contract.name().toLowerCase(Locale.ROOT))
            + " evolve or freeze");
    refuseIf(
        wanted.naming() != SchemaNaming.DIRECT,
        "--schema-naming is not for vitess+cdc://, which keeps the names of its columns");
    refuseIf(
        !Wanted.given(options.getMask()).isEmpty() || options.isTrimWhitespace(),
        "--mask and --trim-whitespace are not for vitess+cdc://, which brings the values of its"
            + " tables as they are; vitess:// loads rows with masked values. To keep a column out,"
            + " use --sql-exclude-columns");
    refuseIf(
        options.isNoInference(),
        "--no-inference is for csv:// and jsonl://; the columns of vitess+cdc:// have types");
    refuseIf(
        Wanted.given(options.getColumns()).isPresent(),
        "--columns is not for vitess+cdc://, which keeps the columns of its tables; vitess:// loads"
            + " rows with other types and names");
  }

  private static void refuseIf(boolean wrong, String message) {
    if (wrong) {
      throw new UsageException(message);
    }
  }

  @Override
  public void addTo(Pipeline pipeline, String runId) {
    pipeline.apply("Sync", sync.withRunId(runId));
  }

  @Override
  public SyncRequest holding(Map<String, String> reasons) {
    return new SyncRequest(sourceName, sync.holding(reasons), destinationName, isStream, warnings);
  }

  @Override
  public void abort(String runId) {
    sync.withRunId(runId).abort();
  }

  @Override
  public boolean stop(String runId) {
    return sync.withRunId(runId).stop();
  }

  @Override
  public Synced summary(RunResult result) {
    return Synced.of(sourceName, destinationName, result);
  }
}
