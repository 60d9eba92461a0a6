/**
 * DuckDB as a destination, and as the place where changes are merged that a server is to follow
 * (see {@link io.vitessbeam.write.follow.relay}). Everything works, and is tested, without Beam.
 *
 * <ul>
 *   <li>{@code DuckDbFile}, {@code Loads}, {@code Load}: an open file, and who shares it.
 *   <li>{@code RangeLoad}, {@code PendingBlocks}, {@code BlockStream}, {@code BufferedBlocks}: how
 *       blocks are staged, whatever the load is.
 *   <li>{@code TableLoad} with {@code StagingArea}, {@code Publication}, {@code DuckDbKeptTable}:
 *       the strategies of {@link io.vitessbeam.WriteStrategy}.
 *   <li>{@code SyncLoad} with {@code SyncArea}, {@code SyncPublication}, {@code TableSync}, {@code
 *       DuckDbPositions}: tables that follow a keyspace, by the rules of {@link
 *       io.vitessbeam.write.duckdb.merge}.
 * </ul>
 */
package io.vitessbeam.write.duckdb;
