package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.duckdb.staging.BlockStream;
import io.vitessbeam.write.duckdb.staging.RangeStaging;
import io.vitessbeam.write.load.Digest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL of one load: its target, the staging table that takes the rows meanwhile and the ledger
 * of the ranges that are staged completely. All three are in the target's schema.
 *
 * <p>Names carry the catalog too: a schema that is called like the file is ambiguous without it.
 */
record DuckDbStagingTables(String catalog, TargetTable table, String digest) {

  /** The comment of a staged column of numbers that is text. */
  static final String LONG_DECIMAL = "DECIMAL";

  /** What runs have published lately into tables that are not replaced. */
  static final String PUBLISHED = "_vitessbeam_published";

  /** For so long a run is known, of which a cluster may begin another attempt. */
  private static final int KEPT_DAYS = 7;

  String schemaName() {
    return FileCatalog.schemaOf(table);
  }

  String schema() {
    return DuckDbSql.quoted(catalog) + "." + DuckDbSql.quoted(schemaName());
  }

  String target() {
    return schema() + "." + DuckDbSql.quoted(table.table());
  }

  String stagingName() {
    return DuckDbFile.STAGING_PREFIX + digest;
  }

  String staging() {
    return schema() + "." + DuckDbSql.quoted(stagingName());
  }

  String ledger() {
    return schema() + "." + DuckDbSql.quoted(DuckDbFile.LEDGER_PREFIX + digest);
  }

  String createSchema() {
    return "CREATE SCHEMA IF NOT EXISTS " + schema();
  }

  /** A table of the target's schema. */
  TargetTable beside(String name) {
    return new TargetTable(table.schema(), name);
  }

  /**
   * The table as it will be published, with NOT NULL and without PRIMARY KEY: for two million rows
   * a BIGINT key costs 0.4 to 1.0 s of CPU on top of 2.8 s, 16 MB of 136 in the file and an index
   * in memory, speeds up no scan, and refuses a delete and an insert of one key in one transaction.
   */
  String createStaging(TableSchema schema) {
    return "CREATE TABLE " + staging() + " (" + columns(schema) + ")";
  }

  private static String columns(TableSchema schema) {
    return schema.columns().stream()
        .map(DuckDbStagingTables::definition)
        .collect(Collectors.joining(", "));
  }

  private static String definition(Column column) {
    String type = column.type().base().duckDb(column.type());
    return DuckDbSql.quoted(column.name()) + " " + type + (column.nullable() ? "" : " NOT NULL");
  }

  /** Notes which texts are numbers, for which DuckDB has no type. */
  List<String> commentLongDecimals(TableSchema schema) {
    return schema.columns().stream()
        .filter(column -> ValueOrder.of(column.type().base()) == ValueOrder.NUMBER)
        .filter(column -> column.type().base().duckDb(column.type()).equals("VARCHAR"))
        .map(
            column ->
                "COMMENT ON COLUMN %s.%s IS %s"
                    .formatted(
                        staging(),
                        DuckDbSql.quoted(column.name()),
                        DuckDbSql.literal(LONG_DECIMAL)))
        .toList();
  }

  String createLedger() {
    return "CREATE TABLE " + ledger() + " (range INTEGER NOT NULL, row_count BIGINT NOT NULL)";
  }

  /** What the rows of a staging table depend on: only a run with the same may go on with it. */
  String stagedMark(TableSchema schema, long plan, int ranges) {
    return ranges + " ranges of plan " + Long.toHexString(plan) + " of " + columns(schema);
  }

  String commentStaging(String comment) {
    return "COMMENT ON TABLE " + staging() + " IS " + DuckDbSql.literal(comment);
  }

  String commentLedger(String comment) {
    return "COMMENT ON TABLE " + ledger() + " IS " + DuckDbSql.literal(comment);
  }

  String ledgerName() {
    return DuckDbFile.LEDGER_PREFIX + digest;
  }

  /** The comment by which a published table is known to be a run's. */
  static String publishedMark(Digest run) {
    return "vitess-beam run " + run;
  }

  String insertFrom(String stream) {
    return "INSERT INTO " + staging() + " SELECT * FROM " + DuckDbSql.quoted(stream);
  }

  String insertReceipt(int range, long rows) {
    return "INSERT INTO " + ledger() + " VALUES (" + range + ", " + rows + ")";
  }

  /** Where the blocks of a range go. */
  RangeStaging range(int range, TableSchema schema) {
    RangeStaging.Table staging =
        new RangeStaging.Table(schema, false, "", insertFrom(BlockStream.NAME));
    return new RangeStaging() {
      @Override
      public Table tableOf(Block block) {
        return staging;
      }

      @Override
      public String insertReceipt(long rows) {
        return DuckDbStagingTables.this.insertReceipt(range, rows);
      }
    };
  }

  private String published() {
    return schema() + "." + DuckDbSql.quoted(PUBLISHED);
  }

  /** Notes what a run has published into the target. */
  List<String> recordPublication(Digest run, long rows) {
    return List.of(
        "CREATE TABLE IF NOT EXISTS "
            + published()
            + " (table_name VARCHAR NOT NULL, run VARCHAR NOT NULL, row_count BIGINT NOT NULL,"
            + " published TIMESTAMPTZ NOT NULL)",
        "DELETE FROM %s WHERE epoch_ms(published) < epoch_ms(now()) - %d"
            .formatted(published(), Duration.ofDays(KEPT_DAYS).toMillis()),
        "INSERT INTO %s VALUES (%s, '%s', %d, now())"
            .formatted(published(), DuckDbSql.literal(table.table()), run, rows));
  }

  /** The number of rows that a run has published into the target; nothing if it hasn't. */
  String findPublication(Digest run) {
    return "SELECT row_count FROM %s WHERE %s AND run = '%s'"
        .formatted(published(), ofTarget(), run);
  }

  private String ofTarget() {
    return "lower(table_name) = lower(" + DuckDbSql.literal(table.table()) + ")";
  }

  String readLedger() {
    return "SELECT range, row_count FROM " + ledger();
  }

  String countStaged() {
    return "SELECT count(*) FROM " + staging();
  }

  /** Drops what a load leaves behind when it fails. */
  List<String> drop() {
    return List.of("DROP TABLE IF EXISTS " + staging(), "DROP TABLE IF EXISTS " + ledger());
  }

  /** Puts the staging table in the place of the target; to be run in one transaction. */
  List<String> swap(Digest run) {
    return List.of(
        commentStaging(publishedMark(run)),
        "DROP TABLE IF EXISTS " + target(),
        "ALTER TABLE " + staging() + " RENAME TO " + DuckDbSql.quoted(table.table()),
        "DROP TABLE " + ledger());
  }
}
