package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.heartbeat;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.U;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.rows;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata.Rule;
import binlogdata.Binlogdata.VEvent;
import io.vitessbeam.TransientException;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a bounded stream ends, and from where on each of its tables takes part in it. */
@Timeout(60)
class StreamEndTest {

  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private ShardStream until(long last) {
    return fixture.stream(StreamPosition.at(gtid(3)), last, T);
  }

  @Test
  void aCommitEndsIt() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.insert("t", 2, "b"))),
        send(transaction(6, SHOP.insert("t", 3, "beyond"))));

    List<ShardReader.Item> items = fixture.read(until(5));

    assertThat(rows(items)).containsExactly("t INSERT 1,a 4.1", "t INSERT 2,b 5.1");
    assertThat(last(items).end().gtid()).isEqualTo(gtid(5));
  }

  /** In the response that ends it, too. */
  @Test
  void whatComesBehindItIsLeftOut() throws InterruptedException {
    List<VEvent> events = new ArrayList<>(transaction(4, fields("t"), SHOP.insert("t", 1, "a")));
    events.addAll(transaction(5, SHOP.insert("t", 2, "beyond")));
    fixture.vtgate.next(FakeStep.send(events));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void anOtherEndsIt() throws InterruptedException {
    fixture.vtgate.next(send(SHOP.vgtid(gtid(4)), SHOP.other()));

    assertThat(last(fixture.read(until(4))).end().gtid()).isEqualTo(gtid(4));
  }

  @Test
  void aDdlEndsIt() throws InterruptedException {
    fixture.vtgate.next(send(SHOP.vgtid(gtid(4)), SHOP.ddl("truncate table t")));

    assertThat(fixture.rows(until(4))).containsExactly("t TRUNCATE -,- 4.1");
  }

  /** A position that has more than the boundary has it, too. */
  @Test
  void aLaterPositionEndsIt() throws InterruptedException {
    String both = gtid(5) + ",4f22fb58-82db-22f2-af44-d91bb0530673:1-2";
    fixture.vtgate.next(send(SHOP.begin(), SHOP.vgtid(both), SHOP.commit()));

    assertThat(last(fixture.read(until(4))).end().gtid()).isEqualTo(both);
  }

  /** A boundary of two servers is reached when both have it. */
  @Test
  void aSetIsReachedAsAWhole() throws InterruptedException {
    String other = ",4f22fb58-82db-22f2-af44-d91bb0530673:1-";
    fixture.vtgate.next(
        send(SHOP.vgtid(gtid(9) + other + 1), SHOP.other()),
        send(SHOP.vgtid(gtid(9) + other + 2), SHOP.other()));

    List<ShardReader.Item> items =
        fixture.read(
            fixture.stream(
                StreamPosition.at(gtid(3)),
                gtid(5) + ",\n4f22fb58-82db-22f2-af44-d91bb0530673:1-2",
                List.of(new ShardStream.Table(T, ""))));

    assertThat(last(items).end().gtid()).isEqualTo(gtid(9) + other + 2);
  }

  @Test
  void nothingIsAskedWhenItIsReachedAlready() throws InterruptedException {
    List<ShardReader.Item> items = fixture.read(until(3));

    assertThat(items).hasSize(1);
    assertThat(last(items).end().gtid()).isEqualTo(gtid(3));
    assertThat(last(items).after().done()).isTrue();
    assertThat(fixture.vtgate.calls()).isEmpty();
  }

  @Test
  void heartbeatsEndNothing() throws InterruptedException {
    Gate end = new Gate();
    fixture.vtgate.next(
        send(SHOP.begin(), SHOP.vgtid(gtid(4))),
        heartbeat(),
        heartbeat(),
        FakeStep.await(end),
        send(SHOP.commit()));
    ShardReader reader = fixture.open(until(4));
    end.awaitReached();

    assertThat(reader.poll(Duration.ofMillis(200))).isNull();
    end.open();

    assertThat(last(StreamFixture.read(reader)).end().gtid()).isEqualTo(gtid(4));
  }

  @Test
  void silenceIsAStall() {
    fixture.stall = Duration.ofMillis(300);
    fixture.vtgate.next(send(transaction(4)));

    assertThatThrownBy(() -> fixture.read(until(5)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("shop/0, table t has stood still")
        .hasMessageContaining("at " + gtid(4))
        .hasMessageContaining("at " + gtid(5));
  }

  /** vtgate sends them while it has no tablet. */
  @Test
  void heartbeatsAloneAreAStall() {
    fixture.stall = Duration.ofMillis(300);
    fixture.executed =
        () -> {
          throw new TransientException("no primary", null);
        };
    fixture.vtgate.next(heartbeats(500));

    assertThatThrownBy(() -> fixture.read(until(5)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("has stood still");
  }

  /** vtgate sends nothing of a transaction before its COMMIT, however long it takes. */
  @Test
  void aTransactionMayTakeLongerThanAStall() throws InterruptedException {
    fixture.stall = Duration.ofMillis(500);
    List<FakeStep> steps = new ArrayList<>(List.of(heartbeats(150)));
    steps.add(send(transaction(4, fields("t"), SHOP.insert("t", 1, "large"))));
    fixture.vtgate.next(steps.toArray(FakeStep[]::new));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,large 4.1");
  }

  private static FakeStep[] heartbeats(int count) {
    FakeStep[] steps = new FakeStep[2 * count];
    for (int i = 0; i < count; i++) {
      steps[2 * i] = after(Duration.ofMillis(10L * i));
      steps[2 * i + 1] = heartbeat();
    }
    return steps;
  }

  /** Holds the script up to a time from now. */
  private static FakeStep after(Duration delay) {
    Gate gate = new Gate();
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(gate::open);
    return FakeStep.await(gate);
  }

  /** Each transaction comes before the stall time is over, all of them take longer. */
  @Test
  void progressIsNoStall() throws InterruptedException {
    fixture.stall = Duration.ofSeconds(2);
    List<FakeStep> steps = new ArrayList<>();
    for (int n = 4; n <= 9; n++) {
      steps.add(after(Duration.ofMillis(500L * (n - 3))));
      steps.add(send(transaction(n)));
    }
    fixture.vtgate.next(steps.toArray(FakeStep[]::new));
    long start = System.nanoTime();

    assertThat(last(fixture.read(until(9))).end().gtid()).isEqualTo(gtid(9));
    assertThat(System.nanoTime() - start).isGreaterThan(fixture.stall.toNanos());
  }

  /** Who takes slowly is not a server that stands still. */
  @Test
  void waitingForTheTakerIsNoStall() throws InterruptedException {
    fixture.stall = Duration.ofMillis(300);
    fixture.limits = new ReaderLimits(1, 1 << 20, 1, 1, 1, 20, 200, fixture.limits.folder());
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.insert("t", 2, "b"))),
        send(transaction(6, SHOP.insert("t", 3, "c"))));
    ShardReader reader = fixture.open(until(6));
    StreamFixture.next(reader);

    // Three times as long as a server may stand still.
    Thread.sleep(900);

    assertThat(last(StreamFixture.read(reader)).end().gtid()).isEqualTo(gtid(6));
  }

  @Test
  void anEndlessStreamMayBeSilent() throws InterruptedException {
    fixture.stall = Duration.ofMillis(1);
    fixture.vtgate.next(send(transaction(4)));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
    StreamFixture.next(reader);

    assertThat(reader.poll(Duration.ofMillis(300))).isNull();
  }

  /** The shard goes on, and nothing of that comes. */
  @Test
  void anEndlessStreamThatFallsBehindIsAStall() {
    fixture.stall = Duration.ofMillis(200);
    fixture.executed = () -> GtidSet.parse(gtid(5));
    fixture.vtgate.next(send(transaction(4)));

    assertThatThrownBy(() -> fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 0, T)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("has stood still")
        .hasMessageContaining("at " + gtid(4))
        .hasMessageContaining(gtid(5) + " already");
  }

  private ShardStream with(String afterT, String afterU, long until) {
    return fixture.stream(
        StreamPosition.at(gtid(3)),
        gtid(until),
        List.of(new ShardStream.Table(T, afterT), new ShardStream.Table(U, afterU)));
  }

  @Test
  void changesThatATableHasAreLeftOut() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "known"))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("truncate table t")),
        send(transaction(6, SHOP.insert("t", 2, "b"))));

    assertThat(
            fixture.rows(
                fixture.stream(
                    StreamPosition.at(gtid(3)),
                    gtid(6),
                    List.of(new ShardStream.Table(T, gtid(5))))))
        .containsExactly("t INSERT 2,b 6.1");
  }

  /** vttablet may not be able to decode what is left out anyway, so it isn't asked for. */
  @Test
  void aTableTakesPartFromItsPositionOn() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
            send(transaction(5, SHOP.insert("t", 2, "b"))),
            send(transaction(6, SHOP.insert("t", 3, "comes again"))))
        .next(
            send(
                transaction(
                    6,
                    fields("t"),
                    fields("u"),
                    SHOP.insert("t", 3, "c"),
                    SHOP.insert("u", 1, "x"))));

    assertThat(fixture.rows(with("", gtid(5), 6)))
        .containsExactly(
            "t INSERT 1,a 4.1", "t INSERT 2,b 5.1", "t INSERT 3,c 6.1", "u INSERT 1,x 6.1");
    assertThat(fixture.vtgate.requests())
        .extracting(request -> request.getVgtid().getShardGtids(0).getGtid())
        .containsExactly(gtid(3), gtid(5));
    assertThat(fixture.vtgate.requests())
        .extracting(
            request -> request.getFilter().getRulesList().stream().map(Rule::getMatch).toList())
        .containsExactly(List.of("t"), List.of("t", "u"));
  }

  /** The stream needn't be opened again for a table that has all there is. */
  @Test
  void aTableThatHasAllUpToTheEndTakesNoPart() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)), send(transaction(5)));

    assertThat(last(fixture.read(with("", gtid(5), 5))).end().gtid()).isEqualTo(gtid(5));
    assertThat(fixture.vtgate.calls()).hasSize(1);
  }

  /** Its position and the stream's differ in both directions, as after a failover. */
  @Test
  void aTableWithAnotherHistoryTakesPartAtOnce() throws InterruptedException {
    String other = "4f22fb58-82db-22f2-af44-d91bb0530673:1-2";
    fixture.vtgate.next(send(transaction(4, fields("t"), fields("u"), SHOP.insert("u", 1, "x"))));

    assertThat(fixture.rows(with("", gtid(2) + "," + other, 4)))
        .containsExactly("u INSERT 1,x 4.1");
    assertThat(fixture.vtgate.requests().get(0).getFilter().getRulesCount()).isEqualTo(2);
  }

  /** Of a transaction that jumps over the table's position nothing is known yet. */
  @Test
  void aTransactionThatJumpsOverThePositionIsTaken() throws InterruptedException {
    fixture
        .vtgate
        .next(send(transaction(6, fields("t"), SHOP.insert("t", 1, "a"))))
        .next(
            send(
                transaction(
                    6,
                    fields("t"),
                    fields("u"),
                    SHOP.insert("t", 1, "a"),
                    SHOP.insert("u", 1, "x"))));

    assertThat(fixture.rows(with("", gtid(5), 6)))
        .containsExactly("t INSERT 1,a 6.1", "u INSERT 1,x 6.1");
    assertThat(fixture.vtgate.calls()).hasSize(2);
  }
}
