package io.vitessbeam.write.mysql.staging;

import com.mysql.cj.NativeSession;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.ServerPreparedStatement;
import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.protocol.a.result.OkPacket;
import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.mysql.MysqlFailures;
import io.vitessbeam.write.mysql.MysqlSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Inserts blocks by multi-row INSERTs that the server has prepared. A value of a block has the very
 * shape of a string parameter of the binary protocol, so that rows are copied into the packet as
 * they are, without a call or an object per value. For one connection and one thread.
 */
public final class BlockInserts {

  /** More rows a statement make loads no faster; see measured.md. */
  static final int MOST_ROWS = 512;

  /** vtgate refuses statements of 16 MB; one row may be larger than this. */
  private static final int MOST_BYTES = 1 << 20;

  /** vtgate counts placeholders in 16 bits. */
  private static final int MOST_PARAMETERS = 65_000;

  private static final Pattern MOMENT =
      Pattern.compile("Incorrect datetime value: .* for column '(.*)' at row");

  private final Connection connection;
  private final NativeSession session;
  private final StagingColumns columns;
  private final RowParameters parameters;
  private final int mostRows;

  /** By number of rows, each a power of two. */
  private final Map<Integer, ServerPreparedStatement> prepared = new HashMap<>();

  public BlockInserts(Connection connection, StagingColumns columns) throws SQLException {
    this.connection = connection;
    this.session = (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
    this.columns = columns;
    this.parameters = new RowParameters(columns);
    this.mostRows =
        Integer.highestOneBit(
            Math.max(1, Math.min(MOST_ROWS, MOST_PARAMETERS / columns.parameters())));
  }

  public StagingColumns columns() {
    return columns;
  }

  /**
   * Inserts the rows of a block.
   *
   * @throws DataException if a value doesn't fit, with where it is
   * @throws DuplicateRows if a row has a unique key of another one
   */
  public void insert(Block block) throws SQLException {
    int[] ends = new int[block.rows() + 1];
    BlockReader reader = new BlockReader(block);
    int last = columns.source().columns().size() - 1;
    for (int row = 1; reader.nextRow(); row++) {
      ends[row] = reader.offset(last) + Math.max(reader.length(last), 0);
    }
    reader = new BlockReader(block);
    int row = 0;
    while (row < block.rows()) {
      int rows = fitting(ends, row);
      insert(block.origin(), reader, ends, row, rows);
      row += rows;
    }
  }

  /** The most rows from one on that go into a statement, as a power of two. */
  private int fitting(int[] ends, int from) {
    int rows = 1;
    while (rows < mostRows
        && from + rows < ends.length - 1
        && ends[from + rows + 1] - ends[from] <= MOST_BYTES) {
      rows++;
    }
    return Integer.highestOneBit(rows);
  }

  private void insert(Origin origin, BlockReader reader, int[] ends, int first, int rows)
      throws SQLException {
    ServerPreparedStatement statement = statement(rows);
    parameters.begin(statement.getServerStatementId(), rows);
    for (int i = 0; i < rows; i++) {
      reader.nextRow();
      parameters.add(reader, ends[first + i], origin, first + i);
    }
    MysqlSql.log(columns.insert() + "… " + rows + " rows");
    try {
      long inserted = send();
      if (inserted != rows) {
        throw new DataException(
            "Staging %s: the server took %d of %d rows"
                .formatted(columns.source().qualifiedName(), inserted, rows));
      }
    } catch (SQLException e) {
      if (!(MysqlFailures.of("", e) instanceof DataException)) {
        throw e;
      }
      String where = where(origin, first, rows);
      if (MysqlFailures.isDuplicateKey(e)) {
        throw new DuplicateRows(where, e, first, rows);
      }
      throw new DataException(where + " don't fit: " + MysqlFailures.message(e) + advice(e), e);
    }
  }

  private String where(Origin origin, int first, int rows) {
    return "Staging %s: rows %d to %d of block %d of range %d"
        .formatted(
            columns.source().qualifiedName(),
            first,
            first + rows - 1,
            origin.sequence(),
            origin.range());
  }

  /** What to do about a moment that MySQL's TIMESTAMP does not have. */
  private String advice(SQLException e) {
    Matcher moment = MOMENT.matcher(MysqlFailures.message(e));
    Column column = moment.find() ? columns.source().column(moment.group(1)) : null;
    return column != null && column.type().base() == MysqlType.TIMESTAMP
        ? ". TIMESTAMP is from 1970-01-01 00:00:01 to 2038-01-19 03:14:07; --columns='%s:timestamp_ntz' makes it a DATETIME"
            .formatted(column.name())
        : "";
  }

  private ServerPreparedStatement statement(int rows) throws SQLException {
    ServerPreparedStatement statement = prepared.get(rows);
    if (statement == null) {
      String row = "(" + "?, ".repeat(columns.parameters() - 1) + "?)";
      statement =
          connection
              .prepareStatement(columns.insert() + (row + ", ").repeat(rows - 1) + row)
              .unwrap(ServerPreparedStatement.class);
      prepared.put(rows, statement);
    }
    return statement;
  }

  private long send() throws SQLException {
    NativeProtocol protocol = session.getProtocol();
    try {
      NativePacketPayload answer = protocol.sendCommand(parameters.packet(), false, 0);
      return OkPacket.parse(answer, protocol.getServerSession()).getUpdateCount();
    } catch (CJException e) {
      throw SQLExceptionsMapping.translateException(e);
    }
  }
}
