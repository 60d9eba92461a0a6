package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.write.follow.FollowedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows whose values stay the bytes in which the source sent them: a file that only merges has no
 * need of their types, and a server gets back exactly what came. Only numbers of the key are
 * numbers: a stream prints {@code -.5} where a copy has {@code -0.5}, and both are one key.
 */
final class RawRows {

  private static final ColumnType BYTES = ColumnType.of(MysqlType.LONGBLOB);

  /** The columns behind those of the source, as a server has them. */
  static final List<Column> CDC =
      List.of(
          new Column(FollowedTables.COLUMNS.get(0), ColumnType.of(MysqlType.LONGTEXT), false),
          new Column(FollowedTables.COLUMNS.get(1), ColumnType.truth(), false),
          new Column(
              FollowedTables.COLUMNS.get(2), ColumnType.temporal(MysqlType.TIMESTAMP, 6), false));

  private RawRows() {}

  static boolean isCdc(String column) {
    return FollowedTables.COLUMNS.contains(column.toLowerCase(Locale.ROOT));
  }

  /** The same columns as bytes, but for those behind the source's and numbers of the key. */
  static TableSchema of(TableSchema schema) {
    return schema.withColumns(
        schema.columns().stream()
            .map(column -> isRaw(schema, column) ? column.withType(BYTES) : column)
            .toList());
  }

  /** Whether a column is one of bytes. */
  static boolean isRaw(TableSchema schema, Column column) {
    return !isCdc(column.name())
        && !(schema.primaryKey().contains(column.name()) && isNumber(column.type().base()));
  }

  private static boolean isNumber(MysqlType type) {
    return switch (type) {
      case FLOAT, DOUBLE -> true;
      default -> type.keyOrder() == KeyOrder.NUMBER;
    };
  }

  static SyncPlan of(SyncPlan plan) {
    List<TablePlan> tables = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      tables.add(
          new TablePlan(
              of(table.schema()),
              table.definition(),
              table.action(),
              table.reason(),
              table.from(),
              table.epoch()));
    }
    return new SyncPlan(plan.round(), plan.shards(), tables);
  }

  static Block of(Block block) {
    return block.withSchema(of(block.schema()));
  }
}
