package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import java.util.Optional;

/** A DuckDB file, which one JVM at a time writes. */
public record DuckDbDestination(DuckDbUri uri) implements Destination {

  @Override
  public String description() {
    return "DuckDB file " + uri.path();
  }

  @Override
  public Optional<TableSchema> table(TargetTable table) {
    return DuckDbLoads.ofThisJvm()
        .look(uri, file -> new TargetLookUp(file).table(table))
        .flatMap(t -> t);
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return DuckDbLoads.ofThisJvm().acquire(LoadId.of(uri, "", spec));
  }

  @Override
  public SyncLoader follower(SyncSpec spec) {
    return DuckDbLoads.ofThisJvm().acquire(new SyncKey(uri, spec, false));
  }

  @Override
  public void abort(String owner) {
    DuckDbLoads.ofThisJvm().abort(uri, owner);
  }
}
