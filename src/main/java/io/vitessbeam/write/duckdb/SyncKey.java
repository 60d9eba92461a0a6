package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadKey;
import java.util.Objects;

/**
 * The tables of one run that follow a keyspace, all in one file.
 *
 * @param relayed whether they are brought to a server afterwards, where rows appear one after the
 *     other: what each says of where to go on has to be safe without the others
 */
record SyncKey(DuckDbUri place, SyncSpec spec, boolean relayed) implements LoadKey<DuckDbUri> {

  SyncKey {
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(spec, "spec");
  }

  @Override
  public String owner() {
    return spec.owner();
  }

  /** No two attempts share it, and a retry of a part of one has the same. */
  String runId() {
    return spec.runId();
  }

  @Override
  public Digest digest() {
    return Digest.of("sync", spec.runId());
  }
}
