package io.vitessbeam.write.postgresql.copy;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.load.UnfitValueException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Copies blocks of one table into PostgreSQL, in the binary format of COPY. A value that its column
 * can't hold is an error that names column, value and the row's key. For any thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">File Formats</a>
 */
public final class BlockCopy {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int TRAILER = -1;
  private static final int SHOWN_BYTES = 80;
  private static final String BAD_ENCODING = "22021";
  private static final String NOT_NULL = "23502";

  /** Where the server was in the rows of a COPY. */
  private static final Pattern PLACE =
      Pattern.compile("^COPY .*?, line (\\d+)(?:, column (.*))?$", Pattern.MULTILINE);

  private final TableSchema table;
  private final boolean numbered;
  private final ValueWriter[] writers;

  /**
   * @param numbered whether the columns of the table are followed by one for the number of the row
   */
  public BlockCopy(TableSchema table, boolean numbered) {
    this.table = table;
    this.numbered = numbered;
    this.writers =
        table.columns().stream()
            .map(column -> ValueWriters.of(column.type()))
            .toArray(ValueWriter[]::new);
  }

  /**
   * Copies all rows of a block, in the transaction that the connection is in.
   *
   * @param sql the COPY, in the binary format
   * @param firstNumber the number of the first row, where rows are numbered
   * @return the number of rows that the server took
   * @throws SQLException if the statement fails for another reason than a row
   */
  public long copy(CopyManager manager, String sql, Block block, long firstNumber)
      throws SQLException {
    CopyIn copy = manager.copyIn(sql);
    try {
      write(new CopyStream(copy), block, firstNumber);
      return copy.endCopy();
    } catch (PSQLException e) {
      throw blamed(block, e);
    } catch (RuntimeException e) {
      cancel(copy, e);
      throw e;
    }
  }

  private static void cancel(CopyIn copy, RuntimeException failure) {
    try {
      copy.cancelCopy();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private void write(CopyStream out, Block block, long firstNumber) throws SQLException {
    out.putBytes(SIGNATURE, 0, SIGNATURE.length);
    // No flags, no extension of the header.
    out.putLong(0);
    BlockReader reader = new BlockReader(block);
    long number = firstNumber;
    while (reader.nextRow()) {
      out.putShort(writers.length + (numbered ? 1 : 0));
      for (int column = 0; column < writers.length; column++) {
        write(out, reader, column);
      }
      if (numbered) {
        out.putInt(Long.BYTES);
        out.putLong(number++);
      }
    }
    out.putShort(TRAILER);
    out.flush();
  }

  private void write(CopyStream out, BlockReader reader, int column) throws SQLException {
    if (reader.isNull(column)) {
      out.putInt(ValueWriter.NULL);
      return;
    }
    try {
      writers[column].write(out, reader.bytes(), reader.offset(column), reader.length(column));
    } catch (NumberFormatException | DateTimeException e) {
      throw unfit(reader, column, "it can't be read: " + e.getMessage(), e);
    } catch (UnfitValueException e) {
      throw unfit(reader, column, "it " + e.getMessage(), e);
    }
  }

  /** Names the row that the server would not take; what else failed stays as it is. */
  private SQLException blamed(Block block, PSQLException failure) {
    ServerErrorMessage message = failure.getServerErrorMessage();
    Matcher place =
        PLACE.matcher(message == null || message.getWhere() == null ? "" : message.getWhere());
    if (!place.find()) {
      return failure;
    }
    BlockReader reader = new BlockReader(block);
    for (long row = Long.parseLong(place.group(1)); row > 0; row--) {
      if (!reader.nextRow()) {
        return failure;
      }
    }
    String column = place.group(2) == null ? message.getColumn() : place.group(2);
    int index = column == null ? -1 : table.indexOf(column);
    String reason = reason(message);
    if (index < 0) {
      throw new DataException("A row of " + table.qualifiedName() + key(reader) + ": " + reason);
    }
    throw unfit(reader, index, reason, failure);
  }

  private static String reason(ServerErrorMessage message) {
    if (BAD_ENCODING.equals(message.getSQLState())) {
      return String.valueOf(message.getMessage()).endsWith("0x00")
          ? "it holds the character NUL, which text of PostgreSQL can't; leave the column out, or"
              + " select it without"
          : "it is not valid UTF-8";
    }
    if (NOT_NULL.equals(message.getSQLState())) {
      return "the column is NOT NULL";
    }
    String detail = message.getDetail() == null ? "" : " (" + message.getDetail() + ")";
    return message.getMessage() + detail;
  }

  private DataException unfit(BlockReader reader, int column, String reason, Exception cause) {
    return new DataException(
        "Column %s of %s%s, value %s: %s"
            .formatted(
                table.columns().get(column).name(),
                table.qualifiedName(),
                key(reader),
                shown(reader, column),
                reason),
        cause);
  }

  /** {@code , row (id=5)}; nothing for a table without a key. */
  private String key(BlockReader reader) {
    List<String> key = table.primaryKey();
    return key.isEmpty()
        ? ""
        : key.stream()
            .map(name -> name + "=" + shown(reader, table.indexOf(name)))
            .collect(Collectors.joining(", ", ", row (", ")"));
  }

  private String shown(BlockReader reader, int index) {
    byte[] value = reader.value(index);
    if (value == null) {
      return "NULL";
    }
    int length = Math.min(value.length, SHOWN_BYTES);
    String more = value.length > length ? "…" : "";
    Column column = table.columns().get(index);
    return switch (column.type().base()) {
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, BIT, GEOMETRY, VECTOR ->
          "0x" + HexFormat.of().formatHex(value, 0, length) + more;
      default ->
          "'"
              + new String(value, 0, length, StandardCharsets.UTF_8).replace("\0", "\\0")
              + more
              + "'";
    };
  }
}
