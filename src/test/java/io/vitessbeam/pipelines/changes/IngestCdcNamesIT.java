package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of every kind, and names that need quotes, are followed like any others. */
class IngestCdcNamesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

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
          new Keys("DECIMAL(30,4)", "-0.0001", "12345678901234567890.5", "0", "0.1"),
          new Keys(
              "DATETIME(6)",
              "'1000-01-01'",
              "'2024-02-29 23:59:59.999999'",
              "'2024-03-01'",
              "'9999-12-31'"),
          new Keys("DATE", "'1000-01-01'", "'2024-02-29'", "'2024-03-01'", "'9999-12-31'"),
          new Keys("ENUM('b','a')", "'a'", "'b'", "''", "'b'"));

  /** A table of each kind of key, in runs of them all. */
  @Test
  void keysOfManyTypes() throws SQLException {
    Map<String, Keys> tables = new LinkedHashMap<>();
    for (Keys keys : KEYS) {
      String table = VITESS.newTable("keyed");
      tables.put(table, keys);
      VITESS.execute(
          SHOP + ":0",
          "SET sql_mode = ''",
          "CREATE TABLE " + table + " (k " + keys.definition() + " NOT NULL PRIMARY KEY, n INT)",
          "INSERT INTO " + table + " VALUES (" + keys.first() + ", 1), (" + keys.second() + ", 2)");
    }
    String[] all = tables.keySet().toArray(String[]::new);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.syncAll(List.of(all));
    copy.assertSame(all);
    for (Map.Entry<String, Keys> table : tables.entrySet()) {
      String name = table.getKey();
      Keys keys = table.getValue();
      VITESS.execute(
          SHOP + ":0",
          "SET sql_mode = ''",
          "UPDATE " + name + " SET n = 10 WHERE k = " + keys.first(),
          "INSERT INTO " + name + " VALUES (" + keys.comes() + ", 3)",
          "UPDATE " + name + " SET k = " + keys.becomes() + " WHERE n = 2");
    }
    copy.syncAll(List.of(all));
    copy.assertSame(all);
    for (String table : all) {
      VITESS.execute(SHOP + ":0", "DELETE FROM " + table + " WHERE n <> 10");
    }

    copy.syncAll(List.of(all));

    copy.assertSame(all);
  }

  @OnEachRunner
  void aCompositeKeyBehindOtherColumns(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("composite");
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (note TEXT, b VARCHAR(9) NOT NULL, a INT NOT NULL, c VARBINARY(9) NOT NULL,"
            + " PRIMARY KEY (a, b, c))",
        "INSERT INTO " + table + " VALUES ('1','x',1,''), ('2','x',1,X'00'), ('3','',2,'')");
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET a = 3 WHERE note = '2'",
        "UPDATE " + table + " SET note = 'new' WHERE b = ''",
        "DELETE FROM " + table + " WHERE note = '1'",
        "INSERT INTO " + table + " VALUES ('4','x',1,X'00')");

    copy.sync(table);

    copy.assertSame(table);
  }

  @OnEachRunner
  void aTableWithoutAKeyTakesTheOneThatIsNamed(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("keyless");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (a INT NOT NULL, b VARCHAR(9) NOT NULL, n INT)",
        "INSERT INTO " + table + " VALUES (1,'x',1), (1,'y',2), (2,'x',3)");
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);

    IngestRun refused = copy.trySync(table);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(table, "--primary-key").hasLineCount(1);
    assertThat(folder).isEmptyDirectory();

    String[] key = {"--primary-key=a", "--primary-key=b"};
    copy.sync(table, key);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET n = 20 WHERE a = 1 AND b = 'y'",
        "UPDATE " + table + " SET b = 'z' WHERE n = 1",
        "DELETE FROM " + table + " WHERE a = 2");
    copy.sync(table, key);
    copy.assertSame(table);
  }

  /** Each is the name of the table and of a column. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "order",
        "with.dot",
        "with-dash",
        "with blank",
        "quote'single",
        "quote\"double",
        "Grüße_表",
        "slash/.*",
        "MiXeD",
        "percent%_",
        "_cdc_of_theirs",
        "a\\b"
      })
  void oddNames(String name) throws SQLException {
    String table = name + VITESS.newTable("x");
    String quoted = CdcCopy.quoted(table, "`");
    String column = CdcCopy.quoted(name, "`");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + quoted + " (" + column + " INT PRIMARY KEY, `select` TEXT)",
        "INSERT INTO " + quoted + " VALUES (1, 'x'), (3, 'y')");
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.sync("shop." + quoted, "--dest-table=main.\"group.by\"");
    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + quoted + " VALUES (4, 'z')",
        "UPDATE " + quoted + " SET `select` = 'new' WHERE " + column + " = 1",
        "DELETE FROM " + quoted + " WHERE " + column + " = 3");

    assertThat(copy.sync("shop." + quoted, "--dest-table=main.\"group.by\""))
        .contains("1 inserted, 1 updated, 1 deleted");

    assertThat(
            copy.rows(
                "SELECT "
                    + CdcCopy.quoted(name, "\"")
                    + ", \"select\" FROM \"group.by\" WHERE NOT _cdc_deleted"))
        .containsExactly("1|new|", "4|z|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_cdc_lsn", "_cdc_deleted", "_CDC_SYNCED_AT"})
  void aColumnOfTheirsWithANameOfOursIsNamed(String column) throws SQLException {
    String table = VITESS.newTable("clash");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY, `" + column + "` INT)");
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);

    IngestRun run = copy.trySync(table);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(table, column).hasLineCount(1);
    assertThat(folder).isEmptyDirectory();
    copy.sync(table, "--sql-exclude-columns=" + column);
  }

  @OnEachRunner
  void excludedColumnsStayAway(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("secrets");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (secret TEXT, id INT PRIMARY KEY, more BLOB, name TEXT)",
        "INSERT INTO " + table + " VALUES ('s1', 1, 'm1', 'n1')");
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table, "--sql-exclude-columns=secret,more");
    VITESS.execute(
        SHOP,
        "INSERT INTO " + table + " VALUES ('s2', 2, 'm2', 'n2')",
        "UPDATE " + table + " SET secret = 's3' WHERE id = 1");
    copy.sync(table, "--sql-exclude-columns=secret,more");

    assertThat(copy.rows("SELECT * EXCLUDE (_cdc_lsn, _cdc_synced_at) FROM " + table))
        .containsExactly("1|n1|false|", "2|n2|false|");
  }
}
