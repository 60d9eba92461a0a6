package io.vitessbeam.write.mysql;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.StagedRange;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The blocks that are staged, a row for each, written in the transaction of its rows: so a block
 * that comes again, or whose commit nobody heard of, is known, whatever keys the rows have.
 */
record Ledger(String table) {

  static String create(String table) {
    return "CREATE TABLE IF NOT EXISTS "
        + Names.quoted(table)
        + " (range_no INT NOT NULL, sequence_no BIGINT NOT NULL, row_count BIGINT NOT NULL,"
        + " left_out BIGINT NOT NULL,"
        + " checksum BIGINT NOT NULL, closes BOOLEAN NOT NULL,"
        + " PRIMARY KEY (range_no, sequence_no)) COMMENT 'vitess-beam: blocks staged'";
  }

  /**
   * Enters a block.
   *
   * @return false if it is there already
   * @throws DataException if it is there with other rows
   */
  boolean enter(Session session, Block block) throws SQLException {
    Origin origin = block.origin();
    boolean closes = origin.closesRange();
    long rows = closes ? origin.rangeRows() : block.rows();
    long checksum = checksum(block);
    try {
      session.update(
          "INSERT INTO "
              + Names.quoted(table)
              + " VALUES ("
              + origin.range()
              + ", "
              + origin.sequence()
              + ", "
              + rows
              + ", "
              + origin.leftOut()
              + ", "
              + checksum
              + ", "
              + closes
              + ")");
      return true;
    } catch (SQLException e) {
      if (!Failures.isDuplicateKey(e)) {
        throw e;
      }
    }
    List<String> there =
        Sql.rows(
                session.connection(),
                "SELECT row_count, checksum, closes FROM "
                    + Names.quoted(table)
                    + " WHERE range_no = "
                    + origin.range()
                    + " AND sequence_no = "
                    + origin.sequence())
            .get(0);
    String again = rows + ", " + checksum + ", " + (closes ? 1 : 0);
    if (!String.join(", ", there).equals(again)) {
      throw new DataException(
          "Block "
              + origin.sequence()
              + " of range "
              + origin.range()
              + " of "
              + block.schema().qualifiedName()
              + " came again with other rows: the source changed while the range was read again;"
              + " run again");
    }
    return false;
  }

  /** Of all bytes of the rows. */
  private static long checksum(Block block) {
    CRC32C crc = new CRC32C();
    crc.update(new BlockReader(block).bytes(), 0, block.length());
    return crc.getValue();
  }

  /**
   * The receipt of a range, if its closing block and all others are there.
   *
   * @param ranges number of ranges of the read
   * @throws DataException if they are, and don't hold the rows that were read
   */
  Optional<StagedRange> receipt(Session session, int range, int ranges) throws SQLException {
    List<String> there =
        Sql.rows(
                session.connection(),
                "SELECT MAX(IF(closes, sequence_no, NULL)), MAX(IF(closes, row_count, NULL)),"
                    + " COUNT(*), SUM(IF(closes, 0, row_count + left_out)), SUM(IF(closes, 0, row_count))"
                    + " FROM "
                    + Names.quoted(table)
                    + " WHERE range_no = "
                    + range)
            .get(0);
    // The closing block counts too.
    if (there.get(0) == null || Long.parseLong(there.get(2)) <= Long.parseLong(there.get(0))) {
      return Optional.empty();
    }
    if (!there.get(1).equals(there.get(3))) {
      throw new DataException(
          "Range "
              + range
              + ": "
              + there.get(1)
              + " rows were read, but its blocks hold "
              + there.get(3));
    }
    return Optional.of(new StagedRange(range, ranges, Long.parseLong(there.get(4))));
  }

  /** Rows by range. */
  Map<Integer, Long> rows(Session session) throws SQLException {
    Map<Integer, Long> rows = new TreeMap<>();
    for (List<String> row :
        Sql.rows(
            session.connection(),
            "SELECT range_no, SUM(IF(closes, 0, row_count)) FROM "
                + Names.quoted(table)
                + " GROUP BY range_no")) {
      rows.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1)));
    }
    return rows;
  }
}
