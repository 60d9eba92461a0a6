package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.fail;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.testing.FakeCall;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader does when its stream fails, and how it ends. */
@Timeout(60)
class RetriesTest {

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
  void aFailureThatMayPassIsTriedAgainAfterALittle() throws InterruptedException {
    fixture
        .vtgate
        .next(fail(Code.UNAVAILABLE, "connection refused"))
        .next(fail(Code.UNAVAILABLE, "connection refused"))
        .next(send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))));
    long start = System.nanoTime();

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
    // 100 ms, then 200 ms; see Retry.
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(300).toNanos());
    assertThat(fixture.vtgate.calls()).hasSize(3);
  }

  @Test
  void aFailureThatDoesNotPassFailsInTheEnd() {
    fixture.retryPatience = Duration.ofMillis(500);
    fixture.vtgate.always(fail(Code.UNAVAILABLE, "connection refused"));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("Streaming shop/0, table t")
        .hasMessageContaining("connection refused")
        .hasMessageContaining("given up after");
    assertThat(fixture.vtgate.calls()).hasSizeGreaterThan(1);
  }

  private static final FakeStep NO_TABLET =
      fail(Code.CANCELLED, "failed to find a PRIMARY tablet for VStream in shop/0 within the cell");

  /** vtgate says that it finds no tablet, which is also what it says where none serves. */
  @Test
  void aPositionBeforePurgedLogsIsNotWaitedFor() {
    fixture.executed = () -> GtidSet.parse(gtid(9));
    fixture.purged = () -> GtidSet.parse(gtid(4));
    fixture.vtgate.always(NO_TABLET);

    assertThatThrownBy(() -> fixture.rows(until(5)))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("shop/0, table t can't be followed from " + gtid(3))
        .hasMessageContaining("purged");
    assertThat(fixture.vtgate.calls()).hasSize(1);
  }

  @Test
  void aPositionThatTheShardNeverHadIsNotWaitedFor() {
    fixture.executed = () -> GtidSet.parse(gtid(2));
    fixture.vtgate.always(NO_TABLET);

    assertThatThrownBy(() -> fixture.rows(until(5)))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("the shard never had all of it");
  }

  @Test
  void tabletsThatAreAwayAreWaitedFor() throws InterruptedException {
    fixture.executed = () -> GtidSet.parse(gtid(4));
    fixture.purged =
        () -> {
          fixture.purged = () -> GtidSet.parse(gtid(3));
          throw new TransientException("no primary", null);
        };
    fixture
        .vtgate
        .next(NO_TABLET)
        .next(NO_TABLET)
        .next(send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  /** The begin of the transaction comes each time, which isn't progress. */
  @Test
  void aTransactionAtWhichItAlwaysBreaksFailsInTheEnd() {
    fixture.retryPatience = Duration.ofMillis(500);
    fixture.vtgate.always(
        send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "a")),
        fail(Code.UNAVAILABLE, "connection reset"));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("given up after");
  }

  @Test
  void progressMakesThePatienceWhole() throws InterruptedException {
    fixture.retryPatience = Duration.ofMillis(250);
    for (int n = 4; n < 12; n++) {
      fixture.vtgate.next(send(transaction(n)), fail(Code.UNAVAILABLE, "connection reset"));
    }
    fixture.vtgate.next(send(transaction(12)));

    assertThat(last(fixture.read(until(12))).end().gtid()).isEqualTo(gtid(12));
  }

  @Test
  void aStallNamesTheLastFailure() {
    fixture.stall = Duration.ofMillis(300);
    fixture.vtgate.always(fail(Code.UNAVAILABLE, "connection refused"));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("has stood still")
        .hasMessageContaining("connection refused");
  }

  @Test
  void aStreamThatEndsIsOpenedAgain() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)), FakeStep.complete()).next(send(transaction(5)));

    assertThat(last(fixture.read(until(5))).end().gtid()).isEqualTo(gtid(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INTERNAL|could not decode position: invalid MySQL 5.6 GTID set|REFRESH",
        "FAILED_PRECONDITION|shard provided in VGTID, 0, not found in the shop keyspace|REFRESH",
        "INTERNAL|minimal binlog_row_image is not supported by Vitess VReplication|CONFIGURATION",
        "UNKNOWN|table t is not present in the database|CONFIGURATION",
        "PERMISSION_DENIED|auth failure|CONFIGURATION"
      })
  void whatDoesNotPassFailsAtOnce(Code code, String text, String kind) {
    fixture.vtgate.next(fail(code, text));
    Class<? extends VitessBeamException> type =
        kind.equals("REFRESH") ? NeedsRefreshException.class : ConfigurationException.class;

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(type)
        .hasMessageContaining("shop/0, table t")
        .hasMessageContaining(text);
    assertThat(fixture.vtgate.calls()).hasSize(1);
  }

  /** Also after what was committed before, which is given out first. */
  @Test
  void theFailureComesAgainWithEachCall() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)), fail(Code.PERMISSION_DENIED, "auth failure"));
    ShardReader reader = fixture.open(until(5));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> StreamFixture.read(reader))
          .isInstanceOf(ConfigurationException.class);
    }
  }

  @Test
  void closingEndsTheCallAndTheThread() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
    StreamFixture.next(reader);

    reader.close();

    FakeCall call = fixture.vtgate.calls().get(0);
    call.awaitEnd();
    assertThat(call.isCancelled()).isTrue();
    reader.awaitEnd();
    assertThat(fixture.vtgate.calls()).hasSize(1);
  }

  @Test
  void closingEndsAReaderThatWaitsForItsTaker() throws InterruptedException {
    fixture.limits = new ReaderLimits(1, 1 << 20, 1, 1, 1, 20, 200, fixture.limits.folder());
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.insert("t", 2, "b"))),
        send(transaction(6, SHOP.insert("t", 3, "c"))));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
    StreamFixture.next(reader);

    reader.close();

    reader.awaitEnd();
  }

  @Test
  void closingEndsAReaderThatWaitsForItsNextTry() throws InterruptedException {
    fixture.vtgate.always(fail(Code.UNAVAILABLE, "connection refused"));
    ShardReader reader = fixture.open(until(4));
    assertThat(reader.poll(Duration.ofMillis(500))).isNull();

    reader.close();
    reader.close();

    reader.awaitEnd();
  }

  @Test
  void theThreadEndsWithTheStream() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)));
    ShardReader reader = fixture.open(until(4));
    StreamFixture.read(reader);

    reader.awaitEnd();
    assertThat(reader.poll(Duration.ofMillis(1))).isNull();
    fixture.vtgate.calls().get(0).awaitEnd();
  }

  /** A taker that is slow bounds what is read ahead. */
  @Test
  void whatIsReadAheadIsBounded() throws InterruptedException {
    fixture.limits = new ReaderLimits(1, 1 << 20, 1, 8 << 20, 3, 20, 200, fixture.limits.folder());
    FakeStep[] steps = new FakeStep[2000];
    String value = "x".repeat(20_000);
    steps[0] = send(transaction(4, fields("t")));
    for (int i = 1; i < steps.length; i++) {
      steps[i] = send(transaction(4 + i, SHOP.insert("t", i, value)));
    }
    fixture.vtgate.next(steps);
    ShardReader reader = fixture.open(until(2003));
    List<String> first = StreamFixture.rows(StreamFixture.next(reader));
    assertThat(first).hasSizeLessThanOrEqualTo(1);

    // 40 MB are there to be sent. 8 MB wait undecoded, 4 MB in the connection, and some in both
    // ends of it.
    long seen = -1;
    while (seen != fixture.vtgate.calls().get(0).sent()) {
      seen = fixture.vtgate.calls().get(0).sent();
      Thread.sleep(300);
    }
    assertThat(seen * value.length()).isBetween(8L << 20, 20L << 20);
    assertThat(StreamFixture.rows(StreamFixture.read(reader))).hasSize(1999 - first.size());
  }
}
