package io.vitessbeam.read.cursor;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.result.ResultSetMetaData;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.result.Field;
import io.vitessbeam.block.BlockBuilder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one streaming statement, as the packets in which they came.
 *
 * <p>A row packet of the text protocol has the very shape of a row in a block. Connector/J keeps
 * the packet of the current row of a streaming result in a buffer that it uses again for the next,
 * and that buffer is copied into the block at one stroke; asking the driver for the columns would
 * make an array per value. The integration tests compare what comes out with the driver's own
 * getters.
 */
public final class RowPackets implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RowPackets.class);
  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  private final Connection connection;
  private final boolean owned;
  private final ResultSet rows;
  private final NativeProtocol protocol;

  private boolean atEnd;

  /**
   * @param connection is owned, and closed with this object
   */
  public RowPackets(Connection connection, String sql) throws SQLException {
    this(connection, sql, true);
  }

  /** Those of a connection that is used for more than one statement, and is its owner's. */
  public static RowPackets among(Connection connection, String sql) throws SQLException {
    return new RowPackets(connection, sql, false);
  }

  @SuppressWarnings("resource") // The statement is closed with its connection, or as it ends.
  private RowPackets(Connection connection, String sql, boolean owned) throws SQLException {
    this.connection = connection;
    this.owned = owned;
    SQL.debug("{}", sql);
    try {
      this.protocol =
          ((NativeSession) connection.unwrap(JdbcConnection.class).getSession()).getProtocol();
      Statement statement =
          connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
      statement.setFetchSize(Integer.MIN_VALUE);
      this.rows = statement.executeQuery(sql);
    } catch (SQLException e) {
      connection.abort(Runnable::run);
      throw e;
    }
  }

  /** What the server says of the columns of the result. */
  public Field[] fields() throws SQLException {
    return rows.getMetaData().unwrap(ResultSetMetaData.class).getFields();
  }

  /** Adds the next row to a block; false after the last one. */
  public boolean next(BlockBuilder block) throws SQLException {
    if (!rows.next()) {
      atEnd = true;
      return false;
    }
    NativePacketPayload packet = protocol.getReusablePacket();
    block.addRow(packet.getByteBuffer(), 0, packet.getPayloadLength());
    return true;
  }

  /** Makes the thread that waits for a row fail; from any thread. */
  void interrupt() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("Breaking a connection", e);
    }
  }

  /** Ends the statement at once: a plain close would first read all rows that are left. */
  @Override
  public void close() throws SQLException {
    if (atEnd && !owned) {
      rows.getStatement().close();
    } else if (atEnd) {
      connection.close();
    } else {
      connection.abort(Runnable::run);
    }
  }
}
