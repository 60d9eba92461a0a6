package io.vitessbeam.vstream.follow;

import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.Journal;
import binlogdata.Binlogdata.KeyspaceShard;
import binlogdata.Binlogdata.ShardGtid;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Who follows which of the shards that a reshard makes. */
class NewShardsTest {

  /** However keys are cut, each new shard is followed by exactly one of the old streams. */
  @Property(tries = 300)
  void eachNewShardHasOneFollower(
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 255) Integer> oldCuts,
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 255) Integer> newCuts) {
    List<String> old = shards(oldCuts);
    List<String> next = shards(newCuts);
    Journal.Builder journal = Journal.newBuilder();
    old.forEach(name -> journal.addParticipants(KeyspaceShard.newBuilder().setShard(name)));
    next.forEach(
        name -> journal.addShardGtids(ShardGtid.newBuilder().setShard(name).setGtid(name)));
    Reshard reshard = new Reshard(journal.build());

    List<String> followed = new ArrayList<>();
    old.forEach(name -> reshard.successors(name).forEach(begin -> followed.add(begin.shard())));

    assertThat(followed).containsExactlyInAnyOrderElementsOf(next);
  }

  private static List<String> shards(List<Integer> cuts) {
    List<Integer> sorted = cuts.stream().distinct().sorted().toList();
    List<String> names = new ArrayList<>();
    String first = "";
    for (int cut : sorted) {
      names.add(first + "-" + "%02x".formatted(cut));
      first = "%02x".formatted(cut);
    }
    names.add(sorted.isEmpty() ? "0" : first + "-");
    return names;
  }
}
