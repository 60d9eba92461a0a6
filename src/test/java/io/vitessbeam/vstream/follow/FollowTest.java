package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.heartbeat;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.testing.ShardEvents.inserted;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.U;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.next;
import static io.vitessbeam.vstream.follow.StreamFixture.rows;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import binlogdata.Binlogdata;
import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import io.grpc.Status;
import io.vitess.proto.Topodata;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The orders of events in which a vtgate streams transactions. */
@Timeout(60)
class FollowTest {

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
    return fixture.stream(StreamPosition.at(gtid(3)), last, T, U);
  }

  @Test
  void asksForTheTablesFromThePosition() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)));

    fixture.rows(until(4));

    VStreamRequest request = fixture.vtgate.requests().get(0);
    assertThat(request.getTabletType()).isEqualTo(Topodata.TabletType.PRIMARY);
    assertThat(request.getVgtid().getShardGtidsList())
        .containsExactly(
            ShardGtid.newBuilder().setKeyspace("shop").setShard("0").setGtid(gtid(3)).build());
    assertThat(request.getFilter().getRulesList())
        .extracting(Binlogdata.Rule::getMatch, Binlogdata.Rule::getFilter)
        .containsExactly(tuple("t", "select * from `t`"), tuple("u", "select * from `u`"));
    assertThat(request.getFlags().getIncludeReshardJournalEvents()).isTrue();
    assertThat(request.getFlags().getExcludeKeyspaceFromTableName()).isTrue();
    assertThat(request.getFlags().getHeartbeatInterval()).isPositive();
  }

  @Test
  void transactionsComeInTheirOrder() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"), SHOP.insert("t", 2, null))),
        send(
            transaction(
                5,
                fields("u"),
                SHOP.rows("u", inserted(7, "x"), inserted(8, "y")),
                SHOP.delete("t", 2, null))));

    List<ShardReader.Item> items = fixture.read(until(5));

    assertThat(rows(items))
        .containsExactly(
            "t INSERT 1,a 4.1",
            "t INSERT 2,- 4.2",
            "t DELETE 2,- 5.1",
            "u INSERT 7,x 5.1",
            "u INSERT 8,y 5.2");
    StreamPosition end = last(items).after();
    assertThat(end.gtid()).isEqualTo(gtid(5));
    assertThat(end.done()).isTrue();
    assertThat(end.rows()).isEqualTo(5);
    assertThat(end.blocks()).isEqualTo(2);
    assertThat(last(items).end()).isEqualTo(new StreamEnd(1, 0, 1, "0", gtid(5), 5, Map.of()));
    assertThat(last(items).commitMillis()).isEqualTo(SHOP.timestamp() * 1000);
    assertThat(items.get(0).blocks().get(0).marks().commitSeconds(0)).isEqualTo(SHOP.timestamp());
  }

  @Test
  void blocksCarryTheirPlace() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), fields("u"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.insert("u", 1, "a"))));

    List<ShardReader.Item> items = fixture.read(until(5));

    assertThat(last(items).blocks())
        .extracting(block -> block.origin().sequence(), block -> block.origin().shard())
        .containsExactly(tuple(0L, "0"), tuple(1L, "0"));
    assertThat(last(items).blocks()).allMatch(block -> block.origin().plan() == 77);
  }

  @Test
  void oneTransactionMayComeInManyResponsesWithHeartbeatsBetween() throws InterruptedException {
    fixture.vtgate.next(
        heartbeat(),
        send(SHOP.begin(), fields("t")),
        heartbeat(),
        send(SHOP.insert("t", 1, "a")),
        heartbeat(),
        send(SHOP.insert("t", 2, "b"), SHOP.vgtid(gtid(4))),
        heartbeat(),
        send(SHOP.commit()),
        send(transaction(5, SHOP.insert("t", 3, "c"))));

    assertThat(fixture.rows(until(5)))
        .containsExactly("t INSERT 1,a 4.1", "t INSERT 2,b 4.2", "t INSERT 3,c 5.1");
  }

  /** A heartbeat, a BEGIN and a VGTID without their COMMIT move nothing. */
  @Test
  void nothingIsGivenOutBeforeTheCommit() throws InterruptedException {
    Gate commit = new Gate();
    fixture.vtgate.next(
        send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "a"), SHOP.vgtid(gtid(4))),
        heartbeat(),
        FakeStep.await(commit),
        send(SHOP.commit()));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
    commit.awaitReached();

    assertThat(reader.poll(Duration.ofMillis(200))).isNull();
    assertThat(reader.position()).isEqualTo(StreamPosition.at(gtid(3)));
    commit.open();

    assertThat(rows(next(reader))).containsExactly("t INSERT 1,a 4.1");
    assertThat(reader.position().gtid()).isEqualTo(gtid(4));
  }

  @Test
  void aTailWithoutCommitIsDroppedAtTheNextBegin() throws InterruptedException {
    fixture.vtgate.next(
        send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "lost"), SHOP.vgtid(gtid(9))),
        send(SHOP.begin(), SHOP.insert("t", 1, "a"), SHOP.vgtid(gtid(4)), SHOP.commit()));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void aRollbackDropsWhatWasBeforeIt() throws InterruptedException {
    fixture.vtgate.next(
        send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "lost"), SHOP.rollback()),
        send(transaction(4, SHOP.insert("t", 1, "a"))));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void aStreamThatEndsWithinATransactionGoesOnBehindTheLastCommit() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
            send(SHOP.begin(), SHOP.insert("t", 2, "b"), SHOP.vgtid(gtid(5))),
            FakeStep.fail(Status.Code.UNAVAILABLE, "connection refused"))
        .next(send(transaction(5, fields("t"), SHOP.insert("t", 2, "b"))), FakeStep.complete())
        .next(send(transaction(6, fields("t"), SHOP.insert("t", 3, "c"))));

    assertThat(fixture.rows(until(6)))
        .containsExactly("t INSERT 1,a 4.1", "t INSERT 2,b 5.1", "t INSERT 3,c 6.1");
    assertThat(fixture.vtgate.requests())
        .extracting(request -> request.getVgtid().getShardGtids(0).getGtid())
        .containsExactly(gtid(3), gtid(4), gtid(5));
  }

  @Test
  void aNewStreamNeedsItsFields() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
            FakeStep.fail(Status.Code.UNAVAILABLE, "connection refused"))
        .next(send(transaction(5, SHOP.insert("t", 2, "b"))));

    assertThatThrownBy(() -> fixture.rows(until(5)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rows of shop.t")
        .hasMessageContaining("before their fields");
  }

  @Test
  void whatHoldsNoRowsMovesThePosition() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4)),
        send(SHOP.vgtid(gtid(5)), SHOP.other()),
        send(SHOP.version(), SHOP.unknown()),
        send(SHOP.vgtid(gtid(6)), SHOP.ddl("create index i on t (name)")));

    List<ShardReader.Item> items = fixture.read(until(6));

    assertThat(rows(items)).isEmpty();
    assertThat(last(items).end().gtid()).isEqualTo(gtid(6));
  }

  @Test
  void anUnboundedStreamGivesOutPositionsWithoutRows() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4)));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));

    ShardReader.Item item = next(reader);

    assertThat(item.blocks()).isEmpty();
    assertThat(item.end()).isNull();
    assertThat(item.after()).isEqualTo(reader.position());
    assertThat(item.after().gtid()).isEqualTo(gtid(4));
  }

  @Test
  void unknownEventsAreLeftOut() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                SHOP.unknown(),
                fields("t"),
                SHOP.version(),
                SHOP.insert("t", 1, "a"),
                SHOP.unknown())));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void namesComeWithTheirKeyspaceOrWithout() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                fields("shop.t"),
                SHOP.insert("shop.t", 1, "a"),
                fields("u"),
                SHOP.insert("u", 1, "a"))));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1", "u INSERT 1,a 4.1");
  }

  @Test
  void otherTablesAreLeftOut() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                fields("other"),
                SHOP.insert("other", 1, "a"),
                fields("t"),
                SHOP.insert("t", 1, "a"),
                SHOP.insert("shop.other", 2, "b"),
                SHOP.insert("customer.t", 3, "c"))));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void rowsBeforeTheirFieldsAreRefused() {
    fixture.vtgate.next(send(transaction(4, SHOP.insert("t", 1, "a"))));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shop/0");
  }

  @Test
  void rowsWithAnotherNumberOfValuesAreRefused() {
    fixture.vtgate.next(send(transaction(4, fields("t"), SHOP.insert("t", 1, "a", "b"))));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("3 columns, but 2");
  }

  @Test
  void aTransactionWithoutItsPositionIsRefused() {
    fixture.vtgate.next(send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "a"), SHOP.commit()));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("without its position");
  }

  @Test
  void thePositionOfTheOwnShardCounts() throws InterruptedException {
    ShardGtid other =
        ShardGtid.newBuilder().setKeyspace("shop").setShard("-80").setGtid(gtid(99)).build();
    fixture.vtgate.next(
        send(
            SHOP.begin(),
            fields("t"),
            SHOP.insert("t", 1, "a"),
            SHOP.vgtid(other, SHOP.shardGtid(gtid(4))),
            SHOP.commit()));

    assertThat(fixture.rows(until(4))).containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void positionsOfOtherShardsOnlyMeanAReshard() {
    ShardGtid left = shard("-80");
    ShardGtid right = shard("80-");
    fixture.vtgate.next(send(SHOP.begin(), SHOP.vgtid(left, right), SHOP.commit()));

    assertThatThrownBy(() -> fixture.rows(until(4)))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("shop/0 was resharded")
        .hasMessageContaining("egin again with a copy");
  }

  private static ShardGtid shard(String name) {
    return ShardGtid.newBuilder().setKeyspace("shop").setShard(name).setGtid(gtid(9)).build();
  }

  @Test
  void aJournalMeansAReshard() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.journal(List.of("0"), shard("-80"), shard("80-")))));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 9, T));

    assertThatThrownBy(() -> StreamFixture.read(reader))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("resharded");
    assertThat(reader.position().gtid()).isIn(gtid(3), gtid(4));
  }

  @Test
  void statementsInsteadOfRowsBreakTheirTables() throws InterruptedException {
    VEvent statement =
        VEvent.newBuilder().setType(VEventType.INSERT).setDml("insert into t values (1)").build();
    fixture.vtgate.next(send(transaction(4, statement)));

    List<ShardReader.Item> items = fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 0, T));

    assertThat(StreamFixture.last(items).end().broken().get("t")).contains("binlog_format=ROW");
  }

  /** Whether its rows belong to a transaction can't be told, so it is read again. */
  @Test
  void aStatementWithinATransactionIsReadAgain() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(SHOP.begin(), fields("t"), SHOP.insert("t", 1, "lost")),
            send(SHOP.vgtid(gtid(4)), SHOP.other()))
        .next(
            send(SHOP.vgtid(gtid(4)), SHOP.other()),
            send(transaction(5, fields("t"), SHOP.insert("t", 1, "a"))));

    assertThat(fixture.rows(until(5))).containsExactly("t INSERT 1,a 5.1");
  }

  @Test
  void aTransactionThatIsPutBackComesAgain() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(transaction(5, SHOP.insert("t", 2, "b"))));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T));
    StreamPosition before = reader.position();
    ShardReader.Item item = next(reader);

    reader.putBack(item, before);

    assertThat(reader.position()).isEqualTo(before);
    assertThat(next(reader)).isSameAs(item);
    assertThat(reader.position()).isEqualTo(item.after());
  }
}
