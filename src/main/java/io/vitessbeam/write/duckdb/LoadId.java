package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.TargetTable;
import java.util.Objects;

/** One table of one run at one file. */
public record LoadId(DuckDbUri uri, String runId, TargetTable table) implements LoadKey {

  public LoadId {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(table, "table");
  }

  /** Stands for the run and the table, whatever their names hold. */
  @Override
  public String digest() {
    return LoadKey.digest(runId + '\0' + table.schema() + '\0' + table.table());
  }
}
