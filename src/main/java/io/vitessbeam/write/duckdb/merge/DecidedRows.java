package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.DataException;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * How many rows are decided about, with which what the statements did is compared: each decision is
 * a new row, and takes the place of one that has the key.
 *
 * @param counts what becomes of live rows
 * @param decided all of them
 * @param present those that have a row in the table
 */
record DecidedRows(MergeCounts counts, long decided, long present) {

  static DecidedRows count(Connection connection) throws SQLException {
    List<Long> row =
        DuckDbSql.row(
                connection,
                "SELECT count(*) FILTER (live AND (rid IS NULL OR was)), count(*) FILTER (live AND"
                    + " rid IS NOT NULL AND NOT was), count(*) FILTER (NOT live AND rid IS NOT NULL"
                    + " AND NOT was), count(*), count(rid) FROM "
                    + RowDecisions.DECISIONS)
            .stream()
            .map(Long::valueOf)
            .toList();
    return new DecidedRows(
        new MergeCounts(row.get(0), row.get(1), row.get(2)), row.get(3), row.get(4));
  }

  /** How many rows more the table has for it. */
  long added() {
    return decided - present;
  }

  /** Removes the rows that new ones take the place of. */
  void removeOld(Connection connection, MergeTable table) throws SQLException {
    long removed =
        DuckDbSql.update(
            connection,
            "DELETE FROM %s WHERE rowid IN (SELECT rid FROM %s WHERE rid IS NOT NULL)"
                .formatted(table.name(), RowDecisions.DECISIONS));
    require(table, "removed", present, removed);
  }

  /** Passes if every decision became a row. */
  void requireInserted(MergeTable table, long inserted) {
    require(table, "inserted", decided, inserted);
  }

  private static void require(MergeTable table, String done, long meant, long were) {
    if (meant != were) {
      throw new DataException(
          "%s is not published: of %,d rows to be %s in the merge of its changes %,d were"
              .formatted(table.schema().qualifiedName(), meant, done, were));
    }
  }
}
