package io.vitessbeam.read;

import io.vitessbeam.read.ranges.KeyBound;
import java.io.Serializable;
import java.util.Objects;

/**
 * How far a range has been read; the restriction of {@link ReadRangesFn}.
 *
 * @param blocks blocks that have been given out
 * @param rows rows that have been given out
 * @param last key of the last of those rows; none at the begin, or if the read has no range key
 * @param done whether nothing is left to do from here
 */
public record RangePosition(long blocks, long rows, KeyBound last, boolean done)
    implements Serializable {

  public static final RangePosition START = new RangePosition(0, 0, KeyBound.NONE, false);

  public RangePosition {
    Objects.requireNonNull(last, "last");
  }

  /** Whether nothing was given out yet. */
  boolean isStart() {
    return blocks == 0;
  }

  public RangePosition after(int moreRows, KeyBound key) {
    return new RangePosition(blocks + 1, rows + moreRows, key, false);
  }

  public RangePosition finished() {
    return new RangePosition(blocks, rows, last, true);
  }
}
