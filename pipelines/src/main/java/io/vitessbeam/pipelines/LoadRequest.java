package io.vitessbeam.pipelines;

import io.vitessbeam.BoundedRead;
import io.vitessbeam.DuckDbRead;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.pipelines.report.Loaded;
import io.vitessbeam.pipelines.report.Rates;
import io.vitessbeam.pipelines.report.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    RunDestination destination = RunDestination.of(wanted);
    LoadSource source = LoadSource.of(wanted, destination);
    refuseFlagsOfChanges(wanted);
    DestinationTable table = source.defaultTable();
    requireOther(source, destination, table);
    WriteStrategy strategy = strategy(wanted);
    refusePartOfTheRows(wanted, strategy);
    VitessWrite write =
        destination
            .write()
            .withTable(table.schema(), table.table())
            .withStrategy(strategy)
            .withSchemaNaming(wanted.naming())
            .withSchemaContract(wanted.contract())
            .withPrimaryKey(Wanted.given(wanted.options().getPrimaryKey()))
            .withIncrementalKey(Wanted.given(wanted.options().getIncrementalKey()).orElse(""));
    BoundedRead<?> read = source.read();
    Optional<String> columns = Wanted.given(wanted.options().getColumns());
    if (columns.isPresent()) {
      write = Wanted.parsed("--columns", columns.get(), write::withColumns);
      if (read instanceof DuckDbRead files) {
        read = files.withColumns(columns.get());
      }
    }
    if (columns.isEmpty() && wanted.options().isNoInference()) {
      throw new UsageException("--no-inference needs the types of columns: --columns=name:type,…");
    }
    write = Wanted.parsed("--mask", Wanted.given(wanted.options().getMask()), write::withMasks);
    if (wanted.options().isTrimWhitespace()) {
      write = write.withTrimmedText();
    }
    Interval interval = wanted.interval();
    write = write.withInterval(interval.start().orElse(null), interval.end().orElse(null));
    return new LoadRequest(source.name(), read, destination.name(), table, strategy, write);
  }

  /** A table has nothing to gain from being loaded into itself, and rows to lose by a limit. */
  private static void requireOther(
      LoadSource source, RunDestination destination, DestinationTable table) {
    String name = table.schema() + "." + table.table();
    if (source.table().equals(LoadSource.onServer(destination.server(), name))) {
      throw new UsageException(
          "source and destination are the same table, "
              + name
              + "; name another one by --dest-table=<table>");
    }
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

  /** What takes a row that does not come for one that is gone must see all rows. */
  private static void refusePartOfTheRows(Wanted wanted, WriteStrategy strategy) {
    String part = "";
    if (wanted.limit() > 0) {
      part = "--sql-limit";
    } else if (wanted.contract() == SchemaContract.DISCARD_ROW) {
      part = "--schema-contract=discard_row";
    }
    String consequence =
        switch (strategy) {
          case REPLACE, APPEND, MERGE -> "";
          case DELETE_INSERT ->
              "delete+insert would delete all rows of the interval and insert only some of them";
          case SCD2 ->
              Wanted.given(wanted.options().getIncrementalKey()).isPresent()
                  ? ""
                  : "scd2 would end the current versions of all keys that did not come";
        };
    if (!part.isEmpty() && !consequence.isEmpty()) {
      throw new UsageException(
          "%s leaves rows out, and %s; leave it out, or choose --incremental-strategy=merge"
              .formatted(part, consequence));
    }
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
        result.counter("rows_discarded"),
        result.counter("values_discarded"),
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
