package io.vitessbeam.write.duckdb;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The names and the SQL of what a run stages: per table the copied rows, per stream and table the
 * changes, and a ledger per round. Changes of different streams never share a table, so that each
 * stream creates its own in its own transaction.
 */
record SyncTableNames(String catalog, SyncKey key) {

  String quotedSchema(TargetTable table) {
    return DuckDbSql.quoted(catalog) + "." + DuckDbSql.quoted(FileCatalog.schemaOf(table));
  }

  /** A table of the target's schema by its full name. */
  String fullName(TargetTable target, String name) {
    return quotedSchema(target) + "." + DuckDbSql.quoted(name);
  }

  String fullName(TargetTable target) {
    return fullName(target, target.table());
  }

  /** What the names of everything staged in a round start with. */
  static String stagingPrefix(int round) {
    return DuckDbFile.STAGING_PREFIX + round;
  }

  /** Name of the table of copied rows. */
  String rowsName(int round, int table) {
    return "%sr%d_%s".formatted(stagingPrefix(round), table, key.digest());
  }

  /** Name of a table of the changes of one shard. */
  String changesName(SyncPart part, int shard, int table) {
    return "%s%s%dt%d_%s"
        .formatted(
            stagingPrefix(part.round()),
            part.kind() == SyncPart.Kind.COPY ? "c" : "s",
            shard,
            table,
            key.digest());
  }

  String ledgerName(int round) {
    return DuckDbFile.LEDGER_PREFIX + round + "_" + key.digest();
  }

  String ledger(int round) {
    return DuckDbSql.quoted(catalog)
        + "."
        + DuckDbSql.quoted(FileCatalog.DEFAULT_SCHEMA)
        + "."
        + DuckDbSql.quoted(ledgerName(round));
  }

  /** A table of copied rows, which may become the target. */
  static String createRows(String name, TableSchema schema) {
    return "CREATE TABLE IF NOT EXISTS %s (%s, %s)"
        .formatted(
            name,
            schema.columns().stream()
                .map(
                    column ->
                        definition(column)
                            + (schema.primaryKey().contains(column.name()) ? " NOT NULL" : ""))
                .collect(Collectors.joining(", ")),
            CdcColumns.OF_TABLES);
  }

  static String createChanges(String name, TableSchema schema) {
    return "CREATE TABLE %s (%s, %s)"
        .formatted(
            name,
            schema.columns().stream()
                .map(column -> definition(column) + CdcColumns.UNCOMPRESSED)
                .collect(Collectors.joining(", ")),
            CdcColumns.OF_CHANGES);
  }

  private static String definition(Column column) {
    return DuckDbSql.quoted(column.name()) + " " + column.type().base().duckDb(column.type());
  }

  /** The schemas that tables of the run are in. */
  List<String> schemas() {
    return key.spec().tables().stream()
        .map(table -> FileCatalog.schemaOf(table.target()))
        .distinct()
        .toList();
  }
}
