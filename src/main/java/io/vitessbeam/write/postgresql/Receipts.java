package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows that were read, by range.
 *
 * @param rows none of a range that had none
 */
record Receipts(int ranges, Map<Integer, Long> rows) {

  /**
   * Adds up receipts.
   *
   * @throws DataException unless each range is there, and always with the same rows
   */
  static Receipts of(TargetTable table, List<StagedRange> receipts) {
    if (receipts.isEmpty()) {
      throw new DataException(
          table + " is not published: no range of it was read, not even an empty one");
    }
    int ranges = receipts.get(0).ranges();
    Map<Integer, Long> rows = new TreeMap<>();
    for (StagedRange receipt : receipts) {
      Long before = rows.put(receipt.range(), receipt.rows());
      if (receipt.ranges() != ranges || (before != null && before != receipt.rows())) {
        throw new DataException(
            table + " is not published: receipts don't agree, one is " + receipt);
      }
    }
    if (rows.size() != ranges) {
      throw new DataException(
          "%s is not published: %d of %d ranges were staged completely, %s"
              .formatted(table, rows.size(), ranges, rows.keySet()));
    }
    rows.values().removeIf(count -> count == 0);
    return new Receipts(ranges, rows);
  }

  long total() {
    return sum(rows);
  }

  static long sum(Map<Integer, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
