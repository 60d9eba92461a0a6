package io.vitessbeam.benchmark;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A DuckDB file with the rows of an {@link EventsTable}, which takes little time to read. */
record EventsFile(Path file) {

  /** Makes a table of the rows from one id on until another, the last one included. */
  void create(String table, long from, long to, int salt) throws SQLException {
    execute(
        "CREATE TABLE "
            + table
            + " (id BIGINT PRIMARY KEY, user_id UINTEGER NOT NULL, kind VARCHAR NOT NULL,"
            + " country VARCHAR, amount DECIMAL(12,2) NOT NULL, score DOUBLE,"
            + " created TIMESTAMP NOT NULL, day DATE NOT NULL, flag TINYINT NOT NULL,"
            + " quantity INTEGER, note VARCHAR, token BLOB)",
        "INSERT INTO "
            + table
            + " SELECT id, hash(id) % 4294967296, ['view', 'click', 'cart', 'order', 'refund'][1 +"
            + " id % 5], ['de', 'fr', 'us', 'jp', 'br', 'in'][1 + id % 7],"
            + " (hash(id + 7) % 100000000) / 100, sqrt(id),"
            + " TIMESTAMP '2024-01-01' + to_microseconds(id * 1000003),"
            + " DATE '2024-01-01' + (id % 700)::INTEGER, id % 2,"
            + " CASE WHEN id % 10 = 3 THEN NULL ELSE id % 1000 + "
            + salt
            + " END, md5(id::VARCHAR) || ' ' || md5((id + 1)::VARCHAR)"
            + " || left(md5((id + 2)::VARCHAR), id % 32), unhex(sha256(id::VARCHAR))"
            + " FROM range("
            + from
            + ", "
            + (to + 1)
            + ") AS ids(id)");
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
