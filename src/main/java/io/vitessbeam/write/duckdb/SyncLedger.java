package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.duckdb.merge.MergeCounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledger of a round of a run: which ranges are staged completely, and which copies the changes
 * since are merged into.
 */
record SyncLedger(Connection connection, SyncTableNames tables, int round) {

  /** Whether a former try with the same plan left it. */
  boolean isOf(String mark) throws SQLException {
    return isThere() && mark.equals(catalog().comment(table()));
  }

  /** The statements that create it. */
  List<String> create(String mark) {
    return List.of(
        "CREATE TABLE "
            + tables.ledger(round)
            + " (part VARCHAR NOT NULL, source VARCHAR NOT NULL, plan BIGINT NOT NULL, range"
            + " INTEGER NOT NULL, ranges INTEGER NOT NULL, row_count BIGINT NOT NULL, inserted"
            + " BIGINT, updated BIGINT, deleted BIGINT)",
        "COMMENT ON TABLE " + tables.ledger(round) + " IS " + DuckDbSql.literal(mark));
  }

  /** The statement that enters a range that is staged completely. */
  String enter(SyncReceipt receipt) {
    return "INSERT INTO %s VALUES (%s, %s, %d, %d, %d, %d, NULL, NULL, NULL)"
        .formatted(
            tables.ledger(round),
            DuckDbSql.literal(receipt.part()),
            DuckDbSql.literal(receipt.table()),
            receipt.plan(),
            receipt.range(),
            receipt.ranges(),
            receipt.rows());
  }

  /** Whether anything of the round is staged. */
  boolean isThere() throws SQLException {
    return catalog().hasTable(table());
  }

  private FileCatalog catalog() {
    return new FileCatalog(connection, tables.catalog());
  }

  private TargetTable table() {
    return new TargetTable(FileCatalog.DEFAULT_SCHEMA, tables.ledgerName(round));
  }

  /** What is staged completely. */
  List<SyncReceipt> receipts() throws SQLException {
    List<SyncReceipt> receipts = new ArrayList<>();
    for (List<String> row :
        DuckDbSql.rows(
            connection, "SELECT * FROM " + tables.ledger(round) + " WHERE inserted IS NULL")) {
      receipts.add(
          new SyncReceipt(
              row.get(0),
              row.get(1),
              Long.parseLong(row.get(2)),
              Integer.parseInt(row.get(3)),
              Integer.parseInt(row.get(4)),
              Long.parseLong(row.get(5))));
    }
    return receipts;
  }

  /** Records what the changes since a copy did to it, in the transaction in which they did. */
  void copyCompleted(String table, CompletedCopy copy) throws SQLException {
    MergeCounts counts = copy.changed();
    DuckDbSql.update(
        connection,
        "INSERT INTO %s VALUES ('completed', %s, 0, 0, 0, %d, %d, %d, %d)"
            .formatted(
                tables.ledger(round),
                DuckDbSql.literal(table),
                copy.rows(),
                counts.inserted(),
                counts.updated(),
                counts.deleted()));
  }

  /** By table: the copies that the changes since are merged into. */
  Map<String, CompletedCopy> completedCopies() throws SQLException {
    Map<String, CompletedCopy> completed = new HashMap<>();
    for (List<String> row :
        DuckDbSql.rows(
            connection,
            "SELECT source, row_count, inserted, updated, deleted FROM %s WHERE inserted IS NOT NULL"
                .formatted(tables.ledger(round)))) {
      completed.put(
          row.get(0),
          new CompletedCopy(
              Long.parseLong(row.get(1)),
              new MergeCounts(
                  Long.parseLong(row.get(2)),
                  Long.parseLong(row.get(3)),
                  Long.parseLong(row.get(4)))));
    }
    return completed;
  }
}
