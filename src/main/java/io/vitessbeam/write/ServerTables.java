package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tables of a server that follow a source and are merged elsewhere: gives rows to merge changes
 * into, and keeps the table of positions. For one thread.
 */
public interface ServerTables extends FollowedTables, AutoCloseable {

  @Override
  String type(TargetTable table);

  @Override
  boolean isFollowing(TargetTable table);

  @Override
  Contents contents(TargetTable table);

  @Override
  Stored position(String keyspace, String source, TargetTable table);

  /**
   * Where a table stands.
   *
   * @param source its name in the source's keyspace
   * @param stored what a later run is to believe as long as the contents are the same
   * @param done what was done to it
   */
  record Position(
      String source, TargetTable table, Stored stored, String run, SyncedTable done, Instant at) {}

  /** The columns and the primary key of a table that is there. */
  TableSchema schema(TargetTable table);

  /**
   * Gives all rows of a table, in blocks of plain rows.
   *
   * @param columns which, and how they are called
   */
  void rows(TargetTable table, TableSchema columns, Consumer<Block> sink);

  /**
   * Gives those whose keys are among some, and maybe others that the server takes for the same.
   *
   * @param keys blocks that have the columns of the primary key only
   */
  void rows(TargetTable table, TableSchema columns, List<Block> keys, Consumer<Block> sink);

  /** Whether {@link #rows(TargetTable, TableSchema, List, Consumer)} can find rows by a key. */
  boolean finds(TableSchema key);

  /** What a run did to a table, if it is the one that wrote it last; null otherwise. */
  SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table);

  /** Replaces what is known of a table. */
  void write(Position position);

  @Override
  void close();
}
