package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata.Journal;
import binlogdata.Binlogdata.KeyspaceShard;
import io.vitessbeam.Vgtid.ShardGtid;
import java.util.Comparator;
import java.util.List;

/**
 * What the journal of a reshard says: which shards took the place of which, and where each begins.
 * It stands in the log of every shard that was replaced, in front of nothing that matters: what
 * comes after it there is copied from the new shards, so that one could go back.
 *
 * <p>Each new shard is followed by the stream of one of the old ones, in which its first key was.
 * So streams that know nothing of each other agree.
 *
 * @see <a href="https://vitess.io/docs/reference/vreplication/vstream/">VStream, "Reshards"</a>
 */
final class Reshard {

  /** The keys of a shard, as its name says them: {@code -80}, {@code 80-c0}, or 0 for all. */
  private record Keys(String first, String end) {

    static Keys of(String shard) {
      int dash = shard.indexOf('-');
      return dash < 0
          ? new Keys("", "")
          : new Keys(shard.substring(0, dash), shard.substring(dash + 1));
    }

    /** The bounds are hexadecimal, so that their texts have the order of the keys. */
    boolean contains(String key) {
      return first.compareTo(key) <= 0 && (end.isEmpty() || key.compareTo(end) < 0);
    }
  }

  private final Journal journal;

  Reshard(Journal journal) {
    this.journal = journal;
  }

  /** The new shards in which the stream of an old one goes on; none if others take them all. */
  List<ShardGtid> successors(String old) {
    return journal.getShardGtidsList().stream()
        .filter(next -> follower(next.getShard()).equals(old))
        .map(next -> new ShardGtid(next.getShard(), next.getGtid()))
        .sorted(Comparator.comparing(ShardGtid::shard))
        .toList();
  }

  /** The old shard whose stream goes on in a new one. */
  private String follower(String next) {
    String key = Keys.of(next).first();
    List<String> old =
        journal.getParticipantsList().stream().map(KeyspaceShard::getShard).sorted().toList();
    return old.stream()
        .filter(shard -> Keys.of(shard).contains(key))
        .findFirst()
        .orElseGet(() -> old.isEmpty() ? "" : old.get(0));
  }
}
