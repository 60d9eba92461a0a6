package io.vitessbeam.read;

import io.vitessbeam.connect.MysqlSource;
import java.io.Serializable;

/** One of the ranges of a read: what one connection reads from begin to end. */
public interface ReadPart extends Serializable {

  PlannedRead request();

  /** Drawn anew whenever the read is planned: ranges of different plans don't go together. */
  long plan();

  /** Number of the range, from 0. */
  int index();

  /** Number of ranges of the read. */
  int count();

  /** Empty for the whole source. */
  String shard();

  /** For progress only; 0 if unknown. */
  long estimatedRows();

  /** Whether the range can be read on behind its last row, after a break. */
  boolean resumable();

  /** For messages. */
  String describe();

  /**
   * The same range, read there. One that is kept in a runner's state says nothing of where its
   * source is and who logs in: a restored job takes that from the pipeline that it is restored
   * into.
   */
  default ReadPart in(MysqlSource source) {
    return this;
  }

  /** Reads the range from a position on. */
  BlockCursor open(RangePosition from, Retry retry);
}
