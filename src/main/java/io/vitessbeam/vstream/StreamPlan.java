package io.vitessbeam.vstream;

import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The streams of a read.
 *
 * @param tables all that are read
 * @param copies one per shard and table, up to where the streams that follow begin; none if nothing
 *     is copied, or if the copies are followed in their own streams
 * @param follows one per shard of all tables, or one per shard and table
 */
public record StreamPlan(
    List<TableSchema> tables, List<ShardStream> copies, List<ShardStream> follows)
    implements Serializable {

  public StreamPlan {
    tables = List.copyOf(tables);
    copies = List.copyOf(copies);
    follows = List.copyOf(follows);
  }

  /** Whether it ends. */
  public boolean isBounded() {
    return !follows.get(0).until().isEmpty();
  }

  /**
   * The stream that follows a shard's copies: each table behind what came with its copy.
   *
   * @param ends of all copies of the shard
   */
  ShardStream following(String shard, Iterable<StreamEnd> ends) {
    ShardStream plain =
        follows.stream().filter(stream -> stream.shard().equals(shard)).findFirst().orElseThrow();
    List<ShardStream.Table> copied = new ArrayList<>();
    Map<String, String> broken = new HashMap<>();
    for (StreamEnd end : ends) {
      ShardStream.Table table = copies.get(end.range()).tables().get(0);
      copied.add(new ShardStream.Table(table.schema(), end.gtid(), table.without()));
      broken.putAll(end.broken());
    }
    if (copied.size() != plain.tables().size()) {
      throw new IllegalStateException(
          copied.size() + " of " + plain.tables().size() + " copies of " + shard + " have ended");
    }
    StreamPosition from = plain.from();
    return plain
        .withTables(copied)
        .in(
            shard,
            new StreamPosition(
                from.gtid(), from.lastKeys(), from.copied(), 0, 0, 0, broken, false));
  }
}
