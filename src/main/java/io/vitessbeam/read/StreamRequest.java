package io.vitessbeam.read;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A read that is one stream of rows from begin to end, which can't be resumed in the middle. */
public interface StreamRequest extends PlannedRead {

  /**
   * Begins to read.
   *
   * @throws io.vitessbeam.VitessBeamException if the source can't be read
   */
  RowStream open();

  /** One range. A stream may give the rows in another order when it is read again. */
  @Override
  default List<StreamRange> plan() {
    return List.of(new StreamRange(this, ThreadLocalRandom.current().nextLong()));
  }
}
