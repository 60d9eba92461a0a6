package io.vitessbeam.pipelines;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessRead;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.VitessUri;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** A load from {@code vitess://}: which rows of what are read, and the table they replace. */
record LoadRequest(
    String sourceName, VitessRead read, DuckDbUri destination, DestinationTable destinationTable)
    implements IngestRequest {

  static LoadRequest of(Wanted wanted) {
    String sourceTable = Wanted.required(wanted.options().getSourceTable(), "--source-table");
    checkStrategy(wanted);
    Interval interval =
        Interval.of(wanted.options().getIntervalStart(), wanted.options().getIntervalEnd());
    DestinationTable table = destinationTable(wanted, sourceTable);
    refuseFlagsOfChanges(wanted);
    VitessUri source = Wanted.parsed("--source-uri", wanted.sourceUri(), VitessUri::parse);
    VitessRead read = limited(selected(VitessRead.from(source), wanted), wanted, interval);
    String name =
        wanted.isQuery()
            ? "a query on " + source.keyspace()
            : Wanted.name(source.keyspace(), sourceTable);
    return new LoadRequest(name, read, wanted.destination(), table);
  }

  private static DestinationTable destinationTable(Wanted wanted, String sourceTable) {
    if (wanted.isQuery() && Wanted.given(wanted.options().getDestTable()).isEmpty()) {
      throw new UsageException("a query has no name: say where it goes by --dest-table=<table>");
    }
    return wanted.destinationTable(sourceTable);
  }

  private static VitessRead selected(VitessRead read, Wanted wanted) {
    String sourceTable = wanted.options().getSourceTable();
    return wanted.isQuery()
        ? read.withQuery(
            Wanted.required(sourceTable.substring(Wanted.QUERY.length()), "--source-table=query:"))
        : read.withTable(sourceTable);
  }

  private static VitessRead limited(VitessRead read, Wanted wanted, Interval interval) {
    IngestOptions options = wanted.options();
    VitessRead limited =
        read.withParallelism(wanted.parallelism()).withZeroDates(wanted.zeroDates());
    if (options.getSqlExcludeColumns() != null) {
      limited = limited.withoutColumns(List.copyOf(options.getSqlExcludeColumns()));
    }
    if (wanted.limit() > 0) {
      limited = limited.withLimit(wanted.limit());
    }
    if (!interval.isEverything()) {
      String key = options.getIncrementalKey();
      if (Wanted.given(key).isEmpty() && !wanted.isQuery()) {
        // Without a key the bounds would be ignored in silence.
        throw new UsageException(
            "--interval-start and --interval-end need --incremental-key=<column>");
      }
      limited =
          limited.withIncrementalKey(
              key, interval.start().orElse(null), interval.end().orElse(null));
    }
    return limited;
  }

  private static void checkStrategy(Wanted wanted) {
    String strategy = wanted.strategy();
    if (!strategy.equals("replace") && !wanted.options().isFullRefresh()) {
      throw new UsageException(
          "--incremental-strategy=" + strategy + " is not supported yet; use replace");
    }
  }

  private static void refuseFlagsOfChanges(Wanted wanted) {
    Map<String, Boolean> flags = new LinkedHashMap<>();
    flags.put("--primary-key", !Wanted.given(wanted.options().getPrimaryKey()).isEmpty());
    flags.put("--include-tables", !Wanted.given(wanted.options().getIncludeTables()).isEmpty());
    flags.put("--exclude-tables", !Wanted.given(wanted.options().getExcludeTables()).isEmpty());
    flags.put("--schema-contract=freeze", wanted.frozenSchema());
    flags.forEach(
        (flag, given) -> {
          if (given) {
            throw new UsageException(
                flag + " is not supported yet with vitess://; it is for vitess+cdc:// sources");
          }
        });
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  /**
   * The read looks host, password, table and columns up when it is applied, so that its errors come
   * before there is anything at the destination.
   */
  @Override
  public void addTo(Pipeline pipeline, String runId) {
    pipeline.apply("Read", read.withRunId(runId).blocks()).apply("Write", write(runId));
  }

  private VitessWrite write(String runId) {
    return VitessWrite.to(destination)
        .withTable(destinationTable.schema(), destinationTable.table())
        .withStrategy(WriteStrategy.REPLACE)
        .withRunId(runId);
  }

  @Override
  public void abort(String runId) {
    write(runId).abort();
  }

  @Override
  public Loaded summary(RunResult result) {
    return new Loaded(
        sourceName, destination.path(), destinationTable, rowsPublished(result), result.elapsed());
  }

  /** A runner leaves out a counter that nothing was added to. */
  private static long rowsPublished(RunResult result) {
    long published = result.counter("rows_published");
    long read = result.counter("rows_read");
    if (published == 0 && read > 0) {
      throw new IllegalStateException(
          Rates.count(read) + " rows were read, but the runner reports none as published");
    }
    return published;
  }
}
