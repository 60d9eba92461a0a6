package io.vitessbeam.write.strategy;

import io.vitessbeam.DataException;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The keys of staged rows: each row has to have one, and one row is to have it. Keys are the same
 * if they are equal byte for byte, numbers if they are equal.
 *
 * @param table for messages
 * @param columns of the staging table, as they are there
 * @param key columns that tell rows apart
 * @param staging quoted
 * @param row what is unique to a staged row, and in the order in which they were read
 */
public record StagedKeys(
    Dialect dialect,
    LoadSpec spec,
    TargetTable table,
    List<LoadedColumn> columns,
    List<String> key,
    String staging,
    String row) {

  public StagedKeys {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** No name of MySQL's holds it unintended. */
  private static final String SEPARATOR = "\u001f";

  /** A key as the comment of a table, by which whoever publishes knows it; see {@link #parse}. */
  public static String text(List<String> key) {
    return String.join(SEPARATOR, key);
  }

  /** The columns of a key. */
  public static List<String> parse(String text) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split(SEPARATOR, -1));
  }

  /** Whether a strategy tells rows apart by a key. */
  public static boolean matter(LoadSpec spec, List<String> key) {
    return switch (spec.strategy()) {
      case APPEND -> false;
      // A key of the source's own is unique.
      case REPLACE -> !spec.primaryKey().isEmpty();
      case MERGE, DELETE_INSERT, SCD2 -> !key.isEmpty();
    };
  }

  /**
   * Leaves the row with the highest incremental key of those with one key, else the last one.
   *
   * @return number of rows that went
   * @throws DataException if a row has NULL in its key
   */
  public long makeUnique() throws SQLException {
    for (String column : key) {
      requireNoNull(column);
    }
    String incremental =
        spec.incrementalKey().isEmpty()
            ? ""
            : compared(spec.incrementalKey()) + " DESC NULLS LAST, ";
    return dialect.update(
        "DELETE FROM %s WHERE %s IN (SELECT staged_row FROM (SELECT %s AS staged_row, row_number() OVER (PARTITION BY %s ORDER BY %s%s DESC) AS place FROM %s) numbered WHERE place > 1)"
            .formatted(
                staging,
                row,
                row,
                key.stream().map(this::compared).collect(Collectors.joining(", ")),
                incremental,
                row,
                staging));
  }

  private String compared(String name) {
    LoadedColumn column =
        columns.stream().filter(staged -> staged.name().equals(name)).findFirst().orElseThrow();
    return dialect.ordered(dialect.quoted(name), column);
  }

  private void requireNoNull(String column) throws SQLException {
    long nulls =
        dialect.number(
            "SELECT count(*) FROM %s WHERE %s IS NULL".formatted(staging, dialect.quoted(column)));
    if (nulls > 0) {
      throw new DataException(
          "%,d rows for %s have NULL in %s, by which they are to be told apart; choose another key, or leave them out"
              .formatted(nulls, table, column));
    }
  }
}
