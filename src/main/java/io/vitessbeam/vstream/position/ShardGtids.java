package io.vitessbeam.vstream.position;

import io.vitessbeam.TransientException;
import io.vitessbeam.connect.VitessUri;

/** What the servers of a shard say of their transactions. */
public interface ShardGtids {

  /**
   * Those that its primary has executed.
   *
   * @throws TransientException if the primary is away
   */
  GtidSet executed();

  /**
   * Those that are in no binary log any more of a tablet that is followed.
   *
   * @throws TransientException if there is none
   */
  GtidSet purged();

  /** By SQL, asked anew each time. */
  static ShardGtids of(VitessUri followed, String shard) {
    return new ShardGtids() {
      @Override
      public GtidSet executed() {
        return ExecutedGtids.read(followed, shard);
      }

      @Override
      public GtidSet purged() {
        return ExecutedGtids.purged(followed, shard);
      }
    };
  }
}
