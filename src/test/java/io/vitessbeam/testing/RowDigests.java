package io.vitessbeam.testing;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * What a read of a table gave, row by row: its key, and a checksum over all bytes of all columns.
 * Two reads are the same if the maps are. For any number of threads.
 */
public final class RowDigests {

  private final Map<String, Long> byKey = new ConcurrentHashMap<>();

  /** By key: the checksum of the row. */
  public Map<String, Long> byKey() {
    return byKey;
  }

  /**
   * Adds the rows of a block, whose key is its first column; a key that comes twice is an error.
   */
  public void add(Block block) {
    BlockReader reader = new BlockReader(block);
    int columns = block.schema().columns().size();
    while (reader.nextRow()) {
      CRC32C crc = new CRC32C();
      for (int i = 0; i < columns; i++) {
        byte[] bytes = reader.value(i);
        update(crc, bytes);
      }
      put(new String(reader.value(0), StandardCharsets.ISO_8859_1), crc.getValue());
    }
  }

  /** The same by the driver: a streaming read in the OLAP workload, column by column. */
  public static RowDigests ofDriver(Connection vtgate, String sql) throws SQLException {
    try (Statement statement = vtgate.createStatement()) {
      statement.execute("SET workload = 'olap'");
    }
    return of(vtgate, sql);
  }

  /** The same of any server of the MySQL protocol. */
  public static RowDigests of(Connection connection, String sql) throws SQLException {
    RowDigests digests = new RowDigests();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet rows = statement.executeQuery(sql)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          CRC32C crc = new CRC32C();
          for (int i = 1; i <= columns; i++) {
            update(crc, rows.getBytes(i));
          }
          digests.put(new String(rows.getBytes(1), StandardCharsets.ISO_8859_1), crc.getValue());
        }
      }
    }
    return digests;
  }

  private static void update(CRC32C crc, byte[] value) {
    crc.update(value == null ? 0 : 1);
    if (value != null) {
      crc.update(value.length >>> 16);
      crc.update(value.length >>> 8);
      crc.update(value.length);
      crc.update(value);
    }
  }

  private void put(String key, long checksum) {
    if (byKey.put(key, checksum) != null) {
      throw new AssertionError("row " + key + " came twice");
    }
  }
}
