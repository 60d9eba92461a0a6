package io.vitessbeam.write;

import io.vitessbeam.WriteStrategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a strategy should make of a table, in a few lines. A row is the three values of its key, two
 * others and that of the incremental key; a version of a row also has its begin, its end and
 * whether it is current.
 */
final class StrategyModel {

  private static final int KEY_VALUES = 3;

  private static final int AT = 5;
  private static final int SOURCE_VALUES = 6;
  private static final int FROM = 6;
  private static final int STATE = 8;

  private final WriteStrategy strategy;
  private final boolean key;
  private final boolean time;
  private List<List<String>> rows = new ArrayList<>();

  /**
   * @param key whether a key is given
   * @param time whether an incremental key is
   */
  StrategyModel(WriteStrategy strategy, boolean key, boolean time) {
    this.strategy = strategy;
    this.key = key;
    this.time = time;
  }

  List<List<String>> rows() {
    return rows;
  }

  /** Tells whether it can be done; if not, nothing is. */
  boolean load(List<List<String>> given, String begun) {
    List<List<String>> batch = key ? lastOfEachKey(given) : given;
    switch (strategy) {
      case REPLACE -> rows = new ArrayList<>(batch);
      case APPEND -> rows.addAll(batch);
      case MERGE -> {
        rows.removeIf(row -> has(batch, row));
        rows.addAll(batch);
      }
      case DELETE_INSERT -> {
        List<List<String>> staying = new ArrayList<>(rows);
        staying.removeIf(row -> isCovered(row, batch));
        if (key && staying.stream().anyMatch(row -> has(batch, row))) {
          return false;
        }
        rows = staying;
        rows.addAll(batch);
      }
      case SCD2 -> keepVersions(batch, begun);
    }
    return true;
  }

  private List<List<String>> lastOfEachKey(List<List<String>> batch) {
    List<List<String>> last = new ArrayList<>();
    for (List<String> row : batch) {
      List<String> known = ofKey(last, row);
      if (known == null || !time || compare(row.get(AT), known.get(AT)) >= 0) {
        last.remove(known);
        last.add(row);
      }
    }
    return last;
  }

  /** NULL is less than anything. */
  private static int compare(String a, String b) {
    if (a == null || b == null) {
      return a == null ? (b == null ? 0 : -1) : 1;
    }
    return a.compareTo(b);
  }

  private static List<String> ofKey(List<List<String>> rows, List<String> row) {
    return rows.stream()
        .filter(other -> other.subList(0, KEY_VALUES).equals(row.subList(0, KEY_VALUES)))
        .findFirst()
        .orElse(null);
  }

  private static boolean has(List<List<String>> rows, List<String> row) {
    return ofKey(rows, row) != null;
  }

  private static boolean isCovered(List<String> row, List<List<String>> batch) {
    String at = row.get(AT);
    if (at == null) {
      return batch.stream().anyMatch(other -> other.get(AT) == null);
    }
    List<String> times =
        batch.stream().map(other -> other.get(AT)).filter(other -> other != null).toList();
    return !times.isEmpty()
        && at.compareTo(Collections.min(times)) >= 0
        && at.compareTo(Collections.max(times)) <= 0;
  }

  private void keepVersions(List<List<String>> batch, String begun) {
    List<List<String>> next = new ArrayList<>();
    List<List<String>> news = new ArrayList<>(batch);
    for (List<String> row : rows) {
      boolean current = row.get(STATE).equals("current");
      List<String> come = ofKey(batch, row);
      boolean same = come != null && come.equals(row.subList(0, SOURCE_VALUES));
      if (current && (same || (come == null && time))) {
        news.remove(come);
        next.add(row);
      } else if (current) {
        next.add(version(row, row.get(FROM), begun, "old"));
      } else {
        next.add(row);
      }
    }
    news.forEach(row -> next.add(version(row, begun, null, "current")));
    rows = next;
  }

  private static List<String> version(List<String> row, String from, String to, String state) {
    List<String> version = new ArrayList<>(row.subList(0, SOURCE_VALUES));
    version.add(from);
    version.add(to);
    version.add(state);
    return version;
  }
}
