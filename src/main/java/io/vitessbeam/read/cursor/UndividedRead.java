package io.vitessbeam.read.cursor;

import io.vitessbeam.read.PlannedRead;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A read that is one stream of rows from begin to end, which can't be resumed in the middle. */
public interface UndividedRead extends PlannedRead {

  /**
   * Begins to read.
   *
   * @throws io.vitessbeam.VitessBeamException if the source can't be read
   */
  SourceRows open();

  /** One range. A stream may give the rows in another order when it is read again. */
  @Override
  default List<UndividedRange> plan() {
    return List.of(new UndividedRange(this, ThreadLocalRandom.current().nextLong()));
  }
}
