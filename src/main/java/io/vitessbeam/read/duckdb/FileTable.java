package io.vitessbeam.read.duckdb;

import java.util.List;

/**
 * Files that have been looked at, as one table.
 *
 * @param columns of all files
 * @param from what stands behind FROM
 * @param attached what has to be there for it
 */
record FileTable(List<SourceColumn> columns, String from, AttachedTable attached) {

  FileTable {
    columns = List.copyOf(columns);
  }
}
