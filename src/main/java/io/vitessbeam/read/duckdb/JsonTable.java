package io.vitessbeam.read.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.VitessBeamException;
import java.io.IOException;
import java.io.Serializable;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

/**
 * JSON lines as a table with a column of text for every key, and behind them those that the names
 * of folders give.
 *
 * @param name for people
 * @param select gives the lines
 * @param keys of all lines
 * @param partitions names that folders give
 */
record JsonTable(String name, String select, List<Key> keys, List<String> partitions)
    implements AttachedTable {

  /** What the table is called in SQL. */
  static final String FROM = "json_lines";

  /**
   * A key of the objects.
   *
   * @param strings whether a string comes without its quotes and escapes
   */
  record Key(String name, boolean strings) implements Serializable {}

  /** What a value is. */
  enum Kind {
    NULL,
    STRING,
    NUMBER,
    TRUTH,
    NESTED;

    static Kind of(byte[] json, int begin, int end) {
      return switch (json[begin]) {
        case '"' -> STRING;
        case '{', '[' -> NESTED;
        case 't', 'f' -> TRUTH;
        // DuckDB takes nan and NaN for numbers.
        case 'n' -> end - begin == 4 ? NULL : NUMBER;
        default -> NUMBER;
      };
    }
  }

  JsonTable {
    keys = List.copyOf(keys);
    partitions = List.copyOf(partitions);
  }

  RuntimeException broken(VitessBeamException e) {
    return new DataException(name + ": " + e.getMessage(), e);
  }

  @Override
  public Rows attach(DuckDBConnection connection) throws SQLException {
    BufferAllocator allocator = new RootAllocator();
    JsonBatches batches = new JsonBatches(allocator, this, JsonLines.open(select));
    ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
    Data.exportArrayStream(allocator, batches, stream);
    connection.registerArrowStream(FROM, stream);
    return new Rows() {
      @Override
      public Optional<RuntimeException> failure() {
        return batches.failure();
      }

      @Override
      public void close() {
        // Not done yet if the statement did not come to the end of the stream.
        stream.release();
        stream.close();
        try {
          batches.close();
        } catch (IOException e) {
          throw DuckDbSession.broken("Closing " + name, e);
        }
        allocator.close();
      }
    };
  }
}
