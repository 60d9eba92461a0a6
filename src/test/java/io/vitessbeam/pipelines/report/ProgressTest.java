package io.vitessbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.pipelines.DestinationTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

  private static final LoadProgress SHARDED =
      progress(1_234_567, Map.of("shop.events/80-", 634_567L, "shop.events/-80", 600_000L));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static LoadProgress progress(long rows, Map<String, Long> rowsByShard) {
    return new LoadProgress("shop.events", rows, rows * 200, Duration.ofSeconds(5), rowsByShard);
  }

  @Test
  void aLineHoldsAllOfIt() {
    assertThat(SHARDED.line())
        .isEqualTo(
            "shop.events  1,234,567 rows  246,900 rows/s  49.4 MB/s  5.0 s  [-80 600,000, 80-"
                + " 634,567]");
  }

  @Test
  void oneShardIsNotNamed() {
    assertThat(progress(10, Map.of("shop.events/0", 10L)).line())
        .isEqualTo("shop.events  10 rows  2 rows/s  0.0 MB/s  5.0 s");
  }

  @Test
  void ofSeveralTablesTheTablesAreShown() {
    Map<String, Long> parts = Map.of("shop.a/-80", 1L, "shop.a/80-", 2L, "shop.b.c/-80", 4L);
    assertThat(new LoadProgress("shop", 7, 700, Duration.ofSeconds(1), parts).line())
        .isEqualTo("shop  7 rows  7 rows/s  0.0 MB/s  1.0 s  [a 3, b.c 4]");
  }

  @Test
  void ofAJobOnAClusterItsTasksAreShown() {
    Duration time = Duration.ofSeconds(5);
    assertThat(new ClusterProgress("shop.events", "submitted", 0, 0, 0, time).line())
        .isEqualTo("shop.events  submitted  5.0 s");
    ClusterProgress running = new ClusterProgress("shop.events", "running", 12, 31, 1_234, time);
    assertThat(running.line())
        .isEqualTo("shop.events  running  12 of 31 tasks done  1,234 rows  5.0 s");

    ProgressDisplay.of("json", err, 0).show(running);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("\"state\":\"running\",\"tasks_done\":12,\"tasks\":31,\"rows\":1234");
  }

  @Test
  void theTerminalLineIsWrittenAnewAndFits() {
    ProgressDisplay display = ProgressDisplay.of("interactive", err, 20);
    display.show(SHARDED);
    display.end(SHARDED, true);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\u001b[Kshop.events  1,234,\r\u001b[K");
  }

  @Test
  void withoutATerminalItIsALog() {
    assertThat(ProgressDisplay.of("interactive", err, 0)).isInstanceOf(ProgressDisplay.Log.class);
  }

  @Test
  void jsonIsAnObjectPerLine() {
    ProgressDisplay display = ProgressDisplay.of("json", err, 80);
    display.show(SHARDED);
    display.end(SHARDED, false);
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "{\"event\":\"progress\",\"table\":\"shop.events\",\"rows\":1234567,\"bytes\":246913400,"
                + "\"rows_per_sec\":246900,\"elapsed_sec\":5.0,"
                + "\"rows_by_shard\":{\"shop.events/-80\":600000,\"shop.events/80-\":634567}}",
            "{\"event\":\"end\",\"table\":\"shop.events\",\"rows\":1234567,\"bytes\":246913400,"
                + "\"rows_per_sec\":246900,\"elapsed_sec\":5.0,"
                + "\"rows_by_shard\":{\"shop.events/-80\":600000,\"shop.events/80-\":634567},"
                + "\"successful\":false}");
  }

  @Test
  void otherFormsAreRefused() {
    assertThatThrownBy(() -> ProgressDisplay.of("fancy", err, 80))
        .hasMessage("--progress is interactive, log or json, not fancy");
  }

  @Test
  void theLastLineSaysWhatWasLoaded() {
    assertThat(
            new Loaded(
                "shop.events",
                "/tmp/x.duckdb",
                new DestinationTable("main", "events"),
                WriteStrategy.REPLACE,
                2_000_000,
                0,
                0,
                Duration.ofMillis(8_100)))
        .hasToString(
            "Loaded 2,000,000 rows of shop.events into /tmp/x.duckdb main.events in 8.1 s (246,900"
                + " rows/s)");
    assertThat(
            new Loaded(
                "shop.t",
                "/x",
                new DestinationTable("main", "t"),
                WriteStrategy.DELETE_INSERT,
                1,
                1,
                2_345,
                Duration.ofMillis(300)))
        .hasToString(
            "Loaded 1 row of shop.t into /x main.t by delete+insert in 0.3 s; 1 row and 2,345"
                + " values for which it has no room left out (--schema-contract)");
  }

  @ParameterizedTest
  @CsvSource({"300, 0.3 s", "59999, 60.0 s", "61000, 1 min 01 s", "3720000, 1 h 02 min"})
  void timesAreReadable(long millis, String text) {
    assertThat(Rates.time(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
