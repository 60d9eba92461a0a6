package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.util.Objects;

/** One table of one run at one file. */
record LoadId(DuckDbUri uri, LoadSpec spec) implements LoadKey {

  LoadId {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(spec, "spec");
  }

  @Override
  public String runId() {
    return spec.runId();
  }

  TargetTable table() {
    return spec.table();
  }

  /** Stands for the run and the table, whatever their names hold. */
  @Override
  public String digest() {
    return LoadKey.digest(runId() + '\0' + table().schema() + '\0' + table().table());
  }
}
