package io.vitessbeam.vstream.position;

import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The changes of one shard that one stream gives: all of its tables from a position on, or one
 * table that is copied first. It is kept in checkpoints and savepoints, so it says nothing of where
 * vtgate is and who logs in: a restored job takes that from the pipeline that it is restored into.
 *
 * @param round of the run's plan, 1 for a stream that is in no plan
 * @param plan fingerprint of the plan, see {@link io.vitessbeam.block.Origin}
 * @param index number of the stream, from 0
 * @param count number of streams of the round
 * @param from where it begins
 * @param until GTID set at which it ends; empty for never
 * @param tables what it gives
 * @param before whether changed rows are given as they were, too, and each row with its position
 * @param stall how long the position may stand still while there is something to come
 * @param newColumns what it does with them
 * @param followsReshards whether it goes on in the shards that take the place of its own, see
 *     {@link StreamPosition#successors}; else it fails
 */
public record ShardStream(
    String keyspace,
    String shard,
    int round,
    long plan,
    int index,
    int count,
    StreamPosition from,
    String until,
    List<Table> tables,
    boolean before,
    Duration stall,
    NewColumns newColumns,
    boolean followsReshards)
    implements Serializable {

  /** vtgate takes 30 s to find another tablet and 90 s to give up on a position it hasn't. */
  public static final Duration DEFAULT_STALL = Duration.ofMinutes(3);

  /**
   * A table of the stream.
   *
   * @param after changes of transactions in this GTID set are left out; empty for none
   * @param without columns that are left out, though the table has them
   */
  public record Table(TableSchema schema, String after, Set<String> without)
      implements Serializable {

    /** With all columns of the schema. */
    public Table(TableSchema schema, String after) {
      this(schema, after, Set.of());
    }

    public Table {
      Objects.requireNonNull(schema, "schema");
      Objects.requireNonNull(after, "after");
      // A savepoint may be older than this component.
      without = without == null ? Set.of() : Set.copyOf(without);
    }
  }

  /** A stream that new columns and reshards break. */
  public ShardStream(
      String keyspace,
      String shard,
      int round,
      long plan,
      int index,
      int count,
      StreamPosition from,
      String until,
      List<Table> tables,
      boolean before,
      Duration stall) {
    this(
        keyspace,
        shard,
        round,
        plan,
        index,
        count,
        from,
        until,
        tables,
        before,
        stall,
        NewColumns.BREAK,
        false);
  }

  public ShardStream {
    Objects.requireNonNull(keyspace, "keyspace");
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(until, "until");
    Objects.requireNonNull(stall, "stall");
    tables = List.copyOf(tables);
    // A savepoint may be older than this component.
    newColumns = newColumns == null ? NewColumns.BREAK : newColumns;
  }

  /** The same stream of other tables. */
  public ShardStream withTables(List<Table> others) {
    return with(shard, from, others, newColumns, followsReshards);
  }

  /** The same stream, which takes new columns or leaves them out, and goes on after reshards. */
  public ShardStream lasting(NewColumns choice) {
    return with(shard, from, tables, choice, true);
  }

  /** The same stream in a shard that took the place of this one. */
  public ShardStream in(String successor, StreamPosition begin) {
    return with(successor, begin, tables, newColumns, followsReshards);
  }

  private ShardStream with(
      String place, StreamPosition begin, List<Table> which, NewColumns choice, boolean follows) {
    return new ShardStream(
        keyspace, place, round, plan, index, count, begin, until, which, before, stall, choice,
        follows);
  }

  /** {@code keyspace/shard}, for messages. */
  public String describe() {
    String tableName = tables.size() == 1 ? ", table " + tables.get(0).schema().table() : "";
    return keyspace + "/" + shard + tableName;
  }
}
