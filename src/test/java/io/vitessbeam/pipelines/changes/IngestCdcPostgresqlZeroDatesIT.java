package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.pipelines.changes.FollowingServer.POSTGRESQL;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TestVitess;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates that no calendar has become the same in PostgreSQL, whichever way they come. */
class IngestCdcPostgresqlZeroDatesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String OLAP = "--source-uri=" + CdcCopy.uri(SHOP);

  private enum Choice {
    NULL(
        "d date, t timestamp(3) without time zone, s timestamp(6) with time zone|",
        "1|NULL|NULL|NULL|",
        "2|NULL|NULL|NULL|",
        "3|NULL|NULL|2024-02-28 00:00:00+00|",
        "4|2024-02-29|2024-02-29 01:02:03.004|2024-02-29 05:06:07.000008+00|"),
    TEXT(
        "d character varying(26), t character varying(26), s character varying(26)|",
        "1|0000-00-00|0000-00-00 00:00:00.000|0000-00-00 00:00:00.000000|",
        "2|2024-02-00|2024-00-10 12:00:00.500|NULL|",
        "3|2024-02-31|2024-02-31 00:00:00.000|2024-02-28 00:00:00.000000|",
        "4|2024-02-29|2024-02-29 01:02:03.004|2024-02-29 05:06:07.000008|");

    private final String types;
    private final ImmutableList<String> rows;

    Choice(String types, String... rows) {
      this.types = types;
      this.rows = ImmutableList.copyOf(rows);
    }

    String flag() {
      return "--zero-dates=" + name().toLowerCase(Locale.ROOT);
    }
  }

  private static String empty() throws SQLException {
    String table = VITESS.newTable("zero_dates");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE "
            + table
            + " (id INT PRIMARY KEY, d DATE NOT NULL, t DATETIME(3) NOT NULL,"
            + " s TIMESTAMP(6) NULL, n INT NOT NULL DEFAULT 0)");
    return table;
  }

  private static void fill(String table) throws SQLException {
    change(
        "INSERT INTO "
            + table
            + " (id, d, t, s) VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00'),"
            + " (2, '2024-02-00', '2024-00-10 12:00:00.5', NULL),"
            + " (3, '2024-02-31', '2024-02-31', '2024-02-28'),"
            + " (4, '2024-02-29', '2024-02-29 01:02:03.004', '2024-02-29 05:06:07.000008')");
  }

  private static void change(String sql) throws SQLException {
    VITESS.execute(
        SHOP + ":0", "SET sql_mode = 'ALLOW_INVALID_DATES'", "SET time_zone = '+00:00'", sql);
  }

  @ParameterizedTest
  @EnumSource
  void areTheSameWhetherCopiedOrFollowed(Choice choice) throws SQLException {
    String copied = empty();
    fill(copied);
    assertThat(sync(copied, OLAP, choice.flag())).contains("copied 4 rows");
    String copiedByVStream = empty();
    fill(copiedByVStream);
    assertThat(sync(copiedByVStream, CdcCopy.copiedByVStream(SHOP), choice.flag()))
        .contains("copied 4 rows");
    String followed = empty();
    sync(followed, OLAP, choice.flag());
    fill(followed);
    assertThat(sync(followed, OLAP, choice.flag())).contains("4 inserted, 0 updated, 0 deleted");

    for (String table : List.of(copied, copiedByVStream, followed)) {
      assertRows(table, choice, "NOT _cdc_deleted AND n = 0");
      // The row as it was and as it is are both in the stream, and the copy's is taken out.
      change("UPDATE " + table + " SET n = 1");
      assertThat(sync(table, OLAP, choice.flag())).contains("0 inserted, 4 updated, 0 deleted");
      assertRows(table, choice, "NOT _cdc_deleted AND n = 1");
      change("DELETE FROM " + table);
      assertThat(sync(table, OLAP, choice.flag())).contains("0 inserted, 0 updated, 4 deleted");
      assertRows(table, choice, "_cdc_deleted AND n = 1");
    }
  }

  private static String sync(String table, String... more) {
    return POSTGRESQL.syncShop(table, "zero." + table, more);
  }

  private static void assertRows(String table, Choice choice, String condition)
      throws SQLException {
    assertThat(
            POSTGRESQL.rows(
                "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER"
                    + " BY attnum) FROM pg_attribute WHERE attname IN ('d', 't', 's') AND attrelid"
                    + " = 'zero."
                    + table
                    + "'::regclass"))
        .containsExactly(choice.types);
    assertThat(
            POSTGRESQL.rows(
                "SELECT id, d::text, t::text, s::text FROM zero." + table + " WHERE " + condition))
        .containsExactlyElementsOf(choice.rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"olap", "vstream"})
  void failACopyBeforeThereIsATable(String copy) throws SQLException {
    String table = empty();
    fill(table);
    assertFails(table, OLAP + "&copy=" + copy);
    assertThat(POSTGRESQL.rows("SELECT to_regclass('zero." + table + "')"))
        .containsExactly("NULL|");
  }

  @Test
  void failARunThatFollowsAndLeaveTheTableAsItWas() throws SQLException {
    String table = empty();
    change("INSERT INTO " + table + " VALUES (4, '2024-02-29', '2024-02-29', NULL, 0)");
    sync(table, OLAP);
    List<String> before = POSTGRESQL.rows("SELECT * FROM zero." + table);
    change("DELETE FROM " + table);
    fill(table);

    assertFails(table, OLAP);
    assertThat(POSTGRESQL.rows("SELECT * FROM zero." + table)).isEqualTo(before);

    // The way out that the message names.
    for (Choice choice : List.of(Choice.NULL, Choice.TEXT, Choice.NULL)) {
      assertThat(sync(table, OLAP, choice.flag())).contains("copied", "zero dates");
      assertRows(table, choice, "NOT _cdc_deleted");
    }
  }

  private static void assertFails(String table, String source) {
    IngestRun run = POSTGRESQL.trySyncShop(table, "zero." + table, source);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("Column [dts] of shop." + table)
        .contains("--zero-dates=null", "--zero-dates=text")
        .doesNotContain("\tat ");
  }

  @Test
  void ofAKeyAreTextOrAnError() throws SQLException {
    String table = VITESS.newTable("zero_dates");
    change("CREATE TABLE " + table + " (d DATE, id INT, n INT, PRIMARY KEY (d, id))");
    change("INSERT INTO " + table + " VALUES ('0000-00-00', 1, 0), ('2024-02-00', 1, 0)");

    IngestRun run = POSTGRESQL.trySyncShop(table, "zero." + table, OLAP, Choice.NULL.flag());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("Column d of shop." + table, "--zero-dates=text")
        .hasLineCount(1);

    sync(table, OLAP, Choice.TEXT.flag());
    change("UPDATE " + table + " SET n = 1 WHERE d = '2024-02-00'");
    change("INSERT INTO " + table + " VALUES ('2024-00-00', 1, 2)");
    change("DELETE FROM " + table + " WHERE d = '0000-00-00'");
    assertThat(sync(table, OLAP, Choice.TEXT.flag())).contains("1 inserted, 1 updated, 1 deleted");
    assertThat(POSTGRESQL.rows("SELECT d, id, n, _cdc_deleted FROM zero." + table))
        .containsExactly("0000-00-00|1|0|t|", "2024-00-00|1|2|f|", "2024-02-00|1|1|f|");
  }
}
