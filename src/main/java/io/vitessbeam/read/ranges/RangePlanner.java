package io.vitessbeam.read.ranges;

import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.resolve.ReadRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the ranges of a read: every shard by itself, a shard with many rows in several key ranges
 * of about equally many rows. The plan holds only bounds; nothing is read.
 */
public final class RangePlanner {

  private static final Logger LOG = LoggerFactory.getLogger(RangePlanner.class);

  /** A range of fewer rows costs more to open than its parallel reading saves. */
  static final long LEAST_RANGE_ROWS = 25_000;

  private final ReadRequest request;

  public RangePlanner(ReadRequest request) {
    this.request = request;
  }

  private record Part(String shard, KeyBound lower, KeyBound upper, long estimatedRows) {}

  /**
   * The ranges of the read, at least one.
   *
   * @throws VitessBeamException if the server can't be asked
   */
  public List<ReadRange> plan() {
    List<Part> parts = request.shards().isEmpty() ? List.of(whole("", 0)) : partsOfShards();
    long plan = ThreadLocalRandom.current().nextLong();
    List<ReadRange> ranges = new ArrayList<>(parts.size());
    for (Part part : parts) {
      ranges.add(
          new ReadRange(
              request,
              plan,
              part.shard(),
              ranges.size(),
              parts.size(),
              part.lower(),
              part.upper(),
              part.estimatedRows()));
    }
    LOG.info("Reading {} in {} ranges", request.name(), ranges.size());
    return ranges;
  }

  private List<Part> partsOfShards() {
    List<Part> parts = new ArrayList<>();
    int shards = request.shards().size();
    // By shard and not by rows: shards are made to be alike, and a small one is not split anyway.
    int perShard = (request.ranges() + shards - 1) / shards;
    for (String shard : request.shards()) {
      if (request.rangeKey().isEmpty() || request.limit() >= 0) {
        parts.add(whole(shard, 0));
      } else {
        parts.addAll(partsOf(shard, perShard));
      }
    }
    return parts;
  }

  private List<Part> partsOf(String shard, int wanted) {
    ReadRequest.Source.Table table = (ReadRequest.Source.Table) request.source();
    try (Connection connection = request.uri().sessions().lookUp(shard)) {
      KeyIndex index = new KeyIndex(connection, table, request.rangeKey());
      long rows = index.estimate(KeyBound.NONE, KeyBound.NONE);
      int count = (int) Math.max(1, Math.min(wanted, rows / LEAST_RANGE_ROWS));
      List<KeyBound> cuts = new KeySplitter(index, request.rangeKey()).split(count);
      List<Part> parts = new ArrayList<>();
      KeyBound lower = KeyBound.NONE;
      for (KeyBound cut : cuts) {
        parts.add(new Part(shard, lower, cut, rows / (cuts.size() + 1)));
        lower = cut;
      }
      parts.add(new Part(shard, lower, KeyBound.NONE, rows / (cuts.size() + 1)));
      return parts;
    } catch (SQLException e) {
      throw SqlFailures.running("Planning the ranges of " + request.name(), e);
    }
  }

  private static Part whole(String shard, long rows) {
    return new Part(shard, KeyBound.NONE, KeyBound.NONE, rows);
  }
}
