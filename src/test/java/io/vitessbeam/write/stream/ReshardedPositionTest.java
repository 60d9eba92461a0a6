package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReshardedPositionTest {

  /**
   * Shards before; of those that ended, {@code shard=successors}, where none are those that another
   * stream takes; the shards that serve; the shards afterwards, or nothing.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0            |                         | 0               |
          0            | 0=-80 80-               | -80 80-         | -80 80-
          0            | 0=-80 80-               | -40 40-80 80-   | -80 80-
          -            | -=-80 80-               | -80 80-         | -80 80-
          -80 80-      | -80=-                   | -               |
          -80 80-      | -80=-                   | -80 80-         |
          -80 80-      | -80=- ; 80-=            | -               | -
          -80 80-      | -80=0 ; 80-=            | 0               | 0
          -80 80-      | 80-=                    | -               |
          -80 80-      | -80=-40 40-80           | -40 40-80 80-   | -40 40-80 80-
          -80 80-      | -80=-40 40-80           | -20 20-80 80-   | -40 40-80 80-
          -80 80-      | -80=-40 40-80           | -40 40-80 80-c0 c0- |
          -80 80-      | -80=-40 40-80 ; 80-=80-c0 c0- | -40 40-80 80-c0 c0- | -40 40-80 80-c0 c0-
          -40 40-80 80- | -40=-80                | -80 80-         |
          -40 40-80 80- | -40=-80 ; 40-80=       | -80 80-         | -80 80-
          """)
  void theRunGoesOnWhenEveryKeyHasOneShardAndAllThatWereReplacedHaveEnded(
      String before, String ended, String serving, String after) {
    Map<String, Gathered.Applied> applied = new LinkedHashMap<>();
    if (ended != null) {
      for (String shard : ended.split(" ; ", -1)) {
        String[] parts = shard.strip().split("=", 2);
        List<ShardGtid> successors = new ArrayList<>();
        for (String next : words(parts[1])) {
          successors.add(new ShardGtid(next, "begin of " + next));
        }
        applied.put(parts[0], new Gathered.Applied(7, "end", true, successors));
      }
    }
    List<ShardGtid> shards =
        words(before).stream().map(shard -> new ShardGtid(shard, "at " + shard)).toList();

    var position =
        ReshardedPosition.of(
            new Vgtid("shop", shards), Gathered.NOTHING.after(applied, List.of()), words(serving));

    assertThat(position.map(Vgtid::shardNames).orElse(List.of())).isEqualTo(words(after));
    position.ifPresent(
        now ->
            now.shards()
                .forEach(
                    shard ->
                        assertThat(shard.gtid())
                            .isEqualTo(
                                (words(before).contains(shard.shard()) ? "at " : "begin of ")
                                    + shard.shard())));
  }

  /** The journal is written before the new shards serve. */
  @Test
  void newShardsThatDoNotServeYetAreWaitedFor() {
    Gathered.Applied ended =
        new Gathered.Applied(
            7, "end", true, List.of(new ShardGtid("-40", ""), new ShardGtid("40-80", "")));
    Vgtid before = new Vgtid("shop", List.of(new ShardGtid("-80", ""), new ShardGtid("80-", "")));

    assertThatThrownBy(
            () ->
                ReshardedPosition.of(
                    before,
                    Gathered.NOTHING.after(Map.of("-80", ended), List.of()),
                    List.of("-80", "80-")))
        .isInstanceOf(TransientException.class)
        .hasMessage("Shards of shop that were replaced still serve: -80");
  }

  private static List<String> words(String text) {
    return text == null || text.isBlank() ? List.of() : List.of(text.strip().split(" ", -1));
  }
}
