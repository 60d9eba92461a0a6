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
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import io.vitessbeam.write.duckdb.staging.BlockStream;
import io.vitessbeam.write.duckdb.staging.RangeStaging;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Where the blocks of a round of a run go: copied rows into a table per source table, changes into
 * one per stream and table.
 *
 * @param now the time that copied rows get as {@code _cdc_synced_at}, as a literal
 */
record SyncStaging(Connection connection, SyncTableNames tables, SyncPlan plan, String now) {

  /** Where the blocks of a range go. */
  RangeStaging of(SyncPart part, SyncRange range, Block first) {
    long fingerprint = first.origin().plan();
    int ranges = first.origin().ranges();
    Map<List<Object>, RangeStaging.Table> known = new ConcurrentHashMap<>();
    return new RangeStaging() {
      @Override
      public Table tableOf(Block block) {
        return known.computeIfAbsent(
            List.of(block.schema().table(), block.origin().shard(), marked(block), copied(block)),
            key -> table(part, block));
      }

      @Override
      public String insertReceipt(long rows) {
        return new SyncLedger(connection, tables, part.round())
            .enter(
                new SyncReceipt(
                    part.toString(), range.table(), fingerprint, range.index(), ranges, rows));
      }
    };
  }

  private RangeStaging.Table table(SyncPart part, Block block) {
    int index = plan.indexOf(block.schema().table());
    if (index < 0 || !plan.tables().get(index).schema().equals(block.schema())) {
      throw new DataException(
          block.schema().qualifiedName()
              + " changed while it was read: its blocks don't have the columns of the plan; run"
              + " again");
    }
    TablePlan table = plan.tables().get(index);
    TargetTable targetTable = tables.key().spec().targetOf(table.table());
    int shard = shard(block);
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

  private int shard(Block block) {
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
  void createRows(String table) throws SQLException {
    int index = plan.indexOf(table);
    if (index < 0) {
      throw new DataException(table + " is not in the plan of the run");
    }
    String name =
        tables.fullName(tables.key().spec().targetOf(table), tables.rowsName(plan.round(), index));
    DuckDbSql.execute(
        connection, List.of(SyncTableNames.createRows(name, plan.tables().get(index).schema())));
  }
}
