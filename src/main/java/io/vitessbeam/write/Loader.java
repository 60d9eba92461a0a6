package io.vitessbeam.write;

import io.vitessbeam.LoadedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.write.load.Run;
import java.util.List;
import java.util.Optional;

/**
 * Loads one table: stages its ranges, then publishes them all at once. Safe for threads; different
 * ranges are staged at the same time.
 */
public interface Loader {

  /**
   * Takes a block. Gives the receipt of its range when the range is complete and committed, which
   * it may have been before, when the block comes again.
   *
   * @throws io.vitessbeam.VitessBeamException if the block can't be staged; the load is over then
   */
  Optional<StagedRange> stage(Block block);

  /**
   * Brings the staged rows into the table, or finds that another attempt of the run has done so:
   * its rows stay, and those of this one are dropped.
   *
   * @param run to publish for
   * @param receipts of all ranges, in any order, each at least once
   * @throws io.vitessbeam.DataException if a range is missing or the counts don't agree
   */
  LoadedTable publish(Run run, List<StagedRange> receipts);

  /** Publishes for the run that it was asked for. */
  default LoadedTable publish(List<StagedRange> receipts) {
    return publish(spec().run(), receipts);
  }

  /** What it was asked for. */
  LoadSpec spec();

  /** Ends its use. Called once by each that got it; the last call frees what it holds. */
  void release();
}
