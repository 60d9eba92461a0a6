package io.vitessbeam.vstream.follow;

import java.io.Serializable;
import java.util.Map;

/**
 * How a shard's stream ended.
 *
 * @param round of the run's plan
 * @param range index of the stream, see {@link io.vitessbeam.block.Origin}
 * @param ranges number of streams of the round
 * @param gtid everything before it was given out
 * @param rows that were given out
 * @param broken by table, why its changes could not be followed up to there: it has to be copied
 *     again, and what was given out of it is void
 */
public record StreamEnd(
    int round,
    int range,
    int ranges,
    String shard,
    String gtid,
    long rows,
    Map<String, String> broken)
    implements Serializable {

  public StreamEnd {
    broken = Map.copyOf(broken);
  }
}
