package io.vitessbeam.vstream.follow;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.decode.StreamTables;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.List;
import java.util.Map;

/** What is committed, up to where, and what of it is given out. For one thread. */
final class CommittedRows {

  private final StreamTables tables;
  private final LargeTransaction large;
  private final ItemOutlet outlet;

  /** Behind the last commit. */
  private CommitPoint point;

  private long commitMillis;

  CommittedRows(
      StreamTables tables, LargeTransaction large, ItemOutlet outlet, StreamPosition from) {
    this.tables = tables;
    this.large = large;
    this.outlet = outlet;
    this.point = CommitPoint.of(from);
  }

  /** Behind the last commit. */
  CommitPoint point() {
    return point;
  }

  /** The same, with what was given out. */
  StreamPosition position() {
    return outlet.position(point, large.skip(), tables.broken());
  }

  /** Where the next block belongs. */
  Origin origin() {
    return outlet.origin();
  }

  void moveTo(CommitPoint next) {
    point = next;
  }

  /**
   * Notes when a transaction was committed.
   *
   * @param seconds 0 if unknown
   */
  void date(long seconds) {
    if (seconds > 0) {
      commitMillis = seconds * 1000;
    }
  }

  /** Whether there are rows to give out. */
  boolean hasRows() {
    return tables.committedBytes() > 0;
  }

  /** Whether the position is another than the one that was given out. */
  boolean isNews() {
    return outlet.isNews(point, tables.broken());
  }

  /** Gives out all of it. */
  void give() throws InterruptedException {
    List<Block> blocks = tables.takeCommitted(outlet.origin());
    outlet.give(blocks, point, large.skip(), tables.broken(), commitMillis);
  }

  /** Gives out blocks of a copy. */
  void giveCopied(List<Block> blocks) throws InterruptedException {
    outlet.give(blocks, point, 0, tables.broken(), commitMillis);
  }

  /**
   * Gives out a part of the transaction behind the point.
   *
   * @param rows of it that are given out then
   * @param broken before it
   */
  void givePart(Block block, long rows, Map<String, String> broken) throws InterruptedException {
    outlet.give(List.of(block), point, rows, broken, commitMillis);
  }

  /** Gives out the last of the stream. */
  void giveLast() throws InterruptedException {
    List<Block> blocks = tables.takeCommitted(outlet.origin());
    outlet.giveLast(blocks, point, tables.broken(), commitMillis);
  }

  /** Gives out that nothing comes any more that was committed before a time. */
  void tellTime(long millis) throws InterruptedException {
    outlet.tellTime(millis);
  }
}
