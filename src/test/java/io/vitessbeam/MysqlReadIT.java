package io.vitessbeam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.BlockRows;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables and queries of a real MySQL server whose settings are unlike ours. */
class MysqlReadIT {

  private static final TestMysql SERVER = TestMysql.shared();
  private static final int ROWS = 120_000;

  private static MysqlRead table(String table) {
    return MysqlRead.from(SERVER.uri()).withTable(table);
  }

  private static MysqlRead query(String query) {
    return MysqlRead.from(SERVER.uri()).withQuery(query);
  }

  @BeforeAll
  static void numbers() throws SQLException {
    SERVER.execute(
        "CREATE TABLE digits (d INT PRIMARY KEY)",
        "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
        "CREATE TABLE numbers (n INT PRIMARY KEY)",
        "INSERT INTO numbers SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d"
            + " + 100000 * g.d FROM digits a, digits b, digits c, digits e, digits f,"
            + " (SELECT d FROM digits WHERE d < 3) g");
  }

  @ParameterizedTest
  @EnumSource
  void everyValueIsWhatTheTypeSays(EmbeddedRunner runner) throws SQLException {
    List<TypedColumn> columns = EveryType.columns();
    String name = SERVER.newTable("every_type");
    try (Connection connection = SERVER.connect()) {
      EveryTypeTable.create(connection, name, columns);
    }

    Map<Integer, Row> rows =
        TestPipelines.read(runner, table(name)).stream()
            .collect(Collectors.toMap(row -> row.getInt32("id"), row -> row));

    assertThat(rows).hasSize(EveryTypeTable.ROWS);
    for (TypedColumn column : columns) {
      if (!column.definition().contains("GENERATED")) {
        assertThat(rows.get(0).<Object>getValue(column.name())).as(column.definition()).isNull();
      }
      for (int row = 1; row < EveryTypeTable.ROWS; row++) {
        assertThat(value(rows.get(row), column.name()))
            .as(column.definition() + " " + column.at(row - 1).sql())
            .isEqualTo(column.at(row - 1).expected());
      }
    }
  }

  private static Object value(Row row, String column) {
    Field field = row.getSchema().getField(column);
    Object value = row.getValue(column);
    return field.getType().getLogicalType() instanceof EnumerationType labels
        ? labels.toString((EnumerationType.Value) value)
        : value;
  }

  /** Large enough for several ranges. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a BIGINT UNSIGNED NOT NULL          | a    | 18446744073709551615 - n * 7, n
          a VARCHAR(40) COLLATE utf8mb4_unicode_ci NOT NULL | a | CONCAT('é', MD5(n)), n
          a VARBINARY(20) NOT NULL            | a    | UNHEX(MD5(n)), n
          a CHAR(3) NOT NULL                  | a, b | CONCAT('k', n % 7), n
          a DATETIME(3) NOT NULL              | a, b | '2024-01-01' + INTERVAL n % 1000 MINUTE, n
          a DECIMAL(20,4) NOT NULL            | a    | n / 16, n
          a INT                               |      | n % 10, n
          """)
  void everyKeyGivesAllRowsOnce(String column, String key, String values) throws SQLException {
    String name = SERVER.newTable("keyed");
    SERVER.execute(
        "CREATE TABLE "
            + name
            + " ("
            + column
            + ", b INT NOT NULL, note VARCHAR(40)"
            + (key == null ? "" : ", PRIMARY KEY (" + key + ")")
            + ") CHARACTER SET utf8mb4",
        "INSERT INTO "
            + name
            + " SELECT "
            + values
            + ", IF(n % 3 = 0, NULL, CONCAT('ü😀', n)) FROM numbers WHERE n < "
            + ROWS,
        "ANALYZE TABLE " + name);

    MysqlRead read = table(name).withParallelism(4);
    List<List<String>> rows = BlockRows.of(read);

    assertThat(sorted(rows)).isEqualTo(sorted(driver("SELECT * FROM " + name)));
    assertThat(BlockRows.ranges(read)).isGreaterThan(key == null ? 0 : 1);
    assertThat(read.schema().primaryKey()).hasSize(key == null ? 0 : key.split(",", -1).length);
  }

  private static List<String> sorted(List<List<String>> rows) {
    return rows.stream().map(String::valueOf).sorted().toList();
  }

  private static List<List<String>> driver(String sql) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          byte[] bytes = rows.getBytes(i);
          boolean binary = rows.getMetaData().getColumnTypeName(i).contains("BINARY");
          row.add(
              bytes == null
                  ? null
                  : binary ? HexFormat.of().formatHex(bytes) : new String(bytes, UTF_8));
        }
        all.add(row);
      }
    }
    return all;
  }

  @Test
  void sessionsHaveTheirOwnZoneModeAndCharacterSet() throws SQLException {
    String name = SERVER.newTable("settings");
    SERVER.execute(
        "CREATE TABLE "
            + name
            + " (c CHAR(5), t TIMESTAMP NULL, s VARCHAR(9), u VARCHAR(9))"
            + " CHARACTER SET latin1",
        "ALTER TABLE " + name + " MODIFY u VARCHAR(9) CHARACTER SET utf8mb4",
        "INSERT INTO " + name + " VALUES ('ab', '2024-01-01 00:00:00', 'é\\\\''', '😀')");

    assertThat(BlockRows.of(table(name)))
        .containsExactly(List.of("ab", "2024-01-01 00:00:00", "é\\'", "😀"));
    assertThat(BlockRows.of(query("SELECT \"a\\\"b\" AS x, 1 || 0 AS y")))
        .containsExactly(List.of("a\"b", "1"));
  }

  @Test
  void namesIntervalsLimitsAndQueries() throws SQLException {
    SERVER.execute(
        "CREATE TABLE `odd ``n.ame` (`order` INT PRIMARY KEY, `ä b` DATE, `x``` TEXT)",
        "INSERT INTO `odd ``n.ame` VALUES (1, '2024-01-01', 'a'), (2, '2024-01-02', NULL),"
            + " (3, '2024-01-03', '')");
    MysqlRead read = table("`odd ``n.ame`");

    assertThat(BlockRows.of(read.withIncrementalKey("ä b", "2024-01-02", "2024-01-02")))
        .containsExactly(java.util.Arrays.asList("2", "2024-01-02", null));
    assertThat(BlockRows.of(read.withLimit(1).withoutColumns(List.of("x`", "ä b"))))
        .containsExactly(List.of("1"));
    assertThat(BlockRows.of(read.withTable("shop.`odd ``n.ame`"))).hasSize(3);
    assertThat(BlockRows.columns(query("SELECT CAST(1.5 AS DECIMAL(12,4)) AS d, NOW(3) AS n")))
        .containsExactly("d DECIMAL(12,4) NOT NULL", "n DATETIME(0,3) NOT NULL");
    assertThat(
            BlockRows.of(
                query("SELECT `order` FROM `odd ``n.ame` WHERE `ä b` > :interval_start")
                    .withIncrementalKey("", "2024-01-02", null)))
        .containsExactly(List.of("3"));
  }

  @Test
  void boundsAreNotRounded() throws SQLException {
    SERVER.execute(
        "CREATE TABLE rounded (d DECIMAL(40,30) PRIMARY KEY)",
        "INSERT INTO rounded VALUES (0.1), (0.100000000000000000000000000001), (0.2)");

    assertThat(BlockRows.of(table("rounded").withIncrementalKey("d", null, "0.1"))).hasSize(1);
    assertThatThrownBy(() -> table("rounded").withIncrementalKey("d", "x", null).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'x' is no value of the incremental key d");
  }

  @Test
  void emptyTables() throws SQLException {
    String name = SERVER.newTable("empty");
    SERVER.execute("CREATE TABLE " + name + " (id INT PRIMARY KEY)");

    assertThat(BlockRows.of(table(name))).isEmpty();
    SERVER.execute("INSERT INTO " + name + " VALUES (7)");
    assertThat(BlockRows.of(table(name))).containsExactly(List.of("7"));
  }

  @Tag("volume")
  @ParameterizedTest
  @EnumSource
  void manyRowsInLittleMemory(EmbeddedRunner runner) {
    AtomicLong rows = new AtomicLong();
    AtomicLong bytes = new AtomicLong();

    TestPipelines.forEach(
        runner,
        query("SELECT n, REPEAT('x', 4000) AS pad FROM numbers").blocks(),
        block -> {
          rows.addAndGet(block.rows());
          bytes.addAndGet(block.length());
        });

    assertThat(rows).hasValue(300_000);
    // More than the heap that the tests have.
    assertThat(bytes.get()).isGreaterThan(1_200_000_000);
  }

  @Test
  void mistakes() throws IOException {
    assertThatThrownBy(() -> MysqlRead.from(SERVER.uri("wrong")).withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("refuses user 'beam': wrong user name or password");
    assertThatThrownBy(
            () -> MysqlRead.from(SERVER.uri().replace("/shop", "/no")).withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Database no doesn't exist at 127.0.0.1:")
        .hasMessageContaining("shop");
    assertThatThrownBy(() -> table("nope").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("Database shop has no table nope; it has ");
    assertThatThrownBy(() -> query("SELECT nope").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Unknown column 'nope'");
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThatThrownBy(
            () -> MysqlRead.from("mysql://u:p@127.0.0.1:" + port + "/d").withTable("t").schema())
        .isInstanceOf(TransientException.class)
        .hasMessageEndingWith(
            "Can't connect to 127.0.0.1:"
                + port
                + ": nothing listens there. Check host and port (the server's MySQL port)");
  }

  @Test
  void aVitessIsRefused() {
    TestVitess vitess = TestVitess.shared();
    String address = vitess.host() + ":" + vitess.port();
    assertThatThrownBy(
            () -> MysqlRead.from("mysql://u:x@" + address + "/shop").withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            address + " is a Vitess, not a plain MySQL server; use vitess://" + address + "/shop");
  }
}
