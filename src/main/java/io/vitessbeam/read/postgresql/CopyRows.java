package io.vitessbeam.read.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.connect.PostgresqlFailures;
import io.vitessbeam.read.cursor.ColumnText;
import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of {@code COPY … TO STDOUT} in its text format, one message of the server each. A row is
 * taken apart where it stands; its values are copied into the block and are never objects.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2">Text
 *     format</a>
 */
public final class CopyRows implements SourceRows {

  private static final Logger LOG = LoggerFactory.getLogger(CopyRows.class);
  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  private final String name;
  private final int columns;
  private final ColumnText texts;
  private final Connection connection;
  private final CopyOut copy;
  private boolean atEnd;

  /**
   * Begins to read.
   *
   * @param connection is closed with the rows
   * @param schema of the rows
   * @param texts how the value of each column is made MySQL's
   */
  public CopyRows(Connection connection, TableSchema schema, List<ValueText> texts, String select) {
    this.name = schema.qualifiedName();
    this.columns = schema.columns().size();
    this.texts = new ColumnText(schema, texts);
    this.connection = connection;
    String sql = "COPY (" + select + ") TO STDOUT";
    SQL.debug("{}", sql);
    try {
      this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    } catch (SQLException e) {
      VitessBeamException failure = failure(e);
      close();
      throw failure;
    }
  }

  @Override
  public boolean next(BlockBuilder block) {
    if (atEnd) {
      return false;
    }
    byte[] row;
    try {
      row = copy.readFromCopy();
    } catch (SQLException e) {
      throw failure(e);
    }
    if (row == null) {
      atEnd = true;
      return false;
    }
    block.startRow();
    int at = 0;
    for (int column = 0; column < columns; column++) {
      at = add(block, column, row, at);
    }
    if (at != row.length) {
      throw corrupt();
    }
    return true;
  }

  /**
   * Adds the value that begins somewhere in a row.
   *
   * @return where the next one begins
   */
  private int add(BlockBuilder block, int column, byte[] row, int start) {
    if (start + 2 < row.length
        && row[start] == '\\'
        && row[start + 1] == 'N'
        && ends(row, start + 2, column)) {
      block.addNull();
      return start + 3;
    }
    int from = start;
    int to = start;
    while (from < row.length && row[from] != '\t' && row[from] != '\n') {
      byte c = row[from++];
      if (c == '\\') {
        if (from == row.length) {
          throw corrupt();
        }
        c = unescaped(row[from++]);
      }
      row[to++] = c;
    }
    if (from == row.length || !ends(row, from, column)) {
      throw corrupt();
    }
    texts.add(block, column, row, start, to - start);
    return from + 1;
  }

  private boolean ends(byte[] row, int at, int column) {
    return row[at] == (column == columns - 1 ? '\n' : '\t');
  }

  /** The server escapes these and the backslash, and nothing by number. */
  private static byte unescaped(byte c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0b;
      default -> c;
    };
  }

  private DataException corrupt() {
    return new DataException(
        "Reading " + name + ": a row of COPY doesn't have the " + columns + " columns it should");
  }

  private VitessBeamException failure(SQLException e) {
    return PostgresqlFailures.running("Reading " + name, e);
  }

  @Override
  public void interrupt() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("Breaking a connection", e);
    }
  }

  /** Ends the statement at once: a plain close would first read all rows that are left. */
  @Override
  public void close() {
    try {
      if (atEnd) {
        connection.close();
      } else {
        connection.abort(Runnable::run);
      }
    } catch (SQLException e) {
      LOG.debug("Closing the connection of {}", name, e);
    }
  }
}
