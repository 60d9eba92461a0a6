package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strategy scd2, of a small table. */
class VersionsTest {

  @TempDir private Path directory;
  private DatabaseFile database;
  private ItemLoads items;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
    items = new ItemLoads(database);
  }

  @Test
  void everyVersionIsKept() throws Exception {
    LoadSpec first = items.spec(WriteStrategy.SCD2);
    items.load(first, "1 a one 1", "2 a two 1", "3 a three 1", "3 a three 1");
    LoadSpec second = items.spec(WriteStrategy.SCD2);
    items.load(second, "1 a one 1", "2 a zwei 1", "4 a four 1");
    LoadSpec third = items.spec(WriteStrategy.SCD2);
    items.load(third, "1 a one 1", "2 a zwei 1", "3 a back 1", "4 a four 1");

    assertThat(
            database.query(
                "SELECT id || name || _scd_is_current || (_scd_valid_to IS NULL) FROM items ORDER"
                    + " BY id, _scd_valid_from"))
        .containsExactly(
            "1onetruetrue",
            "2twofalsefalse",
            "2zweitruetrue",
            "3threefalsefalse",
            "3backtruetrue",
            "4fourtruetrue");
    assertThat(
            database.query(
                "SELECT count(*) FROM items a JOIN items b ON a.id = 2 AND b.id = 2 AND"
                    + " a._scd_valid_to = b._scd_valid_from"))
        .containsExactly(1L);
  }

  @Test
  void versionsBeginInUtcWhereverTheProcessRuns() throws Exception {
    database.execute(
        "CREATE TABLE items (id INTEGER, part VARCHAR, name VARCHAR, \"at\" INTEGER,"
            + " _scd_valid_from TIMESTAMPTZ, _scd_valid_to TIMESTAMPTZ, _scd_is_current BOOLEAN)");
    LoadSpec first = items.spec(WriteStrategy.SCD2);
    LoadSpec second = items.spec(WriteStrategy.SCD2);
    try (Connection machine = database.connect();
        Statement statement = machine.createStatement()) {
      // What a file that is opened takes from the machine.
      statement.execute("SET GLOBAL TimeZone = 'America/New_York'");
      items.load(first, "1 a one 1");
      items.load(second, "1 a eins 1");
    }

    assertThat(
            database.query(
                "SELECT epoch_us(_scd_valid_from), epoch_us(_scd_valid_to) FROM items ORDER BY 1"))
        .containsExactly(micros(first), micros(second), micros(second), null);
  }

  private static long micros(LoadSpec spec) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, spec.begun());
  }

  @Test
  void aRunThatBeganBeforeTheLatestVersionIsRefused() throws Exception {
    LoadSpec older = items.spec(WriteStrategy.SCD2);
    items.load(items.spec(WriteStrategy.SCD2), "1 a one 1");

    assertThatThrownBy(() -> items.load(older, "1 a stale 1", "2 a gone 1"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("items has versions from 2")
        .hasMessageContaining("clock")
        .hasMessageContaining("run again");
    assertThat(database.query("SELECT name FROM items WHERE _scd_is_current"))
        .containsExactly("one");
  }

  @Test
  void withAnIncrementalKeyAbsentRowsStayCurrent() throws Exception {
    items.load(items.spec(WriteStrategy.SCD2).withIncrementalKey("at"), "1 a one 1", "2 a two 1");
    items.load(items.spec(WriteStrategy.SCD2).withIncrementalKey("at"), "2 a zwei 2");

    assertThat(database.query("SELECT name FROM items WHERE _scd_is_current ORDER BY id"))
        .containsExactly("one", "zwei");
  }
}
