package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The command from a real Vitess into another keyspace's table, and into a MySQL server. */
class IngestDestinationsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  /** Servers of the MySQL protocol. */
  enum Place {
    VITESS_KEYSPACE {
      @Override
      String uri() {
        return VITESS.uriText(SHOP);
      }

      @Override
      Connection connect() throws SQLException {
        return VITESS.connect(SHOP + ":0");
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
    };

    abstract String uri();

    abstract Connection connect() throws SQLException;

    List<String> rows(String sql) throws SQLException {
      try (Connection connection = connect()) {
        return TableRows.of(connection, sql);
      }
    }
  }

  static Stream<Arguments> everywhere() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(EmbeddedRunner.values()).map(run -> Arguments.of(place, run)));
  }

  private static String create() throws SQLException {
    String table = VITESS.newTable("orders");
    VITESS.createSharded(
        table,
        "id",
        "xxhash",
        "(id BIGINT UNSIGNED, part VARBINARY(9), name VARCHAR(20), at DATETIME(6),"
            + " PRIMARY KEY (id, part))");
    VITESS.execute(
        CUSTOMER,
        "INSERT INTO "
            + table
            + " (id, part, name, at) VALUES (1, X'00', 'one', '2024-01-01'),"
            + " (18446744073709551615, X'FF', 'É😀', '2024-01-02 03:04:05.678901'),"
            + " (2, '', NULL, '2024-01-03')");
    return table;
  }

  private static List<String> source(String table) throws SQLException {
    try (Connection connection = VITESS.connect(CUSTOMER)) {
      return TableRows.ofVitess(connection, "SELECT * FROM " + table);
    }
  }

  private static IngestRun load(Place place, EmbeddedRunner runner, String table, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=" + VITESS.uriText(CUSTOMER));
    flags.add("--source-table=" + table);
    flags.add("--dest-uri=" + place.uri());
    return IngestRun.on(runner, flags.toArray(String[]::new));
  }

  static void assertLoaded(IngestRun run, String text) {
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains(text).doesNotContain("beam:beam");
  }

  private static void change(String table) throws SQLException {
    VITESS.execute(
        CUSTOMER,
        "UPDATE " + table + " SET name = 'changed' WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2",
        "INSERT INTO " + table + " (id, part, name, at) VALUES (1, X'01', '', NULL)");
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void replace(Place place, EmbeddedRunner runner) throws SQLException {
    String table = create();
    assertLoaded(load(place, runner, table), "Loaded 3 rows of customer." + table);
    assertThat(place.rows("SELECT * FROM " + table)).isEqualTo(source(table));
    change(table);
    assertLoaded(load(place, runner, CUSTOMER + "." + table), "Loaded 3 rows");

    assertThat(place.rows("SELECT * FROM " + table)).isEqualTo(source(table));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void merge(Place place, EmbeddedRunner runner) throws SQLException {
    String table = create();
    List<String> gone = source(table).stream().filter(row -> row.startsWith("2|")).toList();
    assertLoaded(load(place, runner, table, "--incremental-strategy=merge"), "Loaded 3 rows");
    change(table);
    assertLoaded(load(place, runner, table, "--incremental-strategy=merge"), "by merge");

    assertThat(gone).hasSize(1);
    assertThat(place.rows("SELECT * FROM " + table))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(source(table).stream(), gone.stream()).toList());
  }

  /** Every range is staged by another subtask, and one of them publishes. */
  @Test
  void subtasksStageTogether() throws SQLException {
    String table = VITESS.newTable("events");
    new EventsTable(VITESS.uri(SHOP), table).create(100_000);
    String copy = VITESS.newTable("copy");

    IngestRun run =
        IngestRun.on(
            EmbeddedRunner.FLINK,
            "--parallelism=4",
            "--extract-parallelism=4",
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=" + VITESS.uriText(SHOP),
            "--dest-table=" + copy,
            "--incremental-strategy=merge");

    assertLoaded(run, "Loaded 100,000 rows");
    try (Connection connection = VITESS.connect(SHOP)) {
      assertThat(RowDigests.ofDriver(connection, "SELECT * FROM " + copy).byKey())
          .isEqualTo(RowDigests.ofDriver(connection, "SELECT * FROM " + table).byKey());
    }
  }

  @ParameterizedTest
  @EnumSource
  void append(Place place) throws SQLException {
    String table = create();
    for (int run = 0; run < 2; run++) {
      assertLoaded(
          load(place, EmbeddedRunner.DIRECT, table, "--incremental-strategy=append"), "by append");
    }
    List<String> twice = new ArrayList<>(source(table));
    twice.addAll(source(table));

    assertThat(place.rows("SELECT * FROM " + table)).containsExactlyInAnyOrderElementsOf(twice);
  }

  @ParameterizedTest
  @EnumSource
  void rowsWithoutRoomAreLeftOutAndCounted(Place place) throws SQLException {
    String table = create();
    try (Connection connection = place.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + table
              + " (id BIGINT UNSIGNED, part VARBINARY(9), name VARCHAR(2) CHARACTER SET utf8mb4,"
              + " at DATETIME(6), PRIMARY KEY (id, part))");
    }

    IngestRun run =
        load(
            place,
            EmbeddedRunner.DIRECT,
            table,
            "--incremental-strategy=merge",
            "--schema-contract=discard_row");

    assertLoaded(run, "Loaded 2 rows");
    assertLoaded(run, "; 1 row for which it has no room left out");
    assertThat(place.rows("SELECT * FROM " + table))
        .isEqualTo(source(table).stream().filter(row -> !row.contains("|one|")).toList());
  }

  @ParameterizedTest
  @EnumSource
  void deleteInsert(Place place) throws SQLException {
    String table = create();
    load(place, EmbeddedRunner.DIRECT, table);
    VITESS.execute(CUSTOMER, "DELETE FROM " + table + " WHERE id = 2");
    assertLoaded(
        load(
            place,
            EmbeddedRunner.DIRECT,
            table,
            "--incremental-strategy=delete+insert",
            "--incremental-key=at",
            "--interval-start=2024-01-02"),
        "Loaded 1 row");

    assertThat(place.rows("SELECT * FROM " + table)).isEqualTo(source(table));
  }

  @ParameterizedTest
  @EnumSource
  void scd2(Place place) throws SQLException {
    String table = create();
    List<String> before = source(table);
    load(place, EmbeddedRunner.DIRECT, table, "--incremental-strategy=scd2");
    change(table);
    assertLoaded(
        load(place, EmbeddedRunner.DIRECT, table, "--incremental-strategy=scd2"), "by scd2");

    String columns = "SELECT id, part, name, at FROM " + table;
    assertThat(place.rows(columns + " WHERE _scd_is_current")).isEqualTo(source(table));
    assertThat(place.rows(columns + " WHERE _scd_valid_to IS NOT NULL"))
        .isEqualTo(before.stream().filter(row -> row.matches("[12]\\|.*")).toList());
  }

  @Test
  void mistakesGiveOneLineAndTouchNothing() throws SQLException {
    String table = create();
    for (List<String> flagsAndMessage :
        List.of(
            List.of("--dest-uri=" + TestMysql.shared().uri("no"), "wrong user name or password"),
            List.of(
                "--dest-uri=" + TestMysql.shared().uri().replace("/shop", "/nowhere"),
                "Database nowhere doesn't exist"),
            List.of(
                "--dest-uri=" + VITESS.uriText(SHOP).replace("vitess://", "mysql://"),
                "is a Vitess, not a plain MySQL server; use vitess://"),
            List.of(
                "--dest-uri=" + TestMysql.shared().uri().replace("mysql://", "vitess://"),
                "is no Vitess; if it is a MySQL server, use mysql://"),
            List.of("--dest-uri=" + VITESS.uriText("nowhere"), "Keyspace nowhere doesn't exist"),
            List.of(
                "--dest-uri=" + VITESS.uriText(CUSTOMER) + " --dest-table=copied",
                "Keyspace customer is sharded (-80, 80-)"),
            List.of(
                "--dest-uri=" + VITESS.uriText(SHOP) + " --dest-table=customer.copied",
                "Keyspace customer is sharded (-80, 80-)"))) {
      List<String> flags = new ArrayList<>(List.of(flagsAndMessage.get(0).split(" ")));
      flags.add("--source-uri=" + VITESS.uriText(CUSTOMER));
      flags.add("--source-table=" + table);
      IngestRun run = IngestRun.on(EmbeddedRunner.DIRECT, flags.toArray(String[]::new));

      assertThat(run.status()).as(run.out()).isEqualTo(1);
      assertThat(run.err()).contains(flagsAndMessage.get(1)).hasLineCount(1);
      assertThat(run.out()).isEmpty();
    }
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      assertThat(TableRows.of(connection, "SHOW TABLES LIKE 'copied'")).isEmpty();
    }
  }
}
