package io.vitessbeam.write.adapt;

import io.vitessbeam.FailedRow;
import io.vitessbeam.block.Block;
import java.util.List;

/**
 * A block as it is to be staged.
 *
 * @param rowsDiscarded rows that the schema contract left out
 * @param valuesDiscarded values that it left out of the rows of the block
 * @param failed rows that are for the error handler
 */
public record AdaptedBlock(
    Block block, long rowsDiscarded, long valuesDiscarded, List<FailedRow> failed) {

  public AdaptedBlock {
    failed = List.copyOf(failed);
  }
}
