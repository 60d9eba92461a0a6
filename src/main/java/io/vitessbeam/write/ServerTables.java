package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.Optional;
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
   * Rows that were staged, and are to be published.
   *
   * @param load of the server, see {@link ServerDestination#loader}
   */
  record Staged(LoadSpec load, List<StagedRange> receipts) {

    public Staged {
      receipts = List.copyOf(receipts);
    }
  }

  /**
   * What a run brings to a table.
   *
   * @param rows empty if none changed
   */
  record Arrival(Optional<Staged> rows, Position position) {}

  /**
   * The columns and the primary key of a table that is there, with the types in which its rows are
   * given.
   *
   * @param source whose values its columns of the same name hold
   */
  TableSchema schema(TargetTable table, TableSchema source);

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

  /**
   * Publishes what was staged, and replaces what is known of the tables. A table and its position
   * that are published are not undone where a later one fails; a server that can publishes all of
   * them or none.
   */
  void publish(List<Arrival> arrivals);

  @Override
  void close();
}
