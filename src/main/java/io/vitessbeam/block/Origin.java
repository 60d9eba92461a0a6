package io.vitessbeam.block;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a block of a bounded read comes from, so that whoever stages it can tell a block that comes
 * again from a new one, and a range that is complete from one that is not.
 *
 * @param plan number of the plan of the read: ranges of different plans don't go together
 * @param range index of the range (of keys, or a shard's stream of changes), from 0
 * @param ranges number of ranges in the whole read
 * @param sequence number of blocks of the range that come before this one
 * @param rangeRows number of rows of the whole range on its closing block, else -1
 * @param shard whose rows they are; empty if they came through vtgate's planner
 * @param leftOut rows that were read with those of the block, and are not in it: the rows of the
 *     blocks of a range and those that they leave out are together those of the range
 */
public record Origin(
    long plan, int range, int ranges, long sequence, long rangeRows, String shard, long leftOut)
    implements Serializable {

  /** Of a block that has all rows that were read for it. */
  public Origin(long plan, int range, int ranges, long sequence, long rangeRows, String shard) {
    this(plan, range, ranges, sequence, rangeRows, shard, 0);
  }

  public Origin {
    Objects.requireNonNull(shard, "shard");
    if (range < 0 || range >= ranges || sequence < 0 || leftOut < 0) {
      throw new IllegalArgumentException(
          "range " + range + " of " + ranges + ", sequence " + sequence);
    }
  }

  /** The same for a block that lacks so many rows. */
  public Origin withLeftOut(long rows) {
    return new Origin(plan, range, ranges, sequence, rangeRows, shard, rows);
  }

  /** The same behind another number of blocks. */
  public Origin at(long blocks) {
    return new Origin(plan, range, ranges, blocks, rangeRows, shard, leftOut);
  }

  /** The same in a plan of another number. */
  public Origin ofPlan(long number) {
    return new Origin(number, range, ranges, sequence, rangeRows, shard, leftOut);
  }

  /** Whether this is the range's closing block, which has no rows itself. */
  public boolean closesRange() {
    return rangeRows >= 0;
  }
}
