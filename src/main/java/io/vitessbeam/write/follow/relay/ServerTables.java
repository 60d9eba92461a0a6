package io.vitessbeam.write.follow.relay;

import io.vitessbeam.DataException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tables of a server that follow a source and are merged elsewhere: gives rows to merge changes
 * into, and keeps the table of positions. For one thread.
 */
public interface ServerTables extends FollowedTables, AutoCloseable {

  @Override
  boolean ignoresCase();

  @Override
  String type(TargetTable table);

  @Override
  List<String> columns(TargetTable table);

  @Override
  default boolean isFollowing(TargetTable table) {
    return FollowedTables.areFollowing(columns(table));
  }

  @Override
  Contents contents(TargetTable table);

  @Override
  Stored position(TargetTable table);

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
   * @param before what {@link #lastRun} was when rows were taken of the table
   */
  record Arrival(Optional<Staged> rows, Position position, String before) {

    /**
     * Makes sure that the rows still fit the table; while nobody else can change it.
     *
     * @param lastRun what it is now
     * @throws DataException if another run changed it meanwhile
     */
    public void requireNotOvertaken(String lastRun) {
      if (!Objects.equals(before, lastRun)) {
        throw new DataException(
            "%s was changed by another run while this one was on its way, whose changes are not applied: run again, one run of a table at a time"
                .formatted(position.table()));
      }
    }
  }

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
  void rows(TargetTable table, TableSchema columns, Iterator<Block> keys, Consumer<Block> sink);

  /** Whether {@link #rows(TargetTable, TableSchema, Iterator, Consumer)} can find rows by a key. */
  boolean finds(TableSchema key);

  /** The run that wrote what is known of a table last; null if nothing is known. */
  String lastRun(TargetTable table);

  /** What a run did to a table, if it is the one that wrote it last; null otherwise. */
  SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table);

  /**
   * Publishes what was staged, and replaces what is known of the tables. A table and its position
   * that are published are not undone where a later one fails; a server that can publishes all of
   * them or none.
   *
   * @throws DataException if another run changed one of the tables meanwhile, see {@link
   *     Arrival#requireNotOvertaken}; that table is as the other run left it
   */
  void publish(List<Arrival> arrivals);

  @Override
  void close();
}
