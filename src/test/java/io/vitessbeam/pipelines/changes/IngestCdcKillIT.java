package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.pipelines.IngestProcess;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code pipelines/ingest} is killed with -9 while it copies a table, and while it applies changes.
 */
@Tag("volume")
class IngestCdcKillIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int KILLS = 4;
  private static final int ROWS = 60_000;

  @TempDir private Path folder;
  @TempDir private Path temporary;

  @ParameterizedTest
  @EnumSource
  void theDestinationIsAsBeforeOrAsAfter(EmbeddedRunner runner)
      throws IOException, InterruptedException, SQLException {
    String table = VITESS.newTable("killed");
    String small = VITESS.newTable("killed_small");
    List<String> tables = List.of(table, small);
    CdcCopy copy = new CdcCopy(runner, SHOP, folder.resolve("killed.duckdb"));
    CdcCopy probe = new CdcCopy(runner, SHOP, folder.resolve("probe.duckdb"));
    new EventsTable(VITESS.uri(SHOP), table).create(ROWS);
    new EventsTable(VITESS.uri(SHOP), small).create(10);
    long copyMillis = timed(probe, tables);

    Random random = new Random(11);
    for (int kill = 0; kill < KILLS; kill++) {
      run(copy, tables, moment(random, copyMillis));
      assertNothingOrAll(copy, table, small);
    }
    assertThat(run(copy, tables, Long.MAX_VALUE)).isZero();
    copy.assertSame(table, small);

    change(table, small);
    List<String> before = live(copy, table, small);
    long changeMillis = timed(probe, tables);
    List<String> after = live(probe, table, small);
    for (int kill = 0; kill < KILLS; kill++) {
      run(copy, tables, moment(random, changeMillis));
      List<String> found = live(copy, table, small);
      assertThat(found.equals(before) || found.equals(after))
          .as("all or nothing after kill %d: %d rows", kill, found.size())
          .isTrue();
    }
    assertThat(run(copy, tables, Long.MAX_VALUE)).isZero();

    copy.assertSame(table, small);
    // Nothing is left of the dead runs but the copies and the positions.
    assertThat(TableRows.tables(copy.file())).isEqualTo(TableRows.tables(probe.file()));
  }

  /** From when the program has begun until about when it is done. */
  private static long moment(Random random, long wholeMillis) {
    return wholeMillis / 4 + random.nextInt((int) wholeMillis * 3 / 4);
  }

  private static void change(String table, String small) throws SQLException {
    for (int from = 0; from < ROWS; from += 10_000) {
      String slice = " AND id BETWEEN " + (from + 1) + " AND " + (from + 10_000);
      VITESS.execute(
          SHOP,
          "UPDATE " + table + " SET note = CONCAT(note, '!') WHERE id % 3 = 0" + slice,
          "DELETE FROM " + table + " WHERE id % 10 = 1" + slice);
    }
    VITESS.execute(SHOP, "UPDATE " + small + " SET note = 'changed'");
  }

  private static void assertNothingOrAll(CdcCopy copy, String... tables) throws SQLException {
    if (!Files.exists(copy.file())) {
      return;
    }
    List<String> there = TableRows.tables(copy.file());
    if (there.contains("main." + tables[0] + "|") || there.contains("main." + tables[1] + "|")) {
      copy.assertSame(tables);
    }
  }

  private static List<String> live(CdcCopy copy, String table, String small) throws SQLException {
    String columns = "* EXCLUDE (_cdc_lsn, _cdc_deleted, _cdc_synced_at)";
    String sql = "SELECT " + columns + " FROM %s WHERE NOT _cdc_deleted";
    return copy.rows(sql.formatted(table) + " UNION ALL " + sql.formatted(small));
  }

  private long timed(CdcCopy copy, List<String> tables) throws IOException, InterruptedException {
    long start = System.nanoTime();
    assertThat(run(copy, tables, Long.MAX_VALUE)).isZero();
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** Runs it until it ends or is killed, and gives its exit code. */
  private int run(CdcCopy copy, List<String> tables, long killAfterMillis)
      throws IOException, InterruptedException {
    return new IngestProcess(folder, temporary, "1g")
        .run(
            copy.runner(),
            killAfterMillis,
            "--source-uri=" + CdcCopy.uri(SHOP),
            "--include-tables=" + String.join(",", tables),
            "--dest-uri=duckdb:///" + copy.file());
  }
}
