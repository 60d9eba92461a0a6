package io.vitessbeam.write.mysql;

import io.vitessbeam.DataException;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what was read with what is staged: receipts, ledger and the rows themselves. */
final class Reconciliation {

  private final LoadId<Server> id;

  Reconciliation(LoadId<Server> id) {
    this.id = id;
  }

  /** Rows of every range; fails unless each range is there, and always with the same rows. */
  Map<Integer, Long> read(List<StagedRange> receipts) {
    if (receipts.isEmpty()) {
      throw failure("no range of it was read, not even an empty one");
    }
    int ranges = receipts.get(0).ranges();
    Map<Integer, Long> rows = new TreeMap<>();
    for (StagedRange receipt : receipts) {
      Long before = rows.put(receipt.range(), receipt.rows());
      if (receipt.ranges() != ranges || (before != null && before != receipt.rows())) {
        throw failure("receipts don't agree, one is " + receipt);
      }
    }
    if (rows.size() != ranges) {
      throw failure(
          rows.size() + " of " + ranges + " ranges were staged completely, " + rows.keySet());
    }
    return rows;
  }

  /** Fails unless the ledger and the staging table have just the rows that were read. */
  void compare(Sessions sessions, Names names, Map<Integer, Long> read) {
    Map<Integer, Long> ledger =
        sessions.call(
            "Reconciling " + id.table(), session -> new Ledger(names.ledger()).rows(session));
    long staged = count(sessions, names.staging());
    if (!ledger.equals(read) || staged != sum(read)) {
      throw failure(
          sum(read)
              + " rows were read in "
              + read.size()
              + " ranges, the ledger has "
              + sum(ledger)
              + " rows, the staging table holds "
              + staged
              + " rows");
    }
  }

  /**
   * Passes if the session's server has all blocks: what was counted may have been another one's.
   *
   * @param read rows of every range
   * @throws DataException if it has lost some
   */
  void requireLedger(Session session, Names names, Map<Integer, Long> read) throws SQLException {
    if (!new Ledger(names.ledger()).rows(session).equals(read)) {
      throw lost();
    }
  }

  /** Counts the rows of a table of any size. */
  private long count(Sessions sessions, String table) {
    String count = "SELECT COUNT(*) FROM " + Names.quoted(table);
    return Long.parseLong(sessions.read("Reconciling " + id.table(), count).get(0).get(0));
  }

  /** What was committed is gone: the primary died, and the new one had not heard of it. */
  DataException lost() {
    return failure(
        "the server has lost what it had committed, as a replica that takes the place of a dead"
            + " primary may have; run again");
  }

  DataException failure(String why) {
    return new DataException(id.table() + " is not published: " + why);
  }

  static long sum(Map<Integer, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
