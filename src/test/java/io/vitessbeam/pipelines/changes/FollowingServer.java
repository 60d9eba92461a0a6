package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A server whose tables follow those of the shared Vitess by {@code ingest}. */
enum FollowingServer {
  VITESS_KEYSPACE {
    @Override
    String uri() {
      return TestVitess.shared().uriText(SHOP);
    }

    @Override
    Connection connect() throws SQLException {
      return TestVitess.shared().connect(SHOP + ":0");
    }

    @Override
    List<String> rows(String sql) throws SQLException {
      try (Connection connection = connect()) {
        return TableRows.ofVitess(connection, sql);
      }
    }
  },
  MYSQL_SERVER {
    @Override
    String uri() {
      return TestMysql.shared().uri();
    }

    @Override
    Connection connect() throws SQLException {
      return TestMysql.shared().connect();
    }
  },
  POSTGRESQL {
    @Override
    String uri() {
      return TestPostgresql.shared().uri();
    }

    @Override
    Connection connect() throws SQLException {
      return TestPostgresql.shared().connect();
    }

    @Override
    List<String> rows(String sql) throws SQLException {
      return TableRows.ofPostgresql(sql);
    }
  };

  abstract String uri();

  abstract Connection connect() throws SQLException;

  List<String> rows(String sql) throws SQLException {
    try (Connection connection = connect()) {
      return TableRows.of(connection, sql);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs the command, which must succeed, and gives its last lines. */
  String sync(EmbeddedRunner runner, String table, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    addSource(flags, CUSTOMER);
    flags.add("--source-table=" + table);
    return succeed(runner, flags);
  }

  /** The same for a table of the unsharded keyspace, whose copy is called otherwise. */
  String syncShop(String table, String copy, String... more) {
    return succeed(EmbeddedRunner.DIRECT, ofShop(table, copy, more));
  }

  /** The same of a run that may fail. */
  IngestRun trySyncShop(String table, String copy, String... more) {
    return run(EmbeddedRunner.DIRECT, ofShop(table, copy, more));
  }

  private static List<String> ofShop(String table, String copy, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    addSource(flags, SHOP);
    flags.add("--source-table=" + table);
    flags.add("--dest-table=" + copy);
    return flags;
  }

  /** Unless there is one. */
  private static void addSource(List<String> flags, String keyspace) {
    if (flags.stream().noneMatch(flag -> flag.startsWith("--source-uri="))) {
      flags.add("--source-uri=" + CdcCopy.uri(keyspace));
    }
  }

  private String succeed(EmbeddedRunner runner, List<String> flags) {
    IngestRun run = run(runner, flags);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("Exception");
    return run.out();
  }

  /** Runs the command with what is to follow, and how. */
  IngestRun run(EmbeddedRunner runner, List<String> more) {
    List<String> flags = new ArrayList<>(more);
    flags.add("--dest-uri=" + uri());
    return IngestRun.on(runner, flags.toArray(String[]::new));
  }

  /** Compares the rows that are not deleted with the source's. */
  void assertSame(String table, String columns) throws SQLException {
    assertThat(rows("SELECT " + columns + " FROM " + table + " WHERE NOT _cdc_deleted"))
        .isEqualTo(source("SELECT " + columns + " FROM " + table));
  }

  /** Rows of the unsharded keyspace. */
  static List<String> shop(String sql) throws SQLException {
    try (Connection connection = TestVitess.shared().connect(SHOP + ":0")) {
      return TableRows.ofVitess(connection, sql);
    }
  }

  /** Shard by shard, where a new column is known at once. */
  static List<String> source(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String shard : List.of("-80", "80-")) {
      try (Connection connection = TestVitess.shared().connect(CUSTOMER + ":" + shard)) {
        rows.addAll(TableRows.ofVitess(connection, sql));
      }
    }
    rows.sort(naturalOrder());
    return rows;
  }
}
