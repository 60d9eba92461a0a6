package io.vitessbeam.pipelines;

import io.vitessbeam.BoundedRead;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** A load of rows as they are now: which rows of what are read, and the table they replace. */
record LoadRequest(
    String sourceName,
    BoundedRead<?> read,
    DuckDbUri destination,
    DestinationTable destinationTable)
    implements IngestRequest {

  static LoadRequest of(Wanted wanted) {
    LoadSource source = LoadSource.of(wanted);
    checkStrategy(wanted);
    refuseFlagsOfChanges(wanted);
    return new LoadRequest(
        source.name(), source.read(), wanted.destination(), source.defaultTable());
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
