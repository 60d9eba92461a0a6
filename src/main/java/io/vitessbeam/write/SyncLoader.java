package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncPlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings tables to where their sources stand: looks up where they stand, stages what was copied and
 * what changed, then publishes it. Safe for threads; different ranges are staged at the same time.
 */
public interface SyncLoader {

  /** Where the tables stand; changes nothing. */
  default StoredTables lookUp() {
    return lookUp(Set.of());
  }

  /**
   * The same, without a look at all rows of some tables, if this JVM knows what they held when they
   * were written last. What others did to them since is noticed when they are looked at.
   *
   * @param resting names in the source of tables into which nothing is going to be merged
   */
  StoredTables lookUp(Set<String> resting);

  /**
   * Takes a block of a part of the run. Gives the receipt of its range when the range is complete
   * and committed, which it may have been before, when the block comes again.
   */
  Optional<SyncReceipt> stage(SyncPart part, SyncPlan plan, Block block);

  /**
   * Publishes everything that is staged, or finds that this has been done already.
   *
   * @param receipts of all ranges of all parts, in any order, each at least once
   * @throws io.vitessbeam.DataException if something is missing or the counts don't agree; the
   *     tables are as before
   */
  List<SyncedTable> publish(SyncRound first, SyncRound second, List<SyncReceipt> receipts);

  /** Ends its use. Called once by each that got it; the last call frees what it holds. */
  void release();
}
