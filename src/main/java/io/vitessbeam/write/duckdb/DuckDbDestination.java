package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncSpec;

/** A DuckDB file, which one JVM at a time writes. */
public record DuckDbDestination(DuckDbUri uri) implements Destination {

  @Override
  public String description() {
    return "DuckDB file " + uri.path();
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return Loads.ofThisJvm().acquire(new LoadId(uri, spec));
  }

  @Override
  public SyncLoader follower(SyncSpec spec) {
    return Loads.ofThisJvm().acquire(new SyncTarget(uri, spec, false));
  }

  @Override
  public void abort(String runId) {
    Loads.ofThisJvm().abort(uri, runId);
  }
}
