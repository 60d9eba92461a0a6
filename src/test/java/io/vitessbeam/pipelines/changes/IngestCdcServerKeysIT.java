package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** A table of each kind of key, in runs of them all. */
  @ParameterizedTest
  @EnumSource(names = {"MYSQL_SERVER", "POSTGRESQL"})
  void rowsAreFoundByTheirKeys(FollowingServer place) throws SQLException {
    Map<String, Keys> tables = new LinkedHashMap<>();
    for (Keys keys : KEYS) {
      String table = VITESS.newTable("keyed");
      tables.put(table, keys);
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
    }
    sync(place, tables);
    for (Map.Entry<String, Keys> table : tables.entrySet()) {
      VITESS.execute(
          SHOP + ":0",
          "SET sql_mode = ''",
          "UPDATE " + table.getKey() + " SET n = 10 WHERE n = 1",
          "INSERT INTO "
              + table.getKey()
              + " VALUES ("
              + table.getValue().comes()
              + ", 1, 3, 'three')",
          "UPDATE " + table.getKey() + " SET k = " + table.getValue().becomes() + " WHERE n = 2");
    }
    sync(place, tables);
    for (String table : tables.keySet()) {
      VITESS.execute(SHOP + ":0", "DELETE FROM " + table + " WHERE n = 10");
    }

    String summary = sync(place, tables);

    for (Map.Entry<String, Keys> table : tables.entrySet()) {
      String name = table.getKey();
      Keys keys = table.getValue();
      assertThat(summary)
          .as(keys.definition())
          .containsPattern(name + ": 0 inserted, 0 updated, 1 deleted");
      // No row came in with a second form of a key.
      int deleted = keys.second().equals(keys.becomes()) ? 1 : 2;
      assertThat(place.rows("SELECT n FROM " + name)).as(keys.definition()).hasSize(2 + deleted);
      assertThat(place.rows("SELECT n, kept FROM " + name + " WHERE _cdc_deleted"))
          .as(keys.definition())
          .contains("10|one|")
          .hasSize(deleted);
    }
  }

  /** Follows all the tables, and compares each of them. */
  private static String sync(FollowingServer place, Map<String, Keys> tables) throws SQLException {
    IngestRun run =
        place.run(
            EmbeddedRunner.DIRECT,
            List.of(
                "--source-uri=" + CdcCopy.uri(SHOP),
                "--include-tables=" + String.join(",", tables.keySet())));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("Exception");
    for (Map.Entry<String, Keys> table : tables.entrySet()) {
      String columns = "SELECT n, kept FROM " + table.getKey();
      try (Connection connection = VITESS.connect(SHOP + ":0")) {
        assertThat(place.rows(columns + " WHERE NOT _cdc_deleted"))
            .as(table.getValue().definition())
            .isEqualTo(TableRows.ofVitess(connection, columns));
      }
    }
    return run.out();
  }
}
