package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of servers follow a keyspace, run after run. */
class IngestCdcDestinationsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String COLUMNS = "id, part, name, amount, at";

  /** Whatever runs, and whichever way the table was copied: each two of the three meet. */
  static Stream<Arguments> everyPair() {
    return everywhere()
        .filter(
            each ->
                each.get()[1] == EmbeddedRunner.DIRECT
                    || each.get()[0]
                        == FollowingServer.MYSQL_SERVER
                        == each.get()[2].equals("vstream"));
  }

  /** All three. */
  static Stream<Arguments> everywhere() {
    return Stream.of(FollowingServer.values())
        .flatMap(
            place ->
                Stream.of(EmbeddedRunner.values())
                    .flatMap(
                        runner ->
                            Stream.of("olap", "vstream")
                                .map(copy -> Arguments.of(place, runner, copy))));
  }

  private static String create(int rows) throws SQLException {
    String table = VITESS.newTable("followed");
    VITESS.createSharded(
        table,
        "id",
        "hash",
        "(id BIGINT, part VARBINARY(9), name VARCHAR(80), amount DECIMAL(20,4), at DATETIME(6),"
            + " PRIMARY KEY (id, part))");
    for (int from = 1; from <= rows; from += 4_000) {
      VITESS.execute(CUSTOMER, insert(table, from, Math.min(rows, from + 3_999)));
    }
    return table;
  }

  private static String insert(String table, int from, int to) {
    StringBuilder sql = new StringBuilder("INSERT INTO " + table + " (" + COLUMNS + ") VALUES ");
    for (int id = from; id <= to; id++) {
      sql.append(id == from ? "" : ",")
          .append(
              id % 11 == 0
                  ? "(" + id + ",'',NULL,NULL,NULL)"
                  : "(%d,X'00FF%04x','n😀 %d',%d.0625,'2024-02-29 12:00:00.%06d')"
                      .formatted(id, id % 65_536, id, id, id));
    }
    return sql.toString();
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void changesAreApplied(FollowingServer place, EmbeddedRunner runner, String copy)
      throws SQLException {
    String table = create(2_000);
    String source = "--source-uri=" + CdcCopy.uri(CUSTOMER) + "&copy=" + copy;
    assertThat(place.sync(runner, table, source))
        .contains("copied 2,000 rows")
        .doesNotContain("merged_");
    place.assertSame(table, COLUMNS);

    VITESS.execute(
        CUSTOMER,
        insert(table, 2_001, 2_010),
        "UPDATE " + table + " SET name = NULL, amount = -amount WHERE id BETWEEN 12 AND 21",
        "DELETE FROM " + table + " WHERE id BETWEEN 100 AND 104");
    assertThat(place.sync(runner, table, source)).contains("10 inserted, 10 updated, 5 deleted");
    place.assertSame(table, COLUMNS);
    assertThat(place.rows("SELECT id, amount FROM " + table + " WHERE _cdc_deleted"))
        .containsExactly(
            "100|100.0625|", "101|101.0625|", "102|102.0625|", "103|103.0625|", "104|104.0625|");

    VITESS.execute(
        CUSTOMER,
        "DELETE FROM " + table + " WHERE id = 7",
        "INSERT INTO " + table + " (id, part, name) VALUES (7, X'00FF0007', 'again')",
        "INSERT INTO " + table + " (id, part, name) VALUES (100, X'00FF0064', 'back')",
        "INSERT INTO " + table + " (id, part, name) VALUES (9000, '', 'short')",
        "DELETE FROM " + table + " WHERE id = 9000",
        "UPDATE " + table + " SET part = 'moved' WHERE id = 8",
        "UPDATE " + table + " SET name = 'twice' WHERE id = 9",
        "UPDATE " + table + " SET name = 'thrice' WHERE id = 9");
    place.sync(runner, table, source);
    place.assertSame(table, COLUMNS);

    List<String> before = place.rows("SELECT * FROM " + table);
    assertThat(place.sync(runner, table, source)).contains("nothing new");
    assertThat(place.rows("SELECT * FROM " + table)).isEqualTo(before);
  }

  @Tag("volume")
  @ParameterizedTest
  @MethodSource("everywhere")
  void changesAreAppliedEverywhere(FollowingServer place, EmbeddedRunner runner, String copy)
      throws SQLException {
    changesAreApplied(place, runner, copy);
  }

  @ParameterizedTest
  @EnumSource
  void manyChangesAreApplied(FollowingServer place) throws SQLException {
    // So many that the server's rows are not looked for key by key.
    String table = create(24_000);
    place.sync(EmbeddedRunner.DIRECT, table);
    VITESS.execute(
        CUSTOMER,
        "UPDATE " + table + " SET name = 'all' WHERE id % 2 = 0",
        "DELETE FROM " + table + " WHERE id % 5 = 0");

    place.sync(EmbeddedRunner.DIRECT, table);

    place.assertSame(table, COLUMNS);
    assertThat(place.rows("SELECT COUNT(*) FROM " + table + " WHERE _cdc_deleted"))
        .containsExactly("4800|");
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTableIsFollowedAndATruncatedOneIsDeleted(FollowingServer place) throws SQLException {
    String table = create(0);
    assertThat(place.sync(EmbeddedRunner.DIRECT, table)).contains("copied 0 rows");
    VITESS.execute(CUSTOMER, insert(table, 1, 300));
    place.sync(EmbeddedRunner.DIRECT, table);
    place.assertSame(table, COLUMNS);
    for (String shard : List.of("-80", "80-")) {
      VITESS.execute(CUSTOMER + ":" + shard, "TRUNCATE TABLE " + table);
    }
    VITESS.execute(CUSTOMER, insert(table, 1_000, 1_003));

    place.sync(EmbeddedRunner.DIRECT, table);

    place.assertSame(table, COLUMNS);
    assertThat(place.rows("SELECT COUNT(*) FROM " + table + " WHERE _cdc_deleted"))
        .containsExactly("300|");
  }

  @ParameterizedTest
  @EnumSource
  void columnsComeAndGo(FollowingServer place) throws SQLException {
    String table = create(100);
    place.sync(EmbeddedRunner.DIRECT, table);
    VITESS.execute(
        CUSTOMER,
        "ALTER TABLE " + table + " ADD COLUMN extra VARCHAR(20)",
        "UPDATE " + table + " SET name = 'wider' WHERE id < 4");
    for (String shard : List.of("-80", "80-")) {
      VITESS.execute(
          CUSTOMER + ":" + shard, "UPDATE " + table + " SET extra = 'set' WHERE id IN (2, 3, 5)");
    }
    place.sync(EmbeddedRunner.DIRECT, table);
    place.assertSame(table, COLUMNS + ", extra");
    VITESS.execute(
        CUSTOMER,
        "DELETE FROM " + table + " WHERE id = 50",
        "ALTER TABLE " + table + " DROP COLUMN amount",
        "UPDATE " + table + " SET name = 'after' WHERE id = 3");

    assertThat(place.sync(EmbeddedRunner.DIRECT, table)).contains("copied");

    place.assertSame(table, "id, part, name, at, extra");
    // Rows that do not change keep what they had.
    assertThat(place.rows("SELECT id, amount FROM " + table + " WHERE id IN (3, 4)"))
        .containsExactly("3|NULL|", "4|4.0625|");
    assertThat(place.rows("SELECT id, amount FROM " + table + " WHERE _cdc_deleted"))
        .containsExactly("50|50.0625|");
  }

  @ParameterizedTest
  @EnumSource
  void theDataAloneTellsWhereToGoOn(FollowingServer place) throws SQLException {
    String table = create(200);
    place.sync(EmbeddedRunner.DIRECT, table);
    VITESS.execute(CUSTOMER, "UPDATE " + table + " SET name = 'second' WHERE id < 20");
    place.sync(EmbeddedRunner.DIRECT, table);
    place.execute("DELETE FROM _vitessbeam_positions WHERE table_name = '" + table + "'");
    VITESS.execute(CUSTOMER, "DELETE FROM " + table + " WHERE id > 150");

    assertThat(place.sync(EmbeddedRunner.DIRECT, table)).doesNotContain("copied");
    place.assertSame(table, COLUMNS);

    place.execute("DELETE FROM " + table);
    assertThat(place.sync(EmbeddedRunner.DIRECT, table)).contains("copied 150 rows");
    place.assertSame(table, COLUMNS);
    place.execute("DROP TABLE " + table);
    place.sync(EmbeddedRunner.DIRECT, table);
    place.assertSame(table, COLUMNS);
    place.execute("UPDATE " + table + " SET name = 'by hand' WHERE id = 1");
    assertThat(place.sync(EmbeddedRunner.DIRECT, table, "--full-refresh")).contains("copied");
    place.assertSame(table, COLUMNS);
  }

  /** Those of PostgreSQL have a test of their own, as its types are others. */
  @ParameterizedTest
  @EnumSource(names = {"VITESS_KEYSPACE", "MYSQL_SERVER"})
  void valuesOfEveryTypeAreCopiedAndFollowed(FollowingServer place) throws SQLException {
    // A strict server takes no text for the ENUM's index 0, which no label has.
    List<TypedColumn> columns =
        EveryType.streamed().stream()
            .filter(
                column ->
                    !column.definition().contains("GENERATED")
                        && (!column.definition().startsWith("ENUM")
                            || column.values().stream()
                                .noneMatch(value -> value.expected().equals(""))))
            .toList();
    String copied = EveryTypeTable.create(VITESS, columns);
    String followed = VITESS.newTable("types");
    VITESS.execute(SHOP, "CREATE TABLE " + followed + " LIKE " + copied);
    for (String table : List.of(copied, followed)) {
      place.syncShop(table, "c_" + table);
    }
    try (Connection connection = VITESS.connect(SHOP + ":0");
        var statement = connection.createStatement()) {
      statement.execute("SET sql_mode = ''");
      statement.execute("INSERT INTO " + followed + " SELECT * FROM " + copied);
    }
    place.syncShop(followed, "c_" + followed);

    try (Connection source = VITESS.connect(SHOP + ":0");
        Connection copy = place.connect()) {
      for (String table : List.of(copied, followed)) {
        for (TypedColumn column : columns) {
          String value =
              column.definition().matches("(FLOAT|DOUBLE)\\(.*")
                  ? "FORMAT(" + column.name() + ", 9)"
                  : column.definition().matches("FLOAT.*|DOUBLE.*|.*ZEROFILL")
                      ? column.name() + " + 0"
                      : column.name();
          assertThat(RowDigests.of(copy, "SELECT id, " + value + " FROM c_" + table).byKey())
              .as(table + " " + column.definition())
              .isEqualTo(RowDigests.of(source, "SELECT id, " + value + " FROM " + table).byKey())
              .hasSize(4);
        }
      }
    }
  }
}
