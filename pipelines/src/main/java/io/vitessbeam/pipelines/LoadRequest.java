package io.vitessbeam.pipelines;

import io.vitessbeam.BoundedRead;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** A load of rows as they are now: which rows of what are read, and how a table takes them. */
record LoadRequest(
    String sourceName,
    BoundedRead<?> read,
    String destinationName,
    DestinationTable destinationTable,
    WriteStrategy strategy,
    VitessWrite write)
    implements IngestRequest {

  static LoadRequest of(Wanted wanted) {
    LoadSource source = LoadSource.of(wanted);
    refuseFlagsOfChanges(wanted);
    DestinationTable table = source.defaultTable();
    WriteStrategy strategy = strategy(wanted);
    LoadDestination destination = LoadDestination.of(wanted);
    VitessWrite write =
        destination
            .write()
            .withTable(table.schema(), table.table())
            .withStrategy(strategy)
            .withPrimaryKey(Wanted.given(wanted.options().getPrimaryKey()))
            .withIncrementalKey(Wanted.given(wanted.options().getIncrementalKey()).orElse(""));
    Interval interval = wanted.interval();
    write = write.withInterval(interval.start().orElse(null), interval.end().orElse(null));
    return new LoadRequest(
        source.name(),
        source.read(),
        destination.name(),
        table,
        strategy,
        wanted.frozenSchema() ? write.withFrozenSchema() : write);
  }

  private static WriteStrategy strategy(Wanted wanted) {
    if (wanted.options().isFullRefresh()) {
      return WriteStrategy.REPLACE;
    }
    WriteStrategy strategy =
        switch (wanted.strategy()) {
          case "append" -> WriteStrategy.APPEND;
          case "merge" -> WriteStrategy.MERGE;
          case "delete+insert" -> WriteStrategy.DELETE_INSERT;
          case "scd2" -> WriteStrategy.SCD2;
          default -> WriteStrategy.REPLACE;
        };
    if (strategy == WriteStrategy.DELETE_INSERT
        && Wanted.given(wanted.options().getIncrementalKey()).isEmpty()) {
      throw new UsageException("delete+insert strategy requires an --incremental-key");
    }
    return strategy;
  }

  private static void refuseFlagsOfChanges(Wanted wanted) {
    Map<String, Boolean> flags = new LinkedHashMap<>();
    flags.put("--include-tables", !Wanted.given(wanted.options().getIncludeTables()).isEmpty());
    flags.put("--exclude-tables", !Wanted.given(wanted.options().getExcludeTables()).isEmpty());
    flags.forEach(
        (flag, given) -> {
          if (given) {
            throw new UsageException(
                flag
                    + " is not supported yet with "
                    + wanted.sourceScheme()
                    + "://; it is for vitess+cdc:// sources");
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
    pipeline.apply("Read", read.withRunId(runId).blocks()).apply("Write", write.withRunId(runId));
  }

  @Override
  public void abort(String runId) {
    write.withRunId(runId).abort();
  }

  @Override
  public Loaded summary(RunResult result) {
    return new Loaded(
        sourceName,
        destinationName,
        destinationTable,
        strategy,
        rowsPublished(result),
        result.elapsed());
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
