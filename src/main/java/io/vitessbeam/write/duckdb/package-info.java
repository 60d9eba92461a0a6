/**
 * DuckDB as a destination, and as the place where changes are merged that a server is to follow
 * (see {@link io.vitessbeam.write.follow.relay}). Everything works, and is tested, without Beam.
 *
 * <p>The way of a row: a load ({@code DuckDbLoader} of a table, {@code SyncLoad} of a run of
 * changes), found in {@code DuckDbLoads}, gives its block to {@link
 * io.vitessbeam.write.duckdb.staging}, which writes it into the staging table that {@code
 * DuckDbStagingArea} or {@code SyncStaging} names. When all are there, {@code DuckDbPublication}
 * and {@code DuckDbKeptTable} bring a table's rows into the target by its strategy; {@code
 * SyncPublication} and {@code TablePublication} merge changes by {@link
 * io.vitessbeam.write.duckdb.merge}, and write the position in the same transaction.
 */
@Internal
package io.vitessbeam.write.duckdb;

import org.apache.beam.sdk.annotations.Internal;
