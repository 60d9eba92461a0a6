package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.Block;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.duckdb.staging.RangeStaging;
import io.vitessbeam.write.load.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a run has staged in its open file. For one thread at a time, but for what ranges ask. */
public final class SyncArea implements DuckDbLoad.Area {

  private final DuckDbFile file;
  private final SyncKey run;
  private final SyncTableNames tables;
  private final Connection connection;
  private final String now = "TIMESTAMPTZ '" + Instant.now() + "'";
  private final Set<String> createdSchemas = new HashSet<>();
  private final Map<Integer, SyncPlan> prepared = new HashMap<>();

  /** Touches nothing yet. */
  SyncArea(DuckDbFile file, SyncKey run) {
    this.file = file;
    this.run = run;
    this.tables = new SyncTableNames(file.catalog(), run);
    this.connection = file.connect();
  }

  DuckDbFile file() {
    return file;
  }

  FileCatalog catalog() {
    return new FileCatalog(connection, file.catalog());
  }

  SyncTableNames tables() {
    return tables;
  }

  public Connection connection() {
    return connection;
  }

  /** The time that rows get as {@code _cdc_synced_at}, as a literal. */
  public String now() {
    return now;
  }

  boolean isPrepared(int round) {
    return prepared.containsKey(round);
  }

  /**
   * Makes ready for a round, or joins what a former try with the same plan left.
   *
   * @return what is staged already
   */
  List<SyncReceipt> prepare(SyncPlan plan) {
    String mark = Digest.of(plan.toString()).toString();
    int round = plan.round();
    try {
      prepared.put(round, plan);
      return file.change(() -> prepare(round, mark));
    } catch (SQLException e) {
      throw failure("Staging", e);
    }
  }

  private List<SyncReceipt> prepare(int round, String mark) throws SQLException {
    SyncLedger ledger = ledger(round);
    if (ledger.isOf(mark)) {
      return ledger.receipts();
    }
    List<String> statements = new ArrayList<>(drops(round));
    for (String schema : tables.schemas()) {
      if (!catalog().hasSchema(schema)) {
        statements.add(
            "CREATE SCHEMA " + DuckDbSql.quoted(file.catalog()) + "." + DuckDbSql.quoted(schema));
        createdSchemas.add(schema);
      }
    }
    statements.addAll(ledger.create(mark));
    DuckDbSql.atomically(connection, statements);
    return List.of();
  }

  /** What is staged completely in a round. */
  SyncLedger ledger(int round) {
    return new SyncLedger(connection, tables, round);
  }

  /**
   * Where the blocks of a range go, whose round is {@link #prepare prepared}; where copied rows go
   * is there then.
   */
  RangeStaging staging(SyncPart part, SyncRange range, Block first) {
    SyncStaging staging = new SyncStaging(connection, tables, prepared.get(part.round()), now);
    try {
      if (part.kind() == SyncPart.Kind.COPY) {
        staging.createRows(range.table());
      }
    } catch (SQLException e) {
      throw failure("Staging", e);
    }
    return staging.of(part, range, first);
  }

  /** The full names of staging tables, by their own. */
  Map<String, String> staged() throws SQLException {
    Map<String, String> staged = new HashMap<>();
    for (List<String> row :
        DuckDbSql.rows(
            connection,
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = %s AND"
                    .formatted(DuckDbSql.literal(file.catalog()))
                + " starts_with(table_name, %s) AND ends_with(table_name, %s)"
                    .formatted(
                        DuckDbSql.literal(DuckDbFile.STAGING_PREFIX),
                        DuckDbSql.literal("_" + run.digest())))) {
      staged.put(
          row.get(1),
          DuckDbSql.quoted(file.catalog())
              + "."
              + DuckDbSql.quoted(row.get(0))
              + "."
              + DuckDbSql.quoted(row.get(1)));
    }
    return staged;
  }

  /** Drops what a round staged. */
  List<String> drops(int round) throws SQLException {
    List<String> drops = new ArrayList<>();
    staged()
        .forEach(
            (name, fullName) -> {
              if (name.startsWith(SyncTableNames.stagingPrefix(round))) {
                drops.add("DROP TABLE " + fullName);
              }
            });
    drops.add("DROP TABLE IF EXISTS " + tables.ledger(round));
    return drops;
  }

  /** Drops every table of the file, which is the run's own. */
  public void dropAll() throws SQLException {
    List<String> drops = new ArrayList<>();
    for (List<String> row :
        DuckDbSql.rows(
            connection,
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary AND"
                + " database_name = "
                + DuckDbSql.literal(file.catalog()))) {
      drops.add("DROP TABLE " + DuckDbSql.quoted(row.get(0)) + "." + DuckDbSql.quoted(row.get(1)));
    }
    DuckDbSql.execute(connection, drops);
  }

  @Override
  public void drop() {
    try {
      if (run.relayed()) {
        dropAll();
        return;
      }
      List<String> drops = new ArrayList<>(drops(1));
      drops.addAll(drops(2));
      DuckDbSql.execute(connection, drops);
      for (String schema : createdSchemas) {
        catalog().dropIfEmpty(schema);
      }
    } catch (SQLException e) {
      throw failure("Dropping the staging tables", e);
    }
  }

  RuntimeException failure(String doing, SQLException e) {
    return DuckDbFailures.during(doing + " of " + run.spec().keyspace(), file.path(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("Closing the staging area", e);
    }
  }
}
