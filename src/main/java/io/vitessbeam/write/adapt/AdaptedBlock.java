package io.vitessbeam.write.adapt;

import io.vitessbeam.block.Block;

/**
 * A block as it is to be staged.
 *
 * @param rowsDiscarded rows that the schema contract left out
 * @param valuesDiscarded values that it left out of the rows of the block
 */
public record AdaptedBlock(Block block, long rowsDiscarded, long valuesDiscarded) {}
