package io.vitessbeam.write;

import java.io.Serializable;

/**
 * The receipt for a key range all of whose rows are staged and committed.
 *
 * @param range index of the range, from 0
 * @param ranges number of ranges of the whole read
 * @param rows rows that were read in it, and staged
 */
public record StagedRange(int range, int ranges, long rows) implements Serializable {}
