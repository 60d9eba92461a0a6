package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.write.LoadSpec;
import java.sql.SQLException;
import java.util.List;

/** The keys of staged rows: each row has to have one, and one row is to have it. */
final class StagedKeys {

  private StagedKeys() {}

  /** Whether the strategy tells rows apart by a key. */
  static boolean matter(LoadSpec spec, List<String> key) {
    return switch (spec.strategy()) {
      case APPEND -> false;
      // A key of the source's own is unique.
      case REPLACE -> !spec.primaryKey().isEmpty();
      case MERGE, DELETE_INSERT, SCD2 -> !key.isEmpty();
    };
  }

  /**
   * Leaves the row with the highest incremental key of those with one key, else the last one.
   *
   * @throws DataException if a row has NULL in its key
   */
  static void makeUnique(Session session, StagingTables tables, LoadSpec spec, List<String> key)
      throws SQLException {
    String staging = Sql.quoted(tables.staging());
    for (String column : key) {
      failIfNull(session, staging, spec, column);
    }
    String row = Sql.quoted(StagingTables.ROW);
    String order = row + " DESC";
    if (!spec.incrementalKey().isEmpty()) {
      String type = TableColumns.read(session, tables.staging()).type(spec.incrementalKey());
      order =
          PostgresqlDialect.ordered(Sql.quoted(spec.incrementalKey()), type)
              + " DESC NULLS LAST, "
              + order;
    }
    session.update(
        "DELETE FROM %s WHERE %s IN (SELECT %s FROM (SELECT %s, row_number() OVER (PARTITION BY %s"
                .formatted(staging, row, row, row, Sql.quoted(key))
            + " ORDER BY %s) AS place FROM %s) numbered WHERE place > 1)"
                .formatted(order, staging));
  }

  private static void failIfNull(Session session, String staging, LoadSpec spec, String column)
      throws SQLException {
    long rows =
        session.number(
            "SELECT count(*) FROM %s WHERE %s IS NULL".formatted(staging, Sql.quoted(column)));
    if (rows > 0) {
      throw new DataException(
          "%,d rows for %s have NULL in %s, by which they are to be told apart; choose another"
                  .formatted(rows, spec.table(), column)
              + " key, or leave them out");
    }
  }
}
