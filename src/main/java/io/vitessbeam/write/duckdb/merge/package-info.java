/**
 * How changes become rows, as SQL on one connection, inside the transaction of whoever calls it.
 * Staged changes of a table ({@code ShardChanges}) are reduced to the last of each key and shard
 * ({@code LastPerKey}), compared with the row that is there and with other shards' ({@code
 * RowDecisions}, {@code OwningShard}), completed where an image lacks columns ({@code
 * PartialImages}), and written by {@code TableMerge}; a new copy of the table by {@code CopyMerge}.
 */
@Internal
package io.vitessbeam.write.duckdb.merge;

import org.apache.beam.sdk.annotations.Internal;
