package io.vitessbeam.vstream.decode;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.wire.RowImages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables of a stream with their rows, and those that can't be followed any more. For one
 * thread.
 *
 * <p>A table whose position is ahead of the stream is left out of it until the stream is there: its
 * older changes may be of a time before the schema that it has now, which vttablet can't decode.
 */
public final class StreamTables {

  private final String keyspacePrefix;
  private final Map<String, FollowedTable> tables = new LinkedHashMap<>();
  private final Map<String, String> broken;

  /** Those with rows of the transaction under way. */
  private final Set<FollowedTable> touched = new LinkedHashSet<>();

  private long openBytes;
  private long committedBytes;

  public StreamTables(ShardStream stream, StreamPosition from) {
    this.keyspacePrefix = stream.keyspace() + ".";
    this.broken = new HashMap<>(from.broken());
    CommitPoint point = CommitPoint.of(from);
    for (ShardStream.Table table : stream.tables()) {
      tables.put(table.schema().table(), new FollowedTable(stream, table, point));
    }
  }

  /** The tables that are to be in the rules of a stream; none if there is nothing to follow. */
  public List<String> followed() {
    List<FollowedTable> usable =
        tables.values().stream().filter(table -> !broken.containsKey(table.name())).toList();
    if (usable.stream().allMatch(FollowedTable::isWaiting)) {
      usable.forEach(FollowedTable::endWaiting);
    }
    return usable.stream().filter(table -> !table.isWaiting()).map(FollowedTable::name).toList();
  }

  /**
   * Whether tables that are left out should have been in the stream for the transaction behind
   * which the shard has the set; they will be in the next one.
   */
  public boolean endWaiting(GtidSet set) {
    boolean any = false;
    for (FollowedTable table : tables.values()) {
      if (table.isWaiting() && !table.hasAll(set)) {
        table.endWaiting();
        any = true;
      }
    }
    return any;
  }

  /** By table, why it can't be followed. */
  public Map<String, String> broken() {
    return broken;
  }

  public boolean areAllBroken() {
    return broken.keySet().containsAll(tables.keySet());
  }

  private List<FollowedTable> unbroken() {
    return tables.values().stream().filter(table -> !broken.containsKey(table.name())).toList();
  }

  /** A table can't be followed any more; what it had so far is void. */
  public void breakTable(String table, String reason) {
    broken.putIfAbsent(table, reason);
    ChangeBuilder rows = tables.get(table).rows();
    openBytes -= rows.openBytes();
    rows.rollback();
  }

  /**
   * Tables whose rows a statement changed can't be followed any more: the rows don't come. Those
   * that it doesn't name are as they were.
   */
  public void breakThose(DmlStatement statement) {
    for (FollowedTable table : unbroken()) {
      if (statement.concerns(table.name())) {
        breakTable(table.name(), DmlStatement.REASON);
      }
    }
  }

  /**
   * Tables that a statement altered can't be followed any more, unless it changes nothing that is
   * read of them.
   *
   * @param set behind the statement
   * @param alterations tells what an online DDL carried out
   * @return those that it emptied
   */
  public List<FollowedTable> apply(DdlStatement statement, GtidSet set, Alterations alterations) {
    List<FollowedTable> emptied = new ArrayList<>();
    for (FollowedTable table : unbroken()) {
      if (!table.hasAll(set) && statement.concerns(table.name())) {
        switch (statement.effect()) {
          case NONE -> {}
          case TRUNCATES -> emptied.add(table);
          case ADDS_COLUMNS, ADDS_FILLED_COLUMNS, CHANGES -> {
            if (!table.expects(statement, alterations)) {
              breakTable(table.name(), "it was altered: " + statement);
            }
          }
        }
      }
    }
    return emptied;
  }

  /**
   * The table of a name, with its keyspace or without, as newer vtgates are asked to send it; null
   * if it isn't followed.
   */
  public FollowedTable find(String sent) {
    FollowedTable table = tables.get(sent);
    if (table == null && sent.startsWith(keyspacePrefix)) {
      table = tables.get(sent.substring(keyspacePrefix.length()));
    }
    return table == null || table.isWaiting() || broken.containsKey(table.name()) ? null : table;
  }

  /**
   * Adds a change of the transaction under way.
   *
   * @throws BrokenTableException if the table can't be followed any more
   */
  public void add(FollowedTable table, RowImages images, boolean copying)
      throws BrokenTableException {
    touched.add(table);
    long before = table.rows().openBytes();
    try {
      table.add(images, copying);
    } finally {
      openBytes += table.rows().openBytes() - before;
    }
  }

  /** Adds that a table lost all of its rows. */
  public void truncate(FollowedTable table) {
    touched.add(table);
    table.truncate();
  }

  /** Bytes of the rows of the transaction under way. */
  public long openBytes() {
    return openBytes;
  }

  /** Bytes of committed rows. */
  public long committedBytes() {
    return committedBytes;
  }

  /** Drops what tables have already of the transaction behind which the shard has the set. */
  public void leaveOut(GtidSet set) {
    for (FollowedTable table : touched) {
      if (table.leavesOut(set)) {
        table.rows().rollback();
      }
    }
  }

  /** Whether the rows of a table are dropped when the transaction under way commits. */
  public boolean isDropped(String table, GtidSet set) {
    return broken.containsKey(table) || tables.get(table).leavesOut(set);
  }

  /**
   * The transaction under way turns out to be the one in front of a point.
   *
   * @param seconds when it was committed; 0 if unknown
   */
  public void commit(CommitPoint point, int seconds) {
    for (FollowedTable table : touched) {
      committedBytes += table.rows().commit(point.set().rank(), seconds, point.gtid());
    }
    touched.clear();
    openBytes = 0;
  }

  /** Drops the rows of the transaction under way. */
  public void rollBack() {
    for (FollowedTable table : touched) {
      table.rows().rollback();
    }
    touched.clear();
    openBytes = 0;
  }

  /** Another stream describes the tables anew. */
  public void forget() {
    tables.values().forEach(FollowedTable::forget);
  }

  /** The rows of the transaction under way, when no committed ones are left. */
  public List<Block> takeOpen(Origin origin) {
    List<Block> blocks = new ArrayList<>();
    for (FollowedTable table : tables.values()) {
      if (table.rows().hasOpenRows()) {
        blocks.add(table.rows().buildOpen(origin));
      }
    }
    openBytes = 0;
    return blocks;
  }

  /** All committed rows, in the order of the tables. */
  public List<Block> takeCommitted(Origin origin) {
    List<Block> blocks = new ArrayList<>();
    if (committedBytes > 0) {
      for (FollowedTable table : tables.values()) {
        Block block = table.takeCommitted(origin);
        if (block != null && !broken.containsKey(table.name())) {
          blocks.add(block);
        }
      }
      committedBytes = 0;
    }
    return blocks;
  }
}
