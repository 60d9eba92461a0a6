package io.vitessbeam.write.duckdb.staging;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;

/** Where the blocks of one range go, in the range's own transaction. */
public interface RangeStaging {

  /**
   * A staging table, equal for all blocks that go into it.
   *
   * @param columns as the blocks have them
   * @param marked whether the marks of the rows are staged behind their columns
   * @param create creates the table in the transaction of the range; empty if it is there
   * @param insert takes the rows of the stream of blocks
   */
  record Table(TableSchema columns, boolean marked, String create, String insert) {}

  /** Where a block goes. */
  Table tableOf(Block block);

  /** Records that the range is complete. */
  String insertReceipt(long rows);
}
