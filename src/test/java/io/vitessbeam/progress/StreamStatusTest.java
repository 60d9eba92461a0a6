package io.vitessbeam.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.progress.StreamSnapshot.Epoch;
import io.vitessbeam.progress.StreamSnapshot.Failure;
import io.vitessbeam.progress.StreamSnapshot.Flush;
import io.vitessbeam.progress.TableStatus.State;
import io.vitessbeam.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StreamStatusTest {

  private final ManualClock clock = new ManualClock();
  private final StreamStatus status = new StreamStatus(clock);

  private static SyncedTable changed(String table, long inserted, long updated, long deleted) {
    return new SyncedTable(table, table, false, "", 0, inserted, updated, deleted);
  }

  private TableStatus table(String name) {
    return status.snapshot().tables().get(name);
  }

  private ShardStatus shard(String name) {
    return status.snapshot().shards().get(name);
  }

  @Test
  void aRunThatEndsReportsNothing() {
    assertThat(status.snapshot().isEmpty()).isTrue();
    assertThat(status.snapshot().lag(clock.instant())).isEmpty();
    assertThat(status.snapshot().behind()).isEmpty();
  }

  @Test
  void aTableIsCopiedThenFollowedThenWaits() {
    Instant copying = clock.instant();
    status.copying("shop.orders");
    clock.advance(Duration.ofSeconds(5));
    status.copying("shop.orders");
    assertThat(table("shop.orders").state()).isEqualTo(State.COPYING);
    assertThat(table("shop.orders").since()).isEqualTo(copying);

    status.following("shop.orders");
    assertThat(table("shop.orders").state()).isEqualTo(State.FOLLOWING);
    assertThat(table("shop.orders").since()).isEqualTo(clock.instant());

    status.waiting("shop.orders", "column price is a text now");
    assertThat(table("shop.orders").reason()).isEqualTo("column price is a text now");
    assertThat(status.snapshot().in(State.WAITING)).containsOnlyKeys("shop.orders");

    status.following("shop.orders");
    assertThat(table("shop.orders").reason()).isEmpty();
    assertThat(status.snapshot().count(State.FOLLOWING)).isEqualTo(1);
  }

  @Test
  void flushesAddUp() {
    status.copying("shop.a");
    status.flushed(
        List.of(new SyncedTable("shop.a", "a", true, "", 10, 0, 0, 0)),
        10,
        100,
        Duration.ofMillis(30));
    clock.advance(Duration.ofSeconds(1));
    Instant second = clock.instant();
    status.flushed(
        List.of(changed("shop.a", 3, 2, 1), changed("shop.b", 0, 0, 0)),
        7,
        70,
        Duration.ofMillis(20));

    StreamSnapshot snapshot = status.snapshot();
    assertThat(snapshot.flushes()).isEqualTo(2);
    assertThat(snapshot.flushedRows()).isEqualTo(17);
    assertThat(snapshot.flushedBytes()).isEqualTo(170);
    assertThat(snapshot.flushTime()).isEqualTo(Duration.ofMillis(50));
    assertThat(snapshot.lastFlush()).contains(new Flush(second, 7, 70, Duration.ofMillis(20)));
    assertThat(snapshot.applied()).isEqualTo(16);
    assertThat(table("shop.a"))
        .extracting(
            TableStatus::state,
            TableStatus::copied,
            TableStatus::inserted,
            TableStatus::updated,
            TableStatus::deleted)
        .containsExactly(State.COPYING, 10L, 3L, 2L, 1L);
    assertThat(table("shop.a").lastChange()).contains(second);
    assertThat(table("shop.b").lastChange()).isEmpty();
  }

  @Test
  void theLagIsThatOfTheShardThatIsFarthestBehind() {
    long start = clock.millis();
    status.shard("-80", "MySQL56/a:1-5", start);
    clock.advance(Duration.ofSeconds(7));
    assertThat(status.snapshot().lag(clock.instant())).contains(Duration.ofSeconds(7));

    status.shard("80-", "MySQL56/b:1-9", start + 4_000);
    assertThat(shard("80-").lag(clock.instant())).contains(Duration.ofSeconds(3));
    assertThat(status.snapshot().lag(clock.instant())).contains(Duration.ofSeconds(7));
  }

  @Test
  void anIdleShardIsNotBehind() {
    long start = clock.millis();
    status.shard("0", "MySQL56/a:1-5", start);
    clock.advance(Duration.ofMinutes(10));
    status.behind("0", 0, clock.millis() - 1_000);
    assertThat(shard("0").lag(clock.instant())).contains(Duration.ofSeconds(1));
    assertThat(shard("0").lastCommit()).contains(Instant.ofEpochMilli(start));

    status.behind("0", 12, clock.millis());
    assertThat(shard("0").lag(clock.instant())).contains(Duration.ofSeconds(1));
    assertThat(status.snapshot().behind()).hasValue(12);

    status.shard("0", "MySQL56/a:1-9", clock.millis());
    assertThat(status.snapshot().behind()).isEmpty();
  }

  @Test
  void aReplayMakesNothingOlder() {
    long start = clock.millis();
    status.shard("0", "MySQL56/a:1-5", start);
    status.shard("0", "MySQL56/a:1-3", start - 60_000);
    status.shard("0", "MySQL56/a:1-4", 0);
    assertThat(shard("0").lag(clock.instant())).contains(Duration.ZERO);
    assertThat(shard("0").gtid()).isEqualTo("MySQL56/a:1-4");
  }

  @Test
  void clocksThatDifferMakeNoNegativeLag() {
    status.shard("0", "MySQL56/a:1-5", clock.millis() + 3_000);
    assertThat(shard("0").lag(clock.instant())).contains(Duration.ZERO);
  }

  @Test
  void theLagOfAShardThatGaveNothingIsUnknown() {
    status.planned(Set.of(), Set.of("-80", "80-"));
    status.shard("-80", "MySQL56/a:1-5", clock.millis());
    status.behind("-80", 4, clock.millis());
    assertThat(status.snapshot().lag(clock.instant())).isEmpty();
    assertThat(status.snapshot().behind()).isEmpty();
    status.behind("80-", 0, clock.millis());
    assertThat(status.snapshot().lag(clock.instant())).contains(Duration.ZERO);
  }

  @Test
  void whatAPlanLacksIsForgotten() {
    status.following("shop.a");
    status.following("shop.b");
    status.shard("0", "MySQL56/a:1-5", clock.millis());
    status.planned(Set.of("shop.b", "shop.c"), Set.of("-80", "80-"));
    assertThat(status.snapshot().tables()).containsOnlyKeys("shop.b");
    assertThat(status.snapshot().shards()).containsOnlyKeys("-80", "80-");

    status.left("-80");
    assertThat(status.snapshot().shards()).containsOnlyKeys("80-");
  }

  @Test
  void whatAShardWaitsForIsForgottenWithItAndWithThePlan() {
    status.waits("0", "no primary");
    assertThat(status.snapshot().shards()).isEmpty();
    status.planned(Set.of("shop.a"), Set.of("0"));
    status.waits("0", "no primary");
    status.shard("0", "MySQL56/a:1-5", clock.millis());
    assertThat(status.snapshot().waits()).isEqualTo(Map.of("0", "no primary"));

    status.planned(Set.of("shop.a"), Set.of("0"));
    assertThat(status.snapshot().waits()).isEmpty();
  }

  @Test
  void theLastEpochsAreKept() {
    for (int i = 1; i <= 30; i++) {
      status.epoch("reason " + i);
    }
    StreamSnapshot snapshot = status.snapshot();
    assertThat(snapshot.epochs()).isEqualTo(30);
    assertThat(snapshot.recentEpochs())
        .hasSize(20)
        .last()
        .isEqualTo(new Epoch(30, clock.instant(), "reason 30"));
  }

  @Test
  void theLastFailureIsKeptAndShortened() {
    status.failed("gone");
    Instant later = clock.advance(Duration.ofSeconds(1));
    status.failed("x".repeat(10_000));
    StreamSnapshot snapshot = status.snapshot();
    assertThat(snapshot.failures()).isEqualTo(2);
    assertThat(snapshot.lastFailure()).contains(new Failure(later, "x".repeat(2_000) + "…"));
  }

  @Test
  void aFailureIsOpenUntilSomethingIsAppliedOrPlanned() {
    status.failed("gone");
    assertThat(status.snapshot().openFailure()).isPresent();
    status.flushed(List.of(), 1, 10, Duration.ZERO);
    assertThat(status.snapshot().openFailure()).isEmpty();
    assertThat(status.snapshot().lastFailure()).isPresent();

    status.failed("gone again");
    status.epoch("gone again");
    assertThat(status.snapshot().openFailure()).isPresent();
    status.planned(Set.of("shop.t"), Set.of("0"));
    assertThat(status.snapshot().openFailure()).isEmpty();
  }

  @Test
  void threadsLoseNothing() throws Exception {
    int threads = 4;
    int flushes = 2_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        done.add(
            pool.submit(
                () -> {
                  for (int flush = 0; flush < flushes; flush++) {
                    status.flushed(List.of(changed("shop.t", 1, 1, 1)), 3, 30, Duration.ZERO);
                    status.snapshot();
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(table("shop.t").applied()).isEqualTo(3L * threads * flushes);
    assertThat(status.snapshot().flushedRows()).isEqualTo(3L * threads * flushes);
  }
}
