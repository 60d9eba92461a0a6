package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that are much larger than what a stream keeps of them in memory. */
@Tag("volume")
@Timeout(600)
class IngestStreamMemoryIT {

  private static final TestVitess VITESS = TestVitess.shared();

  /** The first 32 bits of a digest of each row, summed up. */
  private static final String OF_SOURCE =
      "SELECT COUNT(*), CAST(SUM(CONV(SUBSTR(MD5(CONCAT(id, note)), 1, 8), 16, 10)) AS UNSIGNED)"
          + " FROM ";

  private static final String OF_COPY =
      "SELECT count(*), CAST(sum(CAST('0x' || substr(md5(id || note), 1, 8) AS BIGINT)) AS BIGINT)"
          + " FROM %s WHERE NOT _cdc_deleted";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aTransactionOfAMillionRowsPassesIn512Megabytes(EmbeddedRunner runner) throws Exception {
    String table = VITESS.newTable("huge_stream");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, note VARCHAR(200) NOT NULL)",
        "INSERT INTO " + table + " VALUES (0, 'before')");
    List<String> flags =
        List.of(
            "--source-uri=" + uri(),
            "--source-table=" + table,
            "--dest-uri=" + StreamPlace.DUCKDB.uri(folder),
            "--flush-interval=1s");
    try (StreamProcess stream = StreamProcess.start(folder, "512m", runner, flags)) {
      awaitSame(table, stream);
      VITESS.execute(
          SHOP + ":0",
          "SET workload = 'dba'",
          "INSERT INTO " + table + " " + TestVitess.numbers(10, "n, repeat(md5(n), 4)"));
      awaitSame(table, stream);
      VITESS.execute(SHOP, "UPDATE " + table + " SET note = 'after' WHERE id < 1000");
      awaitSame(table, stream);
      stream.stop();
    }
  }

  private static String uri() {
    return "vitess+cdc://%s:%d/%s?grpc_port=%d"
        .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort());
  }

  private void awaitSame(String table, StreamProcess stream) throws Exception {
    List<String> expected;
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      expected = TableRows.of(connection, OF_SOURCE + table);
    }
    long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
    while (System.nanoTime() < deadline && stream.runs() && !copy(table).equals(expected)) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
    assertThat(stream.runs()).as(stream.output()).isTrue();
    assertThat(copy(table)).as(stream.output()).isEqualTo(expected);
  }

  private List<String> copy(String table) {
    try {
      return StreamPlace.DUCKDB.rows(folder, OF_COPY.formatted(table));
    } catch (SQLException e) {
      // Not there yet, or being written.
      return List.of();
    }
  }
}
