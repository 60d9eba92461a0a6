package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table of the benchmarks, of 12 columns and about 205 bytes of text a row, in an unsharded
 * keyspace. The server makes the rows itself, the same ones every time.
 */
public final class EventsTable {

  private static final int CHUNK_ROWS = 250_000;

  private final VitessUri uri;
  private final String name;

  public EventsTable(VitessUri uri, String name) {
    this.uri = uri;
    this.name = name;
  }

  /** Makes the table anew. Each statement stays below the 30 s that vttablet allows. */
  public void create(long rows) throws SQLException {
    Vtgate vtgate = new Vtgate(uri);
    String shard = vtgate.shards().get(0);
    try (Connection connection = vtgate.lookUp(shard);
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, 60_000);
      statement.execute("DROP TABLE IF EXISTS " + name);
      statement.execute(
          "CREATE TABLE "
              + name
              + " (id BIGINT NOT NULL PRIMARY KEY, user_id INT UNSIGNED NOT NULL,"
              + " kind VARCHAR(20) NOT NULL, country VARCHAR(2), amount DECIMAL(12,2) NOT NULL,"
              + " score DOUBLE, created DATETIME(6) NOT NULL, day DATE NOT NULL,"
              + " flag TINYINT NOT NULL, quantity INT, note VARCHAR(160), token VARBINARY(32))");
      statement.execute("CREATE TABLE IF NOT EXISTS numbers (n INT NOT NULL PRIMARY KEY)");
      statement.execute("DELETE FROM numbers");
      StringBuilder numbers = new StringBuilder("INSERT INTO numbers VALUES (0)");
      for (int n = 1; n < 1000; n++) {
        numbers.append(",(").append(n).append(')');
      }
      statement.execute(numbers.toString());
      for (long from = 0; from < rows; from += CHUNK_ROWS) {
        statement.execute(insert(ids(from, Math.min(rows, from + CHUNK_ROWS))));
      }
      statement.execute("ANALYZE TABLE " + name);
    }
  }

  String name() {
    return name;
  }

  /**
   * A statement that makes rows.
   *
   * @param ids query for their column {@code id}
   */
  String insert(String ids) {
    return "INSERT INTO "
        + name
        + " SELECT id, CRC32(id), ELT(1 + id % 5, 'view', 'click', 'cart', 'order', 'refund'),"
        + " ELT(1 + id % 7, 'de', 'fr', 'us', 'jp', 'br', 'in'), (CRC32(id + 7) % 100000000) / 100,"
        + " SQRT(id), '2024-01-01' + INTERVAL id * 1000003 MICROSECOND,"
        + " '2024-01-01' + INTERVAL id % 700 DAY, id % 2, IF(id % 10 = 3, NULL, id % 1000),"
        + " CONCAT(MD5(id), ' ', MD5(id + 1), LEFT(MD5(id + 2), id % 32)), UNHEX(SHA2(id, 256))"
        + " FROM ("
        + ids
        + ") AS ids";
  }

  private static String ids(long from, long to) {
    return "SELECT id FROM (SELECT "
        + from
        + " + a.n * 1000 + b.n + 1 AS id FROM numbers a, numbers b WHERE a.n < "
        + CHUNK_ROWS / 1000
        + ") AS numbered WHERE id <= "
        + to;
  }

  /** Makes the table: {@code EventsTable URI NAME ROWS}. */
  public static void main(String[] args) throws SQLException {
    new EventsTable(VitessUri.parse(args[0]), args[1]).create(Long.parseLong(args[2]));
  }
}
