package io.vitessbeam.write;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessSync;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import io.vitessbeam.write.mysql.MysqlDestination;
import io.vitessbeam.write.postgresql.PostgresqlDestination;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Each kind of destination, for tests of what is the same in all. */
public enum Place {
  DUCKDB("\"", "hex(%s)", "strftime(%s, '%%Y-%%m-%%d %%H:%%M:%%S.%%f')") {
    @Override
    public Destination destination(Path folder) {
      return new DuckDbDestination(new DuckDbUri(file(folder)));
    }

    @Override
    public VitessSync to(Path folder, VitessSync sync) {
      return sync.to(new DuckDbUri(file(folder)));
    }

    @Override
    public Connection connect(Path folder) throws SQLException {
      return DriverManager.getConnection("jdbc:duckdb:" + file(folder));
    }
  },
  POSTGRESQL("\"", "upper(encode(%s, 'hex'))", "to_char(%s, 'YYYY-MM-DD HH24:MI:SS.US')") {
    @Override
    public Destination destination(Path folder) {
      return new PostgresqlDestination(PostgresqlUri.parse(TestPostgresql.shared().uri()));
    }

    @Override
    public VitessSync to(Path folder, VitessSync sync) {
      return sync.to(PostgresqlUri.parse(TestPostgresql.shared().uri()));
    }

    @Override
    public Connection connect(Path folder) throws SQLException {
      return TestPostgresql.shared().connect();
    }
  },
  MYSQL("`", "HEX(%s)", "CAST(%s AS CHAR)") {
    @Override
    public Destination destination(Path folder) {
      return MysqlDestination.mysql(MysqlUri.parse(TestMysql.shared().uri()));
    }

    @Override
    public VitessSync to(Path folder, VitessSync sync) {
      return sync.to(MysqlUri.parse(TestMysql.shared().uri()));
    }

    @Override
    public Connection connect(Path folder) throws SQLException {
      Connection connection = TestMysql.shared().connect();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET time_zone = '+00:00'");
      }
      return connection;
    }
  },
  VITESS("`", "HEX(%s)", "CAST(%s AS CHAR)") {
    @Override
    public Destination destination(Path folder) {
      return MysqlDestination.vitess(TestVitess.shared().uri(TestVitess.SHOP));
    }

    @Override
    public VitessSync to(Path folder, VitessSync sync) {
      return sync.to(TestVitess.shared().uri(TestVitess.SHOP));
    }

    @Override
    public Connection connect(Path folder) throws SQLException {
      return TestVitess.shared().connect(TestVitess.SHOP + ":0");
    }
  };

  private final String quote;
  private final String hex;
  private final String moment;

  Place(String quote, String hex, String moment) {
    this.quote = quote;
    this.hex = hex;
    this.moment = moment;
  }

  /** The destination; its file, where it is one, is in the folder. */
  public abstract Destination destination(Path folder);

  /** What follows tables, to here. */
  public abstract VitessSync to(Path folder, VitessSync sync);

  public abstract Connection connect(Path folder) throws SQLException;

  /** Whether it is a MySQL, or a Vitess, whose tables are MySQL's. */
  public boolean ofMysql() {
    return this == MYSQL || this == VITESS;
  }

  public String quoted(String name) {
    return quote + name.replace(quote, quote + quote) + quote;
  }

  /** Bytes as hexadecimal text. */
  public String hex(String expression) {
    return hex.formatted(expression);
  }

  /** A moment as text, to the microsecond. */
  public String moment(String expression) {
    return moment.formatted(expression);
  }

  /** All rows of a query, as text. */
  public List<List<String>> rows(Path folder, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = connect(folder);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  public void execute(Path folder, String... statements) throws SQLException {
    try (Connection connection = connect(folder);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String file(Path folder) {
    return folder.resolve("place.duckdb").toString();
  }

  /** Stages blocks and publishes them. */
  static void load(Loader loader, List<Block> blocks) {
    try {
      List<StagedRange> receipts = new ArrayList<>();
      blocks.forEach(block -> loader.stage(block).ifPresent(receipts::add));
      loader.publish(receipts);
    } finally {
      loader.release();
    }
  }
}
