package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import io.vitessbeam.write.duckdb.merge.MergeCounts;
import io.vitessbeam.write.duckdb.staging.BlockStream;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What a run has staged in its open file. For one thread at a time, but for what ranges ask. */
public final class SyncArea implements DuckDbLoad.Area {

  private final DuckDbFile file;
  private final SyncKey target;
  private final SyncTableNames tables;
  private final Connection connection;
  private final String now = "TIMESTAMPTZ '" + Instant.now() + "'";
  private final Set<String> createdSchemas = new HashSet<>();
  private final Map<Integer, SyncPlan> prepared = new HashMap<>();

  /** Touches nothing yet. */
  SyncArea(DuckDbFile file, SyncKey target) {
    this.file = file;
    this.target = target;
    this.tables = new SyncTableNames(file.catalog(), target);
    this.connection = file.connect();
  }

  DuckDbFile file() {
    return file;
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
    if (isThere(round) && mark.equals(ledgerMark(round))) {
      return ledger(round);
    }
    List<String> statements = new ArrayList<>(drops(round));
    for (String schema : tables.schemas()) {
      if (!hasSchema(schema)) {
        statements.add(
            "CREATE SCHEMA " + DuckDbSql.quoted(file.catalog()) + "." + DuckDbSql.quoted(schema));
        createdSchemas.add(schema);
      }
    }
    statements.add(tables.createLedger(round));
    statements.add("COMMENT ON TABLE " + tables.ledger(round) + " IS " + DuckDbSql.literal(mark));
    DuckDbSql.atomically(connection, statements);
    return List.of();
  }

  /** Where the blocks of a range go. */
  RangeStaging staging(SyncPart part, SyncRange range, Block first) {
    SyncPlan plan = prepared.get(part.round());
    long fingerprint = first.origin().plan();
    int ranges = first.origin().ranges();
    Map<List<Object>, RangeStaging.Table> known = new ConcurrentHashMap<>();
    return new RangeStaging() {
      @Override
      public Table tableOf(Block block) {
        return known.computeIfAbsent(
            List.of(block.schema().table(), block.origin().shard(), marked(block), copied(block)),
            key -> stagingTable(part, plan, block));
      }

      @Override
      public String insertReceipt(long rows) {
        return "INSERT INTO %s VALUES (%s, %s, %d, %d, %d, %d, NULL, NULL, NULL)"
            .formatted(
                tables.ledger(part.round()),
                DuckDbSql.literal(part.toString()),
                DuckDbSql.literal(range.table()),
                fingerprint,
                range.index(),
                ranges,
                rows);
      }
    };
  }

  private RangeStaging.Table stagingTable(SyncPart part, SyncPlan plan, Block block) {
    int index = plan.indexOf(block.schema().table());
    if (index < 0 || !plan.tables().get(index).schema().equals(block.schema())) {
      throw new DataException(
          block.schema().qualifiedName()
              + " changed while it was read: its blocks don't have the columns of the plan; run"
              + " again");
    }
    TablePlan table = plan.tables().get(index);
    TargetTable targetTable = target.spec().targetOf(table.table());
    int shard = shard(block, plan);
    if (copied(block)) {
      String name = tables.fullName(targetTable, tables.rowsName(part.round(), index));
      String insert = insertRows(name, table, plan.shards().get(shard), marked(block));
      return new RangeStaging.Table(table.schema(), marked(block), "", insert);
    }
    String name = tables.fullName(targetTable, tables.changesName(part, shard, index));
    List<Column> nullable = table.schema().columns().stream().map(Column::asNullable).toList();
    TableSchema schema = table.schema().withColumns(nullable);
    return new RangeStaging.Table(
        schema,
        true,
        SyncTableNames.createChanges(name, schema),
        "INSERT INTO " + name + " SELECT * FROM " + DuckDbSql.quoted(BlockStream.NAME));
  }

  private static boolean marked(Block block) {
    return block.marks() != null;
  }

  private static boolean copied(Block block) {
    return !marked(block) || block.marks().areCopied(block.rows());
  }

  private static int shard(Block block, SyncPlan plan) {
    String shard = block.origin().shard();
    if (shard.isEmpty() && plan.shards().size() == 1) {
      return 0;
    }
    int index = plan.shards().indexOf(shard);
    if (index < 0) {
      throw new DataException(
          block.schema().qualifiedName()
              + ": its blocks are of shard '"
              + shard
              + "', which is not of the plan; run again");
    }
    return index;
  }

  /** Rows of a copy by VStream have each an order of their own. */
  private String insertRows(String name, TablePlan table, String shard, boolean ordered) {
    CdcLsn copied = copied(table, shard);
    String columns =
        table.schema().columns().stream()
            .map(column -> DuckDbSql.quoted(column.name()))
            .collect(Collectors.joining(", "));
    return "INSERT INTO %s SELECT %s, %s, false, %s FROM %s"
        .formatted(
            name,
            columns,
            ordered ? CdcColumns.lsn(copied) : DuckDbSql.literal(copied.toString()),
            now,
            DuckDbSql.quoted(BlockStream.NAME));
  }

  /** The order of copied rows: everything before the position that the copy began at is in them. */
  static CdcLsn copied(TablePlan table, String shard) {
    long rank = GtidSet.parse(table.from().gtid(shard)).rank();
    return new CdcLsn(table.epoch(), rank, 0, table.from().startingWith(shard));
  }

  /** Creates the table of copied rows unless it is there. */
  void createRows(SyncPlan plan, String table) {
    int index = plan.indexOf(table);
    if (index < 0) {
      throw new DataException(table + " is not in the plan of the run");
    }
    String name =
        tables.fullName(target.spec().targetOf(table), tables.rowsName(plan.round(), index));
    try {
      DuckDbSql.execute(
          connection, List.of(SyncTableNames.createRows(name, plan.tables().get(index).schema())));
    } catch (SQLException e) {
      throw failure("Staging", e);
    }
  }

  /** Whether anything of a round is staged. */
  boolean isThere(int round) throws SQLException {
    return DuckDbSql.number(
            connection,
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = %s AND table_name = %s"
                .formatted(
                    DuckDbSql.literal(file.catalog()), DuckDbSql.literal(tables.ledgerName(round))))
        > 0;
  }

  private String ledgerMark(int round) throws SQLException {
    return DuckDbSql.text(
        connection,
        "SELECT comment FROM duckdb_tables() WHERE database_name = %s AND table_name = %s"
            .formatted(
                DuckDbSql.literal(file.catalog()), DuckDbSql.literal(tables.ledgerName(round))));
  }

  /** What is staged completely. */
  List<SyncReceipt> ledger(int round) throws SQLException {
    List<SyncReceipt> ledger = new ArrayList<>();
    for (List<String> row :
        DuckDbSql.rows(
            connection, "SELECT * FROM " + tables.ledger(round) + " WHERE inserted IS NULL")) {
      ledger.add(
          new SyncReceipt(
              row.get(0),
              row.get(1),
              Long.parseLong(row.get(2)),
              Integer.parseInt(row.get(3)),
              Integer.parseInt(row.get(4)),
              Long.parseLong(row.get(5))));
    }
    return ledger;
  }

  /** Records what the changes since a copy did to it, in the transaction in which they did. */
  void copyCompleted(int round, String table, CompletedCopy copy) throws SQLException {
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
  Map<String, CompletedCopy> completedCopies(int round) throws SQLException {
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
                        DuckDbSql.literal("_" + target.digest())))) {
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

  private boolean hasSchema(String schema) throws SQLException {
    return DuckDbSql.number(
            connection,
            "SELECT count(*) FROM duckdb_schemas() WHERE database_name = %s AND lower(schema_name) ="
                    .formatted(DuckDbSql.literal(file.catalog()))
                + " lower(%s)".formatted(DuckDbSql.literal(schema)))
        > 0;
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
      if (target.relayed()) {
        dropAll();
        return;
      }
      List<String> drops = new ArrayList<>(drops(1));
      drops.addAll(drops(2));
      DuckDbSql.execute(connection, drops);
      for (String schema : createdSchemas) {
        if (isEmptySchema(schema)) {
          DuckDbSql.execute(
              connection,
              List.of(
                  "DROP SCHEMA "
                      + DuckDbSql.quoted(file.catalog())
                      + "."
                      + DuckDbSql.quoted(schema)));
        }
      }
    } catch (SQLException e) {
      throw failure("Dropping the staging tables", e);
    }
  }

  private boolean isEmptySchema(String schema) throws SQLException {
    return DuckDbSql.number(
            connection,
            "SELECT count(*) FROM information_schema.tables WHERE table_catalog = %s AND"
                    .formatted(DuckDbSql.literal(file.catalog()))
                + " table_schema = %s".formatted(DuckDbSql.literal(schema)))
        == 0;
  }

  RuntimeException failure(String doing, SQLException e) {
    return DuckDbFailures.during(doing + " of " + target.spec().keyspace(), file.path(), e);
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
