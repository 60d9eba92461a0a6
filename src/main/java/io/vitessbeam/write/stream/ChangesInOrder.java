package io.vitessbeam.write.stream;

import io.vitessbeam.block.Block;
import io.vitessbeam.vstream.StreamedChanges;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes that wait, shard by shard in the order of their stream, up to the first that is missing:
 * a runner may deliver them in any order, and some of them again.
 *
 * @param shards what can be applied now
 * @param left what has to wait for others
 */
record ChangesInOrder(Map<String, OfShard> shards, List<StreamedChanges> left) {

  /**
   * What can be applied of a shard.
   *
   * @param blocks in the order of the stream
   * @param after where the stream stands behind them
   * @param commitMillis of the last of them; 0 if unknown
   * @param outdated see {@link StreamedChanges}
   */
  record OfShard(List<Block> blocks, StreamPosition after, long commitMillis, String outdated) {

    OfShard {
      blocks = List.copyOf(blocks);
    }

    Gathered.Applied applied() {
      return new Gathered.Applied(
          after.blocks(),
          after.gtid(),
          after.done() && !outdated.isEmpty(),
          after.successors().isEmpty() ? List.of() : after.shards(""));
    }
  }

  private static final Comparator<StreamedChanges> BY_PLACE =
      Comparator.comparingLong(StreamedChanges::firstBlock)
          .thenComparingLong(changes -> changes.after().blocks());

  ChangesInOrder {
    left = List.copyOf(left);
  }

  static ChangesInOrder of(Iterable<StreamedChanges> waiting, Gathered gathered) {
    Map<String, List<StreamedChanges>> byShard = new TreeMap<>();
    for (StreamedChanges changes : waiting) {
      byShard.computeIfAbsent(changes.shard(), shard -> new ArrayList<>()).add(changes);
    }
    Map<String, OfShard> shards = new TreeMap<>();
    List<StreamedChanges> left = new ArrayList<>();
    byShard.forEach(
        (shard, ofShard) -> {
          OfShard next = next(ofShard, gathered.of(shard).blocks(), left);
          if (next != null) {
            shards.put(shard, next);
          }
        });
    return new ChangesInOrder(shards, left);
  }

  private static OfShard next(
      List<StreamedChanges> waiting, long applied, List<StreamedChanges> left) {
    waiting.sort(BY_PLACE);
    List<Block> blocks = new ArrayList<>();
    StreamedChanges last = null;
    long next = applied;
    for (StreamedChanges changes : waiting) {
      if (changes.firstBlock() > next) {
        left.add(changes);
      } else if (changes.after().blocks() >= next) {
        // Those that come again are cut off: they were applied.
        long known = next - changes.firstBlock();
        blocks.addAll(changes.blocks().subList((int) known, changes.blocks().size()));
        next = changes.after().blocks();
        last = later(last, changes);
      }
    }
    return last == null
        ? null
        : new OfShard(blocks, last.after(), last.commitMillis(), last.outdated());
  }

  /** Positions between the same two blocks come in any order as well. */
  private static StreamedChanges later(StreamedChanges one, StreamedChanges other) {
    boolean same = one != null && one.after().blocks() == other.after().blocks();
    boolean known = same && other.outdated().isEmpty();
    return known && isBehind(one.after(), other.after()) ? one : other;
  }

  /** Whether the first position has all that the second has. */
  private static boolean isBehind(StreamPosition one, StreamPosition other) {
    if (one.done() != other.done()) {
      return one.done();
    }
    return GtidSet.parse(one.gtid()).contains(GtidSet.parse(other.gtid()));
  }
}
