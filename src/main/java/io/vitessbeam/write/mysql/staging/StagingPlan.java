package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.KeyCollation;
import io.vitessbeam.write.mysql.KeyDefinitions;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.ReplacedTable;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import io.vitessbeam.write.mysql.TypeFit;
import io.vitessbeam.write.mysql.publish.IntervalReplacement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a table is staged: directly in the shape in which it replaces the target, or raw, numbered
 * and clustered by its keys, so that ranges of keys are read at a stroke.
 *
 * @param create the statement that creates the staging table
 */
public record StagingPlan(StagingColumns columns, String create) {

  /** The number of a row beside the keys. */
  private static final int NUMBER_BYTES = 8;

  /** Whether rows are staged in the shape in which they are published. */
  public static boolean isDirect(LoadSpec spec) {
    // The source's own keys are as good as those of the target; others may have duplicates.
    return spec.strategy() == WriteStrategy.REPLACE && spec.primaryKey().isEmpty();
  }

  /**
   * How a load is staged.
   *
   * @param kept creates the table in the shape of the one that it replaces, if that is kept
   * @param exact of new key columns
   */
  public static StagingPlan of(
      LoadId<Server> id,
      String table,
      TableSchema read,
      Optional<TableInfo> target,
      Optional<String> kept,
      KeyCollation exact) {
    LoadSpec spec = id.spec();
    TableSchema source =
        read.withColumns(read.columns().stream().map(column -> staged(column, target)).toList());
    spec.requireFit(source);
    check(id, source);
    List<String> keys = spec.keyOf(source);
    if (isDirect(spec)) {
      return new StagingPlan(
          new StagingColumns(table, source, false, List.of()),
          kept.orElseGet(() -> ReplacedTable.create(table, source, source.primaryKey(), exact)));
    }
    List<String> clustered = spec.strategy() == WriteStrategy.APPEND ? List.of() : keys;
    Map<String, String> definitions =
        new HashMap<>(KeyDefinitions.of(clustered, source, target, exact, NUMBER_BYTES));
    definitions.replaceAll((key, definition) -> definition + " NOT NULL");
    if (spec.strategy() == WriteStrategy.DELETE_INSERT) {
      orderOf(source.column(spec.incrementalKey()), target)
          .ifPresent(text -> definitions.putIfAbsent(spec.incrementalKey(), text));
    }
    List<String> others = new ArrayList<>();
    others.add(LoadNames.quoted(LoadNames.ROW) + " BIGINT NOT NULL");
    others.add(LoadNames.quoted(LoadNames.BYTES) + " BIGINT NOT NULL");
    List<String> primary = new ArrayList<>(clustered);
    primary.add(LoadNames.ROW);
    others.add(TableDdl.primaryKey(primary));
    if (spec.strategy() == WriteStrategy.DELETE_INSERT) {
      others.add(TableDdl.index(List.of(spec.incrementalKey(), LoadNames.ROW)));
    }
    return new StagingPlan(
        new StagingColumns(table, source, true, clustered),
        TableDdl.create(table, source, definitions, others));
  }

  /**
   * An incremental key that is text, as the target has it: pieces of the interval are cut here and
   * deleted there, so it helps if one order is that of an index in both.
   */
  private static Optional<String> orderOf(Column text, Optional<TableInfo> target) {
    return target
        .flatMap(there -> there.column(text.name()))
        .filter(there -> ValueOrder.of(text.type().base()) == ValueOrder.TEXT)
        .filter(there -> ValueOrder.of(there.type().base()) == ValueOrder.TEXT)
        .filter(there -> TypeFit.takes(there.type(), text.type()))
        .map(ColumnInfo::definition);
  }

  /** JSON for a text stays the text that it is, which a column of JSON would write anew. */
  private static Column staged(Column column, Optional<TableInfo> target) {
    boolean text =
        column.type().base() == MysqlType.JSON
            && target
                .flatMap(there -> there.column(column.name()))
                .filter(there -> there.type().base() != MysqlType.JSON)
                .isPresent();
    return text ? column.withType(ColumnType.of(MysqlType.LONGTEXT)) : column;
  }

  private static void check(LoadId<Server> id, TableSchema source) {
    LoadSpec spec = id.spec();
    if (spec.strategy() == WriteStrategy.DELETE_INSERT
        && !IntervalReplacement.isIndexed(source.column(spec.incrementalKey()).type().base())) {
      throw new ConfigurationException(
          "Column %s of %s is of type %s, which has no intervals; name a number, a date or a short text"
              .formatted(
                  spec.incrementalKey(),
                  source.qualifiedName(),
                  source.column(spec.incrementalKey()).type().base()));
    }
    for (Column column : source.columns()) {
      LoadNames.requireHeld("a column of " + source.qualifiedName(), column.name());
      if (LoadNames.isReserved(column.name())) {
        throw new ConfigurationException(
            "Column %s of %s has a name that loads need themselves; exclude it"
                .formatted(column.name(), source.qualifiedName()));
      }
    }
  }
}
