package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tables of a server that follow a source and are merged elsewhere: gives rows to merge changes
 * into, and takes what came of it. For one thread.
 */
public interface ServerTables extends FollowedTables, AutoCloseable {

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

  /**
   * Publishes what was staged, and replaces what is known of the tables. A table and its position
   * that are published are not undone where a later one fails; a server that can publishes all of
   * them or none.
   *
   * @throws io.vitessbeam.DataException if another run changed one of the tables meanwhile, see
   *     {@link TableUpdate#requireNotOvertaken}; that table is as the other run left it
   */
  void publish(List<TableUpdate> updates);

  @Override
  void close();
}
