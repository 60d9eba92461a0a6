package io.vitessbeam.vstream.position;

/**
 * The keyspace ids of a shard, as its name says them: {@code -80}, {@code 80-c0}, or a name without
 * a dash for all. The bounds are hexadecimal, so that their texts have the order of the ids.
 *
 * @param first empty for the least of all
 * @param end behind the last; empty for the greatest of all
 */
public record ShardKeys(String first, String end) {

  public static ShardKeys of(String shard) {
    int dash = shard.indexOf('-');
    return dash < 0
        ? new ShardKeys("", "")
        : new ShardKeys(shard.substring(0, dash), shard.substring(dash + 1));
  }

  public boolean contains(String key) {
    return first.compareTo(key) <= 0 && (end.isEmpty() || key.compareTo(end) < 0);
  }
}
