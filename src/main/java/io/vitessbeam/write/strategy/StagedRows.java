package io.vitessbeam.write.strategy;

import java.util.List;

/**
 * The staged rows of a load, of which no two have one key.
 *
 * @param table where they are, quoted
 * @param key columns that tell rows apart; empty if nothing does
 */
public record StagedRows(String table, long count, List<LoadedColumn> columns, List<String> key) {

  public StagedRows {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }
}
