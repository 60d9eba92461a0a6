package io.vitessbeam.sync;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.vstream.position.ExecutedGtids;
import java.io.Serializable;
import java.util.List;

/** The shards of a source. */
public record SourceShards(VitessUri uri) implements Serializable {

  /**
   * Those that serve now.
   *
   * @throws io.vitessbeam.TransientException if vtgate is away
   */
  public List<String> serving() {
    return new Vtgate(ExecutedGtids.primary(uri)).shards();
  }
}
