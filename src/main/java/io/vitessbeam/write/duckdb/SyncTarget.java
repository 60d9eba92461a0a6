package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.SyncSpec;
import java.util.Objects;

/**
 * The tables of one run that follow a keyspace, all in one file.
 *
 * @param relayed whether they are brought to a server afterwards, where rows appear one after the
 *     other: what each says of where to go on has to be safe without the others
 */
record SyncTarget(DuckDbUri uri, SyncSpec spec, boolean relayed) implements LoadKey {

  SyncTarget {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(spec, "spec");
  }

  @Override
  public String runId() {
    return spec.runId();
  }

  @Override
  public String digest() {
    return LoadKey.digest("sync\0" + spec.runId());
  }
}
