package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.read.duckdb.ArrowRows;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Rows of a table of raw values, see {@link RawRows}, as blocks. Some of them are in memory at a
 * time.
 */
final class MergedRows {

  /** A row group of DuckDB. */
  private static final long SLICE_ROWS = 122_880;

  private final Connection connection;
  private final String table;
  private final TableSchema schema;
  private final String condition;

  /**
   * @param schema columns to take, as what takes them is to see them
   * @param condition on the rows; empty for all
   */
  MergedRows(Connection connection, String table, TableSchema schema, String condition) {
    this.connection = connection;
    this.table = table;
    this.schema = schema;
    this.condition = condition;
  }

  long count() throws SQLException {
    return DuckDbSql.number(
        connection,
        "SELECT count(*) FROM " + table + (condition.isEmpty() ? "" : " WHERE " + condition));
  }

  /** Stages them, and releases the loader. */
  List<StagedRange> stage(Loader loader) throws SQLException {
    try (ParallelStaging staging = new ParallelStaging(loader)) {
      long[] counts = new long[2];
      each(
          block -> {
            counts[0]++;
            counts[1] += block.rows();
            staging.add(block);
          });
      return staging.end(Block.closing(schema, new Origin(1, 0, 1, counts[0], counts[1], "")));
    }
  }

  /** All rows, those of a slice in memory at a time; the table stays as it is meanwhile. */
  Iterator<Block> blocks() throws SQLException {
    long last = last();
    return new Iterator<>() {
      private final Queue<Block> slice = new ArrayDeque<>();
      private long from;
      private long sequence;

      @Override
      public boolean hasNext() {
        try {
          for (; slice.isEmpty() && from <= last; from += SLICE_ROWS) {
            sequence = slice(from, sequence, slice::add);
          }
        } catch (SQLException e) {
          throw DuckDbFailures.during("Reading rows of " + schema.qualifiedName(), table, e);
        }
        return !slice.isEmpty();
      }

      @Override
      public Block next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return slice.remove();
      }
    };
  }

  private void each(Consumer<Block> sink) throws SQLException {
    long last = last();
    long sequence = 0;
    for (long from = 0; from <= last; from += SLICE_ROWS) {
      sequence = slice(from, sequence, sink);
    }
  }

  private long last() throws SQLException {
    return DuckDbSql.number(connection, "SELECT coalesce(max(rowid), -1) FROM " + table);
  }

  /** Gives the blocks of a slice; returns the number of the next one. */
  private long slice(long from, long first, Consumer<Block> sink) throws SQLException {
    try (ArrowRows rows = ArrowRows.of(connection, schema, select(from))) {
      return PlainBlocks.each(schema, rows::next, first, sink);
    }
  }

  private String select(long from) {
    return "SELECT %s FROM %s WHERE rowid >= %d AND rowid < %d%s"
        .formatted(
            schema.columns().stream().map(this::expression).collect(Collectors.joining(", ")),
            table,
            from,
            from + SLICE_ROWS,
            condition.isEmpty() ? "" : " AND " + condition);
  }

  /** Those of the source are bytes or numbers; the others as MySQL writes them. */
  private String expression(Column column) {
    String name = DuckDbSql.quoted(column.name());
    if (!RawRows.isCdc(column.name())) {
      boolean raw = RawRows.isRaw(schema, column);
      if (column.type().base() != MysqlType.FLOAT) {
        return raw ? name : "CAST(" + name + " AS VARCHAR)";
      }
      // The stream's shortest text of the greatest FLOAT is beyond it when it is read as a DOUBLE.
      String number = raw ? "CAST(decode(" + name + ") AS FLOAT)" : name;
      return "CAST(CAST(" + number + " AS DOUBLE) AS VARCHAR)";
    }
    return switch (column.type().base()) {
      case TINYINT -> "CASE WHEN " + name + " THEN '1' ELSE '0' END";
      case TIMESTAMP -> "strftime(make_timestamp(epoch_us(" + name + ")), '%Y-%m-%d %H:%M:%S.%f')";
      default -> name;
    };
  }
}
