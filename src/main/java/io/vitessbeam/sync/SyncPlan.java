package io.vitessbeam.sync;

import io.vitessbeam.vstream.position.GtidSet;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run, or its second round, does with its tables. A table that turns out to need another
 * copy while its changes are read is copied in the second round; a plan without tables does
 * nothing.
 *
 * @param round 1 or 2
 * @param shards the serving shards when it was made, in the order of vtgate
 * @param tables of a keyspace, by name
 * @param waiting by name, why other tables of a run without an end can't go on for now
 */
public record SyncPlan(
    int round, List<String> shards, List<TablePlan> tables, Map<String, String> waiting)
    implements Serializable {

  public SyncPlan {
    shards = List.copyOf(shards);
    tables = List.copyOf(tables);
    // In order: the text of a plan tells it from others. A savepoint may be older than this.
    waiting =
        Collections.unmodifiableMap(waiting == null ? new TreeMap<>() : new TreeMap<>(waiting));
  }

  /** A plan for all tables of a run. */
  public SyncPlan(int round, List<String> shards, List<TablePlan> tables) {
    this(round, shards, tables, Map.of());
  }

  /** What all of its tables, of which there is one at least, have of a shard. */
  public GtidSet oldest(String shard) {
    return tables.stream()
        .map(table -> GtidSet.parse(table.from().gtid(shard)))
        .reduce(GtidSet::intersection)
        .orElseThrow();
  }

  /** The index of a table, or -1. */
  public int indexOf(String table) {
    for (int i = 0; i < tables.size(); i++) {
      if (tables.get(i).table().equals(table)) {
        return i;
      }
    }
    return -1;
  }
}
