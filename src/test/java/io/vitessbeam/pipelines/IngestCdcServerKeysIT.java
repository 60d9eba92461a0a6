package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of a server are found by keys of every kind, and merged with what changed. */
class IngestCdcServerKeysIT {

  private static final TestVitess VITESS = TestVitess.shared();

  /** A key, two values of it that are there, one that comes, and one that the second becomes. */
  private record Keys(
      String definition, String first, String second, String comes, String becomes) {}

  private static final List<Keys> KEYS =
      List.of(
          new Keys("VARBINARY(20)", "X'00'", "X'FF27'", "X'0000'", "X'5C00'"),
          new Keys("BINARY(4)", "X'01'", "X'0100FF'", "X'02'", "X'0001'"),
          new Keys("VARCHAR(40) CHARACTER SET utf8mb4", "'a'", "'É😀'", "''", "'é😀'"),
          new Keys("VARCHAR(40) COLLATE utf8mb4_bin", "'a'", "'A'", "'b '", "'B'"),
          new Keys("CHAR(9) CHARACTER SET latin1", "'é'", "'x''y'", "'ö'", "'\\\\'"),
          new Keys("BIGINT UNSIGNED", "0", "18446744073709551615", "9223372036854775808", "1"),
          new Keys("INT(8) ZEROFILL", "7", "4294967295", "0", "42"),
          new Keys("DECIMAL(30,4)", "-0.0001", "12345678901234567890.5", "0", "0.1"),
          new Keys("DOUBLE", "0.1", "'1e300'", "0", "-12345.678"),
          new Keys(
              "DATETIME(6)",
              "'1000-01-01'",
              "'2024-02-29 23:59:59.999999'",
              "'2024-03-01'",
              "'9999-12-31'"),
          new Keys(
              "TIMESTAMP(3)",
              "'2024-02-29 23:59:59.999'",
              "'1970-01-02'",
              "'2024-03-01'",
              "'2037-12-31 00:00:00.1'"),
          new Keys("DATE", "'1000-01-01'", "'2024-02-29'", "'2024-03-01'", "'9999-12-31'"),
          new Keys("TIME(2)", "'-838:59:59'", "'00:00:00.25'", "'-00:00:00.01'", "'25:00:00'"),
          new Keys("YEAR", "1901", "2155", "0", "2024"),
          new Keys("BIT(12)", "b'1'", "b'101010101010'", "b'0'", "b'111111111111'"),
          new Keys("ENUM('b','a','')", "'a'", "'b'", "''", "'b'"));

  static Stream<Arguments> everywhere() {
    return Stream.of(FollowingServer.MYSQL_SERVER, FollowingServer.POSTGRESQL)
        .flatMap(place -> KEYS.stream().map(keys -> Arguments.of(place, keys)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void rowsAreFoundByTheirKeys(FollowingServer place, Keys keys) throws SQLException {
    String table = VITESS.newTable("keyed");
    VITESS.execute(
        SHOP + ":0",
        "SET sql_mode = ''",
        "CREATE TABLE "
            + table
            + " (k "
            + keys.definition()
            + " NOT NULL, part INT NOT NULL, n INT, kept VARCHAR(9), PRIMARY KEY (part, k))",
        "INSERT INTO " + table + " VALUES (" + keys.first() + ", 1, 1, 'one')",
        "INSERT INTO " + table + " VALUES (" + keys.second() + ", 1, 2, 'two')");
    place.syncShop(table, "c_" + table);
    assertSame(place, table);
    VITESS.execute(
        SHOP + ":0",
        "SET sql_mode = ''",
        "UPDATE " + table + " SET n = 10 WHERE n = 1",
        "INSERT INTO " + table + " VALUES (" + keys.comes() + ", 1, 3, 'three')",
        "UPDATE " + table + " SET k = " + keys.becomes() + " WHERE n = 2");
    place.syncShop(table, "c_" + table);
    assertSame(place, table);
    VITESS.execute(SHOP + ":0", "DELETE FROM " + table + " WHERE n = 10");

    assertThat(place.syncShop(table, "c_" + table)).contains("0 inserted, 0 updated, 1 deleted");

    assertSame(place, table);
    // No row came in with a second form of a key.
    int deleted = keys.second().equals(keys.becomes()) ? 1 : 2;
    assertThat(place.rows("SELECT n FROM c_" + table)).hasSize(2 + deleted);
    assertThat(place.rows("SELECT n, kept FROM c_" + table + " WHERE _cdc_deleted"))
        .contains("10|one|")
        .hasSize(deleted);
  }

  private static void assertSame(FollowingServer place, String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      assertThat(place.rows("SELECT n, kept FROM c_" + table + " WHERE NOT _cdc_deleted"))
          .isEqualTo(TableRows.ofVitess(connection, "SELECT n, kept FROM " + table));
    }
  }
}
