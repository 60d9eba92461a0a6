package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata.Journal;
import binlogdata.Binlogdata.KeyspaceShard;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.vstream.position.ShardKeys;
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
    String key = ShardKeys.of(next).first();
    List<String> old =
        journal.getParticipantsList().stream().map(KeyspaceShard::getShard).sorted().toList();
    return old.stream()
        .filter(shard -> ShardKeys.of(shard).contains(key))
        .findFirst()
        .orElseGet(() -> old.isEmpty() ? "" : old.get(0));
  }
}
