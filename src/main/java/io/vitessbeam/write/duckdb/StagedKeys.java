package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** The keys of staged rows: each row has to have one, and one row is to have it. */
final class StagedKeys {

  private final Connection connection;
  private final StagingTables tables;
  private final LoadSpec spec;
  private final List<String> key;

  StagedKeys(Connection connection, StagingTables tables, LoadSpec spec, List<String> key) {
    this.connection = connection;
    this.tables = tables;
    this.spec = spec;
    this.key = key;
  }

  /** Whether the strategy tells rows apart. */
  boolean matter() {
    return switch (spec.strategy()) {
      case APPEND -> false;
      // A key of the source's own is unique.
      case REPLACE -> !spec.primaryKey().isEmpty();
      case MERGE, DELETE_INSERT, SCD2 -> !key.isEmpty();
    };
  }

  /**
   * Leaves the row with the highest incremental key of those with one key, and notes in the ledger
   * how many went, all in one transaction.
   *
   * @throws DataException if a row has NULL in its key
   */
  void makeUnique() throws SQLException {
    failIfNull();
    String columns = key.stream().map(Sql::quoted).collect(Collectors.joining(", "));
    String order =
        spec.incrementalKey().isEmpty()
            ? "rowid DESC"
            : Sql.quoted(spec.incrementalKey()) + " DESC NULLS LAST, rowid DESC";
    Sql.atomically(
        connection,
        () -> {
          long removed =
              Sql.update(
                  connection,
                  ("DELETE FROM %s WHERE rowid IN (SELECT rowid FROM %s QUALIFY row_number() OVER"
                          + " (PARTITION BY %s ORDER BY %s) > 1)")
                      .formatted(tables.staging(), tables.staging(), columns, order));
          Sql.execute(connection, List.of(tables.insertReceipt(StagingArea.REMOVED, removed)));
          return null;
        });
  }

  private void failIfNull() throws SQLException {
    for (String column : key) {
      long rows =
          Sql.number(
              connection,
              "SELECT count(*) FROM %s WHERE %s IS NULL"
                  .formatted(tables.staging(), Sql.quoted(column)));
      if (rows > 0) {
        throw new DataException(
            "%,d rows for %s have NULL in %s, by which they are to be told apart; choose another"
                    .formatted(rows, tables.table(), column)
                + " key, or leave them out");
      }
    }
  }
}
