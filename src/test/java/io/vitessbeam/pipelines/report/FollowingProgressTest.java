package io.vitessbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.RunProgress;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.progress.StreamStatus;
import io.vitessbeam.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowingProgressTest {

  private final ManualClock clock = new ManualClock();
  private final StreamStatus stream = new StreamStatus(clock);
  private final RunProgress run = RunProgress.watch(UUID.randomUUID().toString());

  @AfterEach
  void close() {
    run.close();
  }

  private FollowingProgress progress() {
    return new FollowingProgress(
        "shop", 1_234_567, 1_200, Duration.ofHours(2), clock.instant(), stream.snapshot());
  }

  private void flush() {
    SyncedTable orders = new SyncedTable("shop.orders", "orders", false, "", 0, 900, 200, 100);
    stream.flushed(List.of(orders), 1_250, 125_000, Duration.ofMillis(80));
  }

  @Test
  void aLineHoldsStateRowsLagAndFlushes() {
    stream.following("shop.orders");
    stream.following("shop.customers");
    stream.copying("shop.events");
    stream.shard("-80", "MySQL56/a:1-9", clock.millis() - 1_100);
    stream.behind("-80", 17, clock.millis());
    flush();
    clock.advance(Duration.ofMillis(300));

    assertThat(progress().line())
        .isEqualTo(
            "shop  copying 1, following 2 tables  1,234,567 rows  1,200 rows/s  lag 1.4 s (17"
                + " transactions)  1 flush, the last of 1,250 rows 0.3 s ago");
  }

  @Test
  void aLineSaysWhatWaitsAndWhatFailed() {
    flush();
    clock.advance(Duration.ofSeconds(70));
    stream.waiting("shop.orders", "column price is text now");
    stream.failed("shop.duckdb: no space left on device");
    clock.advance(Duration.ofSeconds(2));

    assertThat(progress().line())
        .isEqualTo(
            "shop  waiting 1 table  1,234,567 rows  1,200 rows/s  1 flush, the last of 1,250 rows"
                + " 1 min 12 s ago  waiting: shop.orders (column price is text now)  failed 2.0 s"
                + " ago: shop.duckdb: no space left on device");
  }

  @Test
  void aLineSaysWhichShardIsWaitedFor() {
    stream.following("shop.orders");
    stream.planned(Set.of("shop.orders"), Set.of("-80", "80-"));
    stream.waits("80-", "no primary");

    assertThat(progress().line())
        .isEqualTo(
            "shop  following 1 table  1,234,567 rows  1,200 rows/s  waits for shard 80-: no"
                + " primary");
    stream.waits("80-", "");
    assertThat(progress().line()).doesNotContain("waits");
  }

  @Test
  void aFailureThatWasOvercomeIsNotRepeated() {
    stream.failed("no route to host");
    clock.advance(Duration.ofSeconds(1));
    flush();
    assertThat(progress().line()).doesNotContain("no route");
  }

  @Test
  void jsonIsAnObjectPerLine() {
    stream.epoch("");
    stream.following("shop.orders");
    stream.waiting("shop.notes", "no primary key");
    stream.shard("0", "MySQL56/a:1-9", clock.millis() - 1_500);
    stream.behind("0", 17, clock.millis());
    flush();
    clock.advance(Duration.ofSeconds(1));
    stream.failed("no route to host");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressDisplay.of("json", new PrintStream(bytes, true, StandardCharsets.UTF_8), 80)
        .show(progress());

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "{\"event\":\"progress\",\"table\":\"shop\",\"rows\":1234567,\"rows_per_sec\":1200,"
                + "\"elapsed_sec\":7200.0,"
                + "\"tables\":{\"copying\":0,\"following\":1,\"waiting\":1},"
                + "\"lag_sec\":2.5,\"transactions_behind\":17,\"rows_applied\":1200,\"flushes\":1,"
                + "\"last_flush\":{\"at\":\"2024-05-01T10:00:00Z\",\"rows\":1250,"
                + "\"bytes\":125000,\"took_sec\":0.08},\"epochs\":1,"
                + "\"waiting\":{\"shop.notes\":\"no primary key\"},"
                + "\"shards_waited_for\":{},"
                + "\"failure\":{\"at\":\"2024-05-01T10:00:01Z\","
                + "\"message\":\"no route to host\"}}");
  }

  @Test
  void theRateOfAStreamIsThatSinceTheLastLine() {
    WatchedProgress watched = new WatchedProgress("shop", run, clock);
    run.read("shop.t", "0", 1_000, 10_000);
    clock.advance(Duration.ofSeconds(10));
    assertThat(watched.get())
        .isEqualTo(
            new LoadProgress("shop", 1_000, 10_000, Duration.ofSeconds(10), run.rowsByShard()));

    run.stream().following("shop.t");
    assertThat(watched.get()).isInstanceOf(FollowingProgress.class);
    run.read("shop.t", "0", 500, 5_000);
    clock.advance(Duration.ofSeconds(5));
    assertThat(((FollowingProgress) watched.get()).rowsPerSecond()).isEqualTo(100);
  }
}
