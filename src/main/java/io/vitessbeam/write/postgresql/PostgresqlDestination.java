package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import java.util.Objects;

/** A PostgreSQL database, which any number of JVMs write at the same time. */
public record PostgresqlDestination(PostgresqlUri uri) implements Destination {

  public PostgresqlDestination {
    Objects.requireNonNull(uri, "uri");
  }

  @Override
  public String description() {
    return uri.toString();
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return Loads.ofThisJvm().acquire(new LoadId(uri, spec));
  }

  @Override
  public void abort(String runId) {
    Loads.ofThisJvm().abort(uri, runId);
  }
}
