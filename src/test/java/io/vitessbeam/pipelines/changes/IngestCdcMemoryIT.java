package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestProcess;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transaction that is much larger than what is kept of it in memory. */
@Tag("volume")
class IngestCdcMemoryIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String NOTE = "repeat(md5(%s), 10)";

  @TempDir private Path folder;
  @TempDir private Path temporary;

  /** Of 320 characters a row, 160 MB in all, twice as much as update. */
  @ParameterizedTest
  @EnumSource
  void aTransactionOfHalfAMillionRowsPassesIn512Megabytes(EmbeddedRunner runner)
      throws IOException, InterruptedException, SQLException {
    String table = VITESS.newTable("huge");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, note TEXT)",
        "INSERT INTO " + table + " VALUES (0, 'before')");
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    IngestProcess process = new IngestProcess(temporary, temporary, "512m");
    String[] flags = {
      "--source-uri=" + CdcCopy.uri(SHOP),
      "--source-table=" + table,
      "--dest-uri=duckdb:///" + copy.file()
    };
    process.run(runner, flags);
    VITESS.execute(
        SHOP + ":0",
        "SET workload = 'dba'",
        "INSERT INTO " + table + " " + TestVitess.numbers(5, "n, " + NOTE.formatted("n")));
    process.run(runner, flags);
    copy.assertSame(table);

    VITESS.execute(
        SHOP + ":0",
        "SET workload = 'dba'",
        // Of one table alone, vttablet updates 10,000 rows at most.
        "UPDATE %s AS a JOIN %s AS b USING (id) SET a.note = %s"
            .formatted(table, table, NOTE.formatted("a.id + 1")));
    process.run(runner, flags);
    copy.assertSame(table);
    assertThat(copy.rows("SELECT count(*) FROM " + table)).containsExactly("500001|");
  }
}
