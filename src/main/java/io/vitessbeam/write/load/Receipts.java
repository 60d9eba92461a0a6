package io.vitessbeam.write.load;

import io.vitessbeam.DataException;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of every range of a table that was read, as its receipts say: what is staged, and what
 * was published of it, has to agree with them.
 *
 * @param rows of each range, also of one that had none
 */
public record Receipts(TargetTable table, Map<Integer, Long> rows) {

  public Receipts {
    rows = new TreeMap<>(rows);
  }

  /**
   * Adds up receipts, which may come several times.
   *
   * @throws DataException unless each range is there, and always with the same rows
   */
  public static Receipts of(TargetTable table, List<StagedRange> receipts) {
    if (receipts.isEmpty()) {
      throw failure(table, "no range of it was read, not even an empty one");
    }
    int ranges = receipts.get(0).ranges();
    Map<Integer, Long> rows = new TreeMap<>();
    for (StagedRange receipt : receipts) {
      Long before = rows.put(receipt.range(), receipt.rows());
      if (receipt.ranges() != ranges || (before != null && before != receipt.rows())) {
        throw failure(table, "receipts don't agree, one is " + receipt);
      }
    }
    if (rows.size() != ranges) {
      throw failure(
          table,
          "%d of %d ranges were staged completely, %s"
              .formatted(rows.size(), ranges, rows.keySet()));
    }
    return new Receipts(table, rows);
  }

  public int ranges() {
    return rows.size();
  }

  public long total() {
    return sum(rows);
  }

  public static long sum(Map<Integer, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Whether a ledger has the rows of these receipts.
   *
   * @param ledger rows by range; a range without rows may be missing
   */
  public boolean agreeWith(Map<Integer, Long> ledger) {
    return withoutEmpty(rows).equals(withoutEmpty(ledger));
  }

  private static Map<Integer, Long> withoutEmpty(Map<Integer, Long> rows) {
    Map<Integer, Long> some = new TreeMap<>(rows);
    some.values().removeIf(count -> count == 0);
    return some;
  }

  /**
   * Passes if all that was read is staged.
   *
   * @param ledger rows by range, which the loads of each of them have entered
   * @param staged rows that the staging table holds, and those that were left out of it
   */
  public void requireStaged(Map<Integer, Long> ledger, long staged) {
    if (!agreeWith(ledger) || staged != total()) {
      throw failure(
          table,
          "%d rows were read in %d ranges, the ledger has %d rows in %d ranges, the staging table holds %d rows"
              .formatted(total(), ranges(), sum(ledger), ledger.size(), staged));
    }
  }

  /**
   * Passes if a table took what a publication brought.
   *
   * @param done for the message: inserted, updated or deleted
   * @param meant rows that were to be
   * @param were rows that the database says were
   * @param suspects what of the table may be why
   */
  public static void requirePublished(
      TargetTable table, String done, long meant, long were, List<String> suspects) {
    if (meant != were) {
      throw failure(
          table,
          "of %,d rows to be %s %,d were; something keeps the others from it without an error%s: drop it, or choose another table"
              .formatted(
                  meant,
                  done,
                  were,
                  suspects.isEmpty() ? "" : ", maybe " + String.join(", ", suspects)));
    }
  }

  public DataException failure(String why) {
    return failure(table, why);
  }

  private static DataException failure(TargetTable table, String why) {
    return new DataException(table + " is not published: " + why);
  }
}
