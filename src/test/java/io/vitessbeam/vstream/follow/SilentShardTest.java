package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.heartbeat;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids.Moment;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While a shard is silent its primary says until when nothing comes. */
@Timeout(60)
class SilentShardTest {

  /** Its own time, in seconds, long before that of the transactions. */
  private static final long PRIMARY = 1_600_000_000;

  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static Moment moment(long last, long seconds) {
    return new Moment(GtidSet.parse(gtid(last)), seconds);
  }

  private ShardReader open() {
    return fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
  }

  @Test
  void timeIsThatOfThePrimaryWhenItHasNothingMore() throws InterruptedException {
    fixture.vtgate.next(heartbeat(), FakeStep.stall());
    AtomicInteger asked = new AtomicInteger();
    fixture.now = () -> moment(3, PRIMARY + asked.incrementAndGet());
    ShardReader reader = open();

    ShardReader.Item first = StreamFixture.next(reader);
    ShardReader.Item second = StreamFixture.next(reader);

    assertThat(first.timeMillis()).isEqualTo(PRIMARY * 1000);
    assertThat(second.timeMillis()).isEqualTo((PRIMARY + 1) * 1000);
    for (ShardReader.Item item : new ShardReader.Item[] {first, second}) {
      assertThat(item.blocks()).isEmpty();
      assertThat(item.after()).isEqualTo(StreamPosition.at(gtid(3)));
      assertThat(item.commitMillis()).isZero();
    }
    assertThat(reader.backlogBytes()).isZero();
  }

  /** It waits for what the primary has, however alive vtgate is. */
  @Test
  void timeStandsStillWhileSomethingIsToCome() throws InterruptedException {
    Gate gate = new Gate();
    fixture.vtgate.next(
        heartbeat(),
        FakeStep.await(gate),
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        FakeStep.stall());
    AtomicInteger asked = new AtomicInteger();
    fixture.now =
        () -> {
          if (asked.incrementAndGet() == 3) {
            gate.open();
          }
          return moment(4, PRIMARY + 100);
        };
    ShardReader reader = open();

    ShardReader.Item row = StreamFixture.next(reader);
    assertThat(asked.get()).isGreaterThanOrEqualTo(3);
    assertThat(StreamFixture.rows(row)).containsExactly("t INSERT 1,a 4.1");
    assertThat(row.timeMillis()).isEqualTo(row.commitMillis());
    assertThat(StreamFixture.next(reader).timeMillis()).isEqualTo((PRIMARY + 99) * 1000);
  }

  /** By what is known of its transactions. */
  @Test
  void backlog() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "abcdef"))),
        send(transaction(5, SHOP.insert("t", 2, "abcdef"))),
        FakeStep.stall());
    fixture.now = () -> moment(105, PRIMARY);
    ShardReader reader = open();
    while (!reader.position().gtid().equals(gtid(5))) {
      StreamFixture.next(reader);
    }
    while (reader.backlogBytes() == 0) {
      assertThat(reader.poll(Duration.ofMillis(50))).isNull();
    }

    assertThat(reader.backlogBytes()).isBetween(500L, 20_000L);
  }

  /** A primary that is away is no failure of the stream. */
  @Test
  void noAnswer() throws InterruptedException {
    fixture.vtgate.next(FakeStep.stall());
    AtomicInteger asked = new AtomicInteger();
    fixture.now =
        () -> {
          if (asked.incrementAndGet() < 3) {
            throw new TransientException("no primary", null);
          }
          return moment(3, PRIMARY + 9);
        };

    assertThat(StreamFixture.next(open()).timeMillis()).isEqualTo((PRIMARY + 8) * 1000);
    assertThat(asked.get()).isEqualTo(3);
    assertThat(fixture.waits).containsExactly("0: no primary", "0: ");
  }

  /** A tablet took the primary's place that never got what was committed last. */
  @Test
  void transactionsThatTheShardLostEndTheStream() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))), FakeStep.stall());
    AtomicBoolean fallenOver = new AtomicBoolean();
    fixture.now =
        () -> {
          String others = ",22222222-2222-2222-2222-222222222222:1-2";
          GtidSet left = GtidSet.parse(gtid(3) + others);
          return fallenOver.get() ? new Moment(left, PRIMARY) : moment(4, PRIMARY);
        };
    ShardReader reader = open();
    assertThat(StreamFixture.rows(StreamFixture.next(reader))).hasSize(1);
    assertThat(StreamFixture.next(reader).timeMillis()).isEqualTo((PRIMARY - 1) * 1000);

    fallenOver.set(true);

    assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(30)))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("can't be followed from " + gtid(4))
        .hasMessageContaining("a failover lost transactions");
  }

  /** Answers that were on their way, or of who was the primary. */
  @Test
  void answersThatAreLateAreNoLoss() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))), FakeStep.stall());
    AtomicInteger asked = new AtomicInteger();
    fixture.now =
        () -> {
          int number = asked.incrementAndGet();
          return moment(number % 3 == 0 ? 4 : 3, PRIMARY + number);
        };
    ShardReader reader = open();

    while (asked.get() < 7) {
      reader.poll(Duration.ofSeconds(1));
    }
    assertThat(reader.position().gtid()).isEqualTo(gtid(4));
  }

  /** What the primary says is told rather than what vtgate makes of it. */
  @Test
  void whatTheStreamFailsWithIsToldUntilItBringsSomething() throws InterruptedException {
    Gate back = new Gate();
    fixture.vtgate.next(FakeStep.fail(Code.UNAVAILABLE, "no route"));
    fixture.vtgate.next(
        FakeStep.await(back),
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        FakeStep.stall());
    AtomicBoolean primaryIsAway = new AtomicBoolean();
    fixture.now =
        () -> {
          if (primaryIsAway.get()) {
            throw new TransientException("no primary", null);
          }
          return moment(4, PRIMARY);
        };
    ShardReader reader = open();
    assertThat(fixture.waits.take()).startsWith("0: ").contains("no route");
    primaryIsAway.set(true);
    assertThat(fixture.waits.take()).isEqualTo("0: no primary");
    primaryIsAway.set(false);
    assertThat(fixture.waits.take()).contains("no route");
    back.open();

    assertThat(StreamFixture.rows(StreamFixture.next(reader))).hasSize(1);
    assertThat(fixture.waits.take()).isEqualTo("0: ");
  }
}
