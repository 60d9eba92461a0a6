package io.vitessbeam.read.ranges;

import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A column of the key by which a table is split into ranges. */
public record KeyColumn(String name, MysqlType type) implements Serializable {

  /**
   * The primary key of a table, if ranges of it can be told by literals, else nothing.
   *
   * @param table as it was discovered: other types than the columns' own make wrong literals
   */
  public static List<KeyColumn> ofPrimaryKey(TableSchema table) {
    List<KeyColumn> key = new ArrayList<>();
    for (String name : table.primaryKey()) {
      KeyColumn column = new KeyColumn(name, table.column(name).type().base());
      if (column.type().keyOrder() == KeyOrder.NONE) {
        return List.of();
      }
      key.add(column);
    }
    return key;
  }
}
