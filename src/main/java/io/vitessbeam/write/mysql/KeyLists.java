package io.vitessbeam.write.mysql;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.SqlText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
  KeyLists(List<Block> blocks) {
    this.blocks = blocks.iterator();
  }

  /** {@code (a, b) IN ((1, 2), …)}; nothing after the last key. */
  Optional<String> next() {
    List<String> values = new ArrayList<>();
    long length = 0;
    while (values.size() < MOST_KEYS && length < MOST_CHARACTERS && nextKey()) {
      String value = value();
      values.add(value);
      length += value.length();
    }
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            columns.stream()
                    .map(column -> SqlText.identifier(column.name()))
                    .collect(Collectors.joining(", ", "(", ")"))
                + " IN ("
                + String.join(", ", values)
                + ")");
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

  private String value() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      parts.add(
          SqlText.keyLiteral(
              columns.get(i).type().base(), keys.bytes(), keys.offset(i), keys.length(i)));
    }
    return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
  }
}
