package io.vitessbeam.vstream.follow;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives out blocks, each with its place in the stream and the position behind it. */
final class ItemOutlet {

  /** Takes what a shard's log gives, in its order. */
  interface Sink {

    /** May wait for room. */
    void accept(ShardReader.Item item) throws InterruptedException;

    /** The shard was resharded, behind all that was given out of it. */
    void resharded(Reshard reshard, long millis);
  }

  private final ShardStream stream;
  private final Sink sink;

  /** Behind what was given out. */
  private StreamPosition given;

  ItemOutlet(ShardStream stream, StreamPosition from, Sink sink) {
    this.stream = stream;
    this.sink = sink;
    this.given = from;
  }

  /** Where the next block belongs. */
  Origin origin() {
    return origin(given.blocks());
  }

  private Origin origin(long sequence) {
    return new Origin(stream.plan(), stream.index(), stream.count(), sequence, -1, stream.shard());
  }

  /** The position of a point, counted with what was given out. */
  StreamPosition position(CommitPoint point, long skip, Map<String, String> broken) {
    return position(point, skip, broken, given.blocks(), given.rows(), false);
  }

  private static StreamPosition position(
      CommitPoint point,
      long skip,
      Map<String, String> broken,
      long blocks,
      long rows,
      boolean done) {
    return new StreamPosition(
        point.gtid(), point.lastKeys(), point.copied(), skip, blocks, rows, broken, done);
  }

  /** Whether the point is another than the one behind what was given out. */
  boolean isNews(CommitPoint point, Map<String, String> broken) {
    return !given.gtid().equals(point.gtid())
        || !given.lastKeys().equals(point.lastKeys())
        || given.copied() != point.copied()
        || !given.broken().equals(broken);
  }

  /**
   * Gives out blocks.
   *
   * @param point behind the blocks
   * @param skip rows of the next transaction that are among them
   * @param commitMillis when the last of them was committed, 0 if unknown
   */
  void give(
      List<Block> blocks,
      CommitPoint point,
      long skip,
      Map<String, String> broken,
      long commitMillis)
      throws InterruptedException {
    move(blocks, point, skip, broken, commitMillis, false);
  }

  /** Gives out that nothing comes any more that was committed before a time. */
  void tellTime(long millis) throws InterruptedException {
    sink.accept(new ShardReader.Item(List.of(), given, 0, null, millis));
  }

  /** Gives out the last blocks of the stream. */
  void giveLast(
      List<Block> blocks, CommitPoint point, Map<String, String> broken, long commitMillis)
      throws InterruptedException {
    move(blocks, point, 0, broken, commitMillis, true);
  }

  private void move(
      List<Block> blocks,
      CommitPoint point,
      long skip,
      Map<String, String> broken,
      long commitMillis,
      boolean last)
      throws InterruptedException {
    List<Block> placed = new ArrayList<>(blocks.size());
    long rows = given.rows();
    for (Block block : blocks) {
      placed.add(block.withOrigin(origin(given.blocks() + placed.size())));
      rows += block.rows();
    }
    given = position(point, skip, broken, given.blocks() + placed.size(), rows, last);
    StreamEnd end =
        last
            ? new StreamEnd(
                stream.round(),
                stream.index(),
                stream.count(),
                stream.shard(),
                point.gtid(),
                rows,
                broken)
            : null;
    sink.accept(new ShardReader.Item(placed, given, commitMillis, end));
  }
}
