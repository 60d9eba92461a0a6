package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.RowKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random history of a table in some shards, each row of which is in one shard at a time: what a
 * source would have, and would stream, at any moment. Rows are key, a, b.
 */
final class ShopHistory {

  /** What happened at a moment; moments are the numbers of the list. */
  record Event(
      String shard, RowKind kind, long transaction, List<String> values, List<Boolean> absent) {}

  private final Random random;
  private final List<String> shards;
  private final List<Event> events = new ArrayList<>();

  /** By shard and key, the rows after each moment. */
  private final List<Map<String, Map<String, List<String>>>> states = new ArrayList<>();

  /** Transactions of each shard after each moment. */
  private final List<Map<String, Long>> positions = new ArrayList<>();

  ShopHistory(Random random, List<String> shards, boolean partial, int length) {
    this.random = random;
    this.shards = shards;
    Map<String, Map<String, List<String>>> empty = new TreeMap<>();
    Map<String, Long> begin = new TreeMap<>();
    for (String shard : shards) {
      empty.put(shard, new TreeMap<>());
      begin.put(shard, 1L);
    }
    states.add(empty);
    positions.add(begin);
    while (events.size() < length) {
      step(partial);
    }
  }

  private void step(boolean partial) {
    String key = Integer.toString(random.nextInt(12));
    String at = shardOf(key);
    if (at == null) {
      add(any(), RowKind.INSERT, row(key), null);
      return;
    }
    List<String> old = states.get(states.size() - 1).get(at).get(key);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> add(at, RowKind.DELETE, old, null);
      case 3, 4 -> {
        // A move: to the same shard, too, which is a DELETE and an INSERT of one key.
        add(at, RowKind.DELETE, old, null);
        add(any(), RowKind.INSERT, row(key), null);
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          String shard = any();
          add(shard, RowKind.TRUNCATE, Arrays.asList(null, null, null), null);
        }
      }
      default -> update(at, key, old, partial);
    }
  }

  private void update(String shard, String key, List<String> old, boolean partial) {
    List<String> row = row(key);
    if (!partial || random.nextBoolean()) {
      add(shard, RowKind.UPDATE, row, null);
      return;
    }
    int left = 1 + random.nextInt(2);
    row.set(left, old.get(left));
    List<Boolean> absent = new ArrayList<>(List.of(false, false, false));
    absent.set(left, true);
    add(shard, RowKind.UPDATE, row, absent);
  }

  private List<String> row(String key) {
    String b = random.nextInt(4) == 0 ? null : "b" + random.nextInt(5);
    return new ArrayList<>(Arrays.asList(key, Integer.toString(random.nextInt(100)), b));
  }

  private String any() {
    return shards.get(random.nextInt(shards.size()));
  }

  private String shardOf(String key) {
    return shards.stream()
        .filter(shard -> states.get(states.size() - 1).get(shard).containsKey(key))
        .findFirst()
        .orElse(null);
  }

  private void add(String shard, RowKind kind, List<String> values, List<Boolean> absent) {
    Map<String, Map<String, List<String>>> state = new TreeMap<>();
    states.get(states.size() - 1).forEach((name, rows) -> state.put(name, new TreeMap<>(rows)));
    Map<String, Long> position = new TreeMap<>(positions.get(positions.size() - 1));
    // Now and then, several changes are of one transaction.
    boolean same =
        !events.isEmpty()
            && events.get(events.size() - 1).shard().equals(shard)
            && random.nextInt(3) == 0;
    long transaction = same ? position.get(shard) : position.get(shard) + 1;
    position.put(shard, transaction);
    switch (kind) {
      case INSERT, UPDATE -> state.get(shard).put(values.get(0), values);
      case DELETE -> state.get(shard).remove(values.get(0));
      case TRUNCATE -> state.get(shard).clear();
      default -> throw new IllegalArgumentException(kind.toString());
    }
    events.add(new Event(shard, kind, transaction, values, absent));
    states.add(state);
    positions.add(position);
  }

  int length() {
    return events.size();
  }

  /** A moment that is not within a transaction, from one on. */
  int moment(int from) {
    int moment = Math.min(events.size(), from + random.nextInt((events.size() - from) / 2 + 2));
    while (moment < events.size() && isWithin(moment)) {
      moment++;
    }
    return moment;
  }

  private boolean isWithin(int moment) {
    return moment > 0
        && events.get(moment).shard().equals(events.get(moment - 1).shard())
        && events.get(moment).transaction() == events.get(moment - 1).transaction();
  }

  /** Transactions of all shards, in their order. */
  long[] position(int moment) {
    return shards.stream().mapToLong(shard -> positions.get(moment).get(shard)).toArray();
  }

  /** The rows of a shard at a moment. */
  List<List<String>> rows(String shard, int moment) {
    return List.copyOf(states.get(moment).get(shard).values());
  }

  /** All rows at a moment, as text. */
  List<String> all(int moment) {
    return states.get(moment).values().stream()
        .flatMap(rows -> rows.values().stream())
        .map(row -> row.get(0) + "," + row.get(1) + "," + row.get(2))
        .sorted()
        .toList();
  }

  /** Gives a run what happened from one moment to another. */
  void give(TestRun run, String table, int from, int until) {
    for (int i = from; i < until; i++) {
      Event event = events.get(i);
      String[] values = event.values().toArray(String[]::new);
      for (int column = 0; event.absent() != null && column < values.length; column++) {
        values[column] = event.absent().get(column) ? TestRun.ABSENT : values[column];
      }
      run.changed(table, event.shard(), event.kind(), event.transaction(), i, values);
    }
    run.until(position(until));
  }
}
