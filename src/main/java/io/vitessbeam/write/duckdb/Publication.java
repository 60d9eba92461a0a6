package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reconciles what was read with what is staged, and only then replaces the target. */
final class Publication {

  private final StagingArea area;
  private final LoadId<DuckDbUri> id;

  Publication(StagingArea area, LoadId<DuckDbUri> id) {
    this.area = area;
    this.id = id;
  }

  /** The number of rows published, now or by a former try that nobody heard of. */
  long publish(List<StagedRange> receipts) {
    Map<Integer, Long> read = read(receipts);
    long rows = read.values().stream().mapToLong(Long::longValue).sum();
    try {
      if (!area.isStaged()) {
        failIfNotPublished();
        return rows;
      }
      Map<Integer, Long> ledger = area.ledger();
      Long removed = ledger.remove(StagingArea.REMOVED);
      long staged = area.countStaged() + (removed == null ? 0 : removed);
      if (!ledger.equals(read) || staged != rows) {
        throw new DataException(
            id.table()
                + " is not published: "
                + rows
                + " rows were read in "
                + read.size()
                + " ranges, the ledger has "
                + sum(ledger)
                + " rows in "
                + ledger.size()
                + " ranges, the staging table holds "
                + staged
                + " rows");
      }
      area.failIfNotReplaceable();
      area.makeUnique();
      long left = area.countStaged();
      area.publish();
      return left;
    } catch (SQLException e) {
      throw area.failure("Publishing", e);
    }
  }

  private void failIfNotPublished() throws SQLException {
    if (!area.isPublished()) {
      throw new DataException(
          id.table() + " is not published: nothing of this run is staged in " + id.place());
    }
  }

  /** Rows of every range; fails unless each range is there, and always with the same rows. */
  private Map<Integer, Long> read(List<StagedRange> receipts) {
    if (receipts.isEmpty()) {
      throw new DataException(
          id.table() + " is not published: no range of it was read, not even an empty one");
    }
    int ranges = receipts.get(0).ranges();
    Map<Integer, Long> rows = new TreeMap<>();
    for (StagedRange receipt : receipts) {
      Long before = rows.put(receipt.range(), receipt.rows());
      if (receipt.ranges() != ranges || (before != null && before != receipt.rows())) {
        throw new DataException(
            id.table() + " is not published: receipts don't agree, one is " + receipt);
      }
    }
    if (rows.size() != ranges) {
      throw new DataException(
          id.table()
              + " is not published: "
              + rows.size()
              + " of "
              + ranges
              + " ranges were staged completely, "
              + rows.keySet());
    }
    return rows;
  }

  private static long sum(Map<Integer, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
