package io.vitessbeam.write.stream;

import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.vstream.position.ShardKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a run goes on when shards were replaced by others: at the begin of each new shard, once all
 * streams of the shards that were replaced have ended. A reshard of several shards has a journal in
 * each of them; one that doesn't serve any more has one that its stream has not come to yet.
 */
final class ReshardedPosition {

  private ReshardedPosition() {}

  /**
   * The position in the shards that there are now.
   *
   * @param before of a table, in the shards that are followed
   * @param gathered how much was applied of them
   * @param serving the shards that serve
   * @return empty if no shard was replaced, or streams of shards that were have not ended yet
   * @throws TransientException if the new shards don't serve yet, which says which others of those
   *     that are followed they replace
   */
  static Optional<Vgtid> of(Vgtid before, Gathered gathered, List<String> serving) {
    List<ShardGtid> now = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    boolean someEndLater = false;
    for (ShardGtid shard : before.shards()) {
      Gathered.Applied applied = gathered.of(shard.shard());
      if (applied.resharded()) {
        replaced.add(shard.shard());
        now.addAll(applied.successors());
      } else {
        now.add(shard);
        someEndLater |= !serving.contains(shard.shard());
      }
    }
    now.sort(Comparator.comparing(shard -> ShardKeys.of(shard.shard()).first()));
    if (replaced.isEmpty() || !haveEachKeyOnce(now)) {
      return Optional.empty();
    }
    replaced.retainAll(serving);
    if (!replaced.isEmpty()) {
      throw new TransientException(
          "Shards of %s that were replaced still serve: %s"
              .formatted(before.keyspace(), String.join(", ", replaced)),
          null);
    }
    return someEndLater ? Optional.empty() : Optional.of(new Vgtid(before.keyspace(), now));
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
