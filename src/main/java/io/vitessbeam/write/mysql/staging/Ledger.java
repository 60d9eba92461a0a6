package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.RereadBlock;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlFailures;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.MysqlSql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The blocks that are staged, a row for each, written in the transaction of its rows: so a block
 * that comes again, or whose commit nobody heard of, is known, whatever keys the rows have.
 */
public record Ledger(String table) {

  public static String create(String table) {
    return "CREATE TABLE IF NOT EXISTS "
        + LoadNames.quoted(table)
        + " (range_no INT NOT NULL, sequence_no BIGINT NOT NULL, row_count BIGINT NOT NULL,"
        + " left_out BIGINT NOT NULL,"
        + " checksum BIGINT NOT NULL, closes BOOLEAN NOT NULL,"
        + " PRIMARY KEY (range_no, sequence_no)) COMMENT 'vitess-beam: blocks staged'";
  }

  /** What becomes of a block that comes. */
  public enum Entry {
    /** It is entered. */
    NEW,
    /** It was there, with the same rows. */
    SAME,
    /** Its place has other rows, or it closes a range that had more blocks. */
    OTHER
  }

  /** Enters a block, unless its place is taken. */
  public Entry enter(MysqlSession session, Block block) throws SQLException {
    Origin origin = block.origin();
    long rows = origin.closesRange() ? origin.rangeRows() : block.rows();
    long checksum = RereadBlock.checksum(block);
    try {
      session.update(
          "INSERT INTO %s VALUES (%d, %d, %d, %d, %d, %s)"
              .formatted(
                  LoadNames.quoted(table),
                  origin.range(),
                  origin.sequence(),
                  rows,
                  origin.leftOut(),
                  checksum,
                  origin.closesRange()));
    } catch (SQLException e) {
      if (!MysqlFailures.isDuplicateKey(e)) {
        throw e;
      }
      String same =
          "SELECT COUNT(*) FROM %s WHERE %s AND row_count = %d AND checksum = %d AND closes = %s"
              .formatted(
                  LoadNames.quoted(table),
                  place(origin, "="),
                  rows,
                  checksum,
                  origin.closesRange());
      return session.number(same) == 1 ? Entry.SAME : Entry.OTHER;
    }
    boolean cuts =
        origin.closesRange()
            && session.number(
                    "SELECT COUNT(*) FROM %s WHERE %s"
                        .formatted(LoadNames.quoted(table), place(origin, ">")))
                > 0;
    return cuts ? Entry.OTHER : Entry.NEW;
  }

  /** Forgets a block and those behind it. */
  public void discardFrom(MysqlSession session, Origin origin) throws SQLException {
    session.update(
        "DELETE FROM %s WHERE %s".formatted(LoadNames.quoted(table), place(origin, ">=")));
  }

  private static String place(Origin origin, String operator) {
    return "range_no = %d AND sequence_no %s %d"
        .formatted(origin.range(), operator, origin.sequence());
  }

  /**
   * The receipt of a range, if its closing block and all others are there.
   *
   * @param ranges number of ranges of the read
   * @throws DataException if they are, and don't hold the rows that were read
   */
  public Optional<StagedRange> receipt(MysqlSession session, int range, int ranges)
      throws SQLException {
    List<String> there =
        MysqlSql.rows(
                session.connection(),
                "SELECT MAX(IF(closes, sequence_no, NULL)), MAX(IF(closes, row_count, NULL)), COUNT(*), SUM(IF(closes, 0, row_count + left_out)), SUM(IF(closes, 0, row_count)) FROM %s WHERE range_no = %d"
                    .formatted(LoadNames.quoted(table), range))
            .get(0);
    // The closing block counts too.
    if (there.get(0) == null || Long.parseLong(there.get(2)) <= Long.parseLong(there.get(0))) {
      return Optional.empty();
    }
    if (!there.get(1).equals(there.get(3))) {
      throw new DataException(
          "Range %d: %s rows were read, but its blocks hold %s"
              .formatted(range, there.get(1), there.get(3)));
    }
    return Optional.of(new StagedRange(range, ranges, Long.parseLong(there.get(4))));
  }

  /** Rows by range. */
  public Map<Integer, Long> rows(MysqlSession session) throws SQLException {
    Map<Integer, Long> rows = new TreeMap<>();
    for (List<String> row :
        MysqlSql.rows(
            session.connection(),
            "SELECT range_no, SUM(IF(closes, 0, row_count)) FROM "
                + LoadNames.quoted(table)
                + " GROUP BY range_no")) {
      rows.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1)));
    }
    return rows;
  }
}
