package io.vitessbeam.write.mysql;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Conditions that find rows by their keys, a few hundred keys in each. */
final class KeyLists {

  private static final int MOST_KEYS = 1000;
  private static final int MOST_CHARACTERS = 500_000;

  private final Iterator<Block> blocks;
  private BlockReader keys;
  private List<Column> columns = List.of();

  /**
   * @param blocks whose columns are those of a key
   */
  KeyLists(Iterator<Block> blocks) {
    this.blocks = blocks;
  }

  /**
   * {@code (a, b) IN ((1, 2), …)}; nothing after the last key. Texts are looked for by the index,
   * and compared as bytes too: the index may take others for the same.
   */
  Optional<String> next() {
    List<String> values = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    long length = 0;
    while (values.size() < MOST_KEYS && length < MOST_CHARACTERS && nextKey()) {
      String value = value(false);
      values.add(value);
      length += value.length();
      if (hasTexts()) {
        exact.add(value(true));
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    String found = in(column -> SqlText.identifier(column.name()), values);
    return Optional.of(exact.isEmpty() ? found : found + " AND " + in(KeyLists::bytes, exact));
  }

  private String in(Function<Column, String> expression, List<String> values) {
    return columns.stream().map(expression).collect(Collectors.joining(", ", "(", ")"))
        + " IN ("
        + String.join(", ", values)
        + ")";
  }

  private boolean hasTexts() {
    return columns.stream().anyMatch(KeyLists::isText);
  }

  private static boolean isText(Column column) {
    return column.type().base().keyOrder() == KeyOrder.TEXT;
  }

  private static String bytes(Column column) {
    String name = SqlText.identifier(column.name());
    return isText(column) ? "CAST(CONVERT(" + name + " USING utf8mb4) AS BINARY)" : name;
  }

  private boolean nextKey() {
    while (keys == null || !keys.nextRow()) {
      if (!blocks.hasNext()) {
        return false;
      }
      Block block = blocks.next();
      keys = new BlockReader(block);
      columns = block.schema().columns();
    }
    return true;
  }

  private String value(boolean asBytes) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      MysqlType type =
          asBytes && isText(columns.get(i)) ? MysqlType.VARBINARY : columns.get(i).type().base();
      parts.add(SqlText.keyLiteral(type, keys.bytes(), keys.offset(i), keys.length(i)));
    }
    return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
  }
}
