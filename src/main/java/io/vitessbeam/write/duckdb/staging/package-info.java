/**
 * How blocks come into staging tables, whatever the load is. A {@code RangeLoad} has a transaction
 * for each range; its blocks wait in {@code PendingBlocks}, of which {@code BufferedBlocks} bounds
 * all of the JVM's, until they are worth an INSERT from a {@code BlockStream}. The range's receipt
 * is committed with its last rows. Which table a block goes to says a {@code RangeStaging}.
 */
@Internal
package io.vitessbeam.write.duckdb.staging;

import org.apache.beam.sdk.annotations.Internal;
