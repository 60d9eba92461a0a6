package io.vitessbeam.write.stream;

import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.vstream.position.ShardKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a run goes on when shards were replaced by others: at the begin of each new shard, once all
 * streams of the shards that it replaces have ended.
 */
final class ReshardedPosition {

  private ReshardedPosition() {}

  /**
   * The position in the shards that there are now.
   *
   * @param before of a table, in the shards that are followed
   * @param gathered how much was applied of them
   * @return empty if no shard was replaced, or streams of shards that were have not ended yet
   */
  static Optional<Vgtid> of(Vgtid before, Gathered gathered) {
    List<ShardGtid> now = new ArrayList<>();
    boolean any = false;
    for (ShardGtid shard : before.shards()) {
      Gathered.Applied applied = gathered.of(shard.shard());
      any |= applied.resharded();
      if (applied.resharded()) {
        now.addAll(applied.successors());
      } else {
        now.add(shard);
      }
    }
    now.sort(Comparator.comparing(shard -> ShardKeys.of(shard.shard()).first()));
    return any && haveEachKeyOnce(now)
        ? Optional.of(new Vgtid(before.keyspace(), now))
        : Optional.empty();
  }

  private static boolean haveEachKeyOnce(List<ShardGtid> sorted) {
    String end = "";
    for (int i = 0; i < sorted.size(); i++) {
      ShardKeys keys = ShardKeys.of(sorted.get(i).shard());
      if (!keys.first().equals(end) || (i > 0 && end.isEmpty())) {
        return false;
      }
      end = keys.end();
    }
    return end.isEmpty() && !sorted.isEmpty();
  }
}
