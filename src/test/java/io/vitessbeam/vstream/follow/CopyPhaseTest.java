package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.heartbeat;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.testing.ShardEvents.allCopied;
import static io.vitessbeam.testing.ShardEvents.inserted;
import static io.vitessbeam.testing.ShardEvents.lastKey;
import static io.vitessbeam.testing.ShardEvents.row;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.U;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.id;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.name;
import static io.vitessbeam.vstream.follow.StreamFixture.rows;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VEvent;
import io.grpc.Status;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.testing.ShardEvents;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The orders of events in which a vtgate copies a table, then follows it. */
@Timeout(60)
class CopyPhaseTest {

  private static final ShardEvents COPY = SHOP.copying();

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
    return fixture.stream(StreamPosition.copy(), last, T);
  }

  /** Behind the row with a key, with the snapshot of a position. */
  private static ShardGtid at(long gtid, int key) {
    return COPY.shardGtid(gtid(gtid), lastKey("t", id(), key));
  }

  /** The first batch has the position of its snapshot before its rows, without their keys. */
  private static FakeStep firstBatch() {
    return send(
        COPY.begin(),
        COPY.fields("t", id(), name()),
        COPY.vgtid(gtid(5)),
        COPY.insert("t", 1, "a"),
        COPY.insert("t", 2, "b"),
        COPY.vgtid(at(5, 2)),
        COPY.commit());
  }

  private static FakeStep batch(long gtid, int key, String name) {
    return send(
        COPY.begin(), COPY.insert("t", key, name), COPY.vgtid(at(gtid, key)), COPY.commit());
  }

  private static FakeStep endOfTable(long gtid) {
    return send(COPY.begin(), COPY.vgtid(gtid(gtid)), COPY.commit());
  }

  private static FakeStep completed() {
    return send(COPY.copyCompleted(), allCopied());
  }

  @Test
  void rowsOfAllBatchesComeBeforeTheChanges() throws InterruptedException {
    fixture.vtgate.next(
        firstBatch(),
        heartbeat(),
        batch(5, 3, "c"),
        endOfTable(5),
        completed(),
        send(transaction(6, fields("t"), SHOP.insert("t", 4, "d"))));

    List<ShardReader.Item> items = fixture.read(until(6));

    assertThat(rows(items))
        .containsExactly("t COPY 1,a 5.0", "t COPY 2,b 5.0", "t COPY 3,c 5.0", "t INSERT 4,d 6.1");
    assertThat(last(items).after().copied()).isTrue();
    assertThat(last(items).after().lastKeys()).isEmpty();
    assertThat(last(items).end().rows()).isEqualTo(4);
    List<Block> blocks = items.stream().flatMap(item -> item.blocks().stream()).toList();
    assertThat(blocks.get(0).marks().commitSeconds(0)).isZero();
    ShardGtid start = fixture.vtgate.requests().get(0).getVgtid().getShardGtids(0);
    assertThat(start.getGtid()).isEmpty();
    assertThat(start.getTablePKsList()).isEmpty();
  }

  /** There the rows of a vtcombo would change while they wait to be sent. */
  @Test
  void namesKeepTheirKeyspaceWhileTheTableIsCopied() throws InterruptedException {
    fixture.vtgate.next(firstBatch(), endOfTable(5), completed());

    fixture.rows(until(5));

    assertThat(fixture.vtgate.requests().get(0).getFlags().getExcludeKeyspaceFromTableName())
        .isFalse();
  }

  @Test
  void theEndIsNotReachedBeforeAllIsCopied() throws InterruptedException {
    Gate rest = new Gate();
    fixture.vtgate.next(
        firstBatch(), heartbeat(), FakeStep.await(rest), batch(5, 3, "c"), endOfTable(5));
    ShardReader reader = fixture.open(until(1));
    rest.awaitReached();
    rest.open();

    assertThat(rows(StreamFixture.read(reader)))
        .containsExactly("t COPY 1,a 5.0", "t COPY 2,b 5.0", "t COPY 3,c 5.0");
  }

  /** A boundary behind the snapshot is waited for. */
  @Test
  void theEndIsNotReachedByTheCopyAlone() throws InterruptedException {
    fixture.vtgate.next(
        firstBatch(), endOfTable(5), completed(), send(transaction(6)), send(transaction(7)));

    assertThat(last(fixture.read(until(7))).end().gtid()).isEqualTo(gtid(7));
  }

  /** Its copy begins twice and ends once. */
  @Test
  void anEmptyTableIsCopied() throws InterruptedException {
    fixture.vtgate.next(
        send(
            COPY.begin(),
            COPY.fields("t", id(), name()),
            COPY.vgtid(gtid(5)),
            COPY.begin(),
            COPY.vgtid(gtid(5)),
            COPY.commit()),
        completed(),
        send(transaction(6, SHOP.insert("t", 1, "a"))));

    assertThat(fixture.rows(until(6))).containsExactly("t INSERT 1,a 6.1");
  }

  @Test
  void changesThatCatchUpBetweenBatchesAreNoCopies() throws InterruptedException {
    fixture.vtgate.next(
        firstBatch(),
        send(
            SHOP.begin(),
            fields("t"),
            SHOP.update("t", row(2, "b"), row(2, "B")),
            SHOP.insert("t", 9, "early"),
            SHOP.vgtid(at(6, 2)),
            SHOP.commit()),
        batch(6, 9, "early"),
        endOfTable(6),
        completed());

    List<ShardReader.Item> items = fixture.read(until(6));

    assertThat(rows(items))
        .containsExactly(
            "t COPY 1,a 5.0",
            "t COPY 2,b 5.0",
            "t UPDATE 2,B 6.1",
            "t INSERT 9,early 6.2",
            "t COPY 9,early 6.0");
    assertThat(copiedRowsOfBlocks(items)).containsExactly("2 copied", "2 changes", "1 copied");
  }

  @Test
  void aTruncationHasABlockOfItsOwnBehindCopiedRows() throws InterruptedException {
    fixture.vtgate.next(
        firstBatch(),
        send(SHOP.vgtid(at(6, 2)), SHOP.ddl("TRUNCATE TABLE t")),
        batch(7, 9, "later"),
        endOfTable(7),
        completed());

    assertThat(copiedRowsOfBlocks(fixture.read(until(7))))
        .containsExactly("2 copied", "1 changes", "1 copied");
  }

  /** Fails for a block that has both. */
  private static List<String> copiedRowsOfBlocks(List<ShardReader.Item> items) {
    return items.stream()
        .flatMap(item -> item.blocks().stream())
        .filter(block -> block.rows() > 0)
        .map(
            block ->
                block.rows() + (block.marks().areCopied(block.rows()) ? " copied" : " changes"))
        .toList();
  }

  @Test
  void aCopyThatBreaksGoesOnBehindItsLastBatch() throws InterruptedException {
    fixture
        .vtgate
        .next(
            firstBatch(),
            send(COPY.begin(), COPY.insert("t", 3, "c"), COPY.vgtid(at(5, 3))),
            FakeStep.fail(Status.Code.UNAVAILABLE, "connection refused"))
        .next(
            send(
                COPY.begin(),
                COPY.fields("t", id(), name()),
                COPY.vgtid(at(7, 2)),
                COPY.insert("t", 3, "c"),
                COPY.vgtid(at(7, 3)),
                COPY.commit()),
            endOfTable(7),
            completed());

    assertThat(fixture.rows(until(7)))
        .containsExactly("t COPY 1,a 5.0", "t COPY 2,b 5.0", "t COPY 3,c 7.0");
    assertThat(fixture.vtgate.requests().get(1).getVgtid().getShardGtids(0)).isEqualTo(at(5, 2));
  }

  /** The early position of the first batch has no keys, and would make the copy end there. */
  @Test
  void aCopyThatBreaksInItsFirstBatchBeginsAnew() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(
                COPY.begin(),
                COPY.fields("t", id(), name()),
                COPY.vgtid(gtid(4)),
                COPY.insert("t", 1, "a")),
            FakeStep.fail(Status.Code.UNAVAILABLE, "connection refused"))
        .next(firstBatch(), endOfTable(5), completed());

    assertThat(fixture.rows(until(5))).containsExactly("t COPY 1,a 5.0", "t COPY 2,b 5.0");
    assertThat(fixture.vtgate.requests().get(1).getVgtid().getShardGtids(0).getGtid()).isEmpty();
  }

  @Test
  void anotherReaderGoesOnWithTheCopy() throws InterruptedException {
    fixture.vtgate.next(firstBatch()).next(batchWithFields(3, "c"), endOfTable(5), completed());
    ShardStream endless = fixture.stream(StreamPosition.copy(), 0, T);
    StreamPosition position;
    try (ShardReader first = fixture.open(endless)) {
      assertThat(rows(StreamFixture.next(first))).hasSize(2);
      position = first.position();
    }
    assertThat(position.copied()).isFalse();

    assertThat(rows(StreamFixture.read(fixture.open(until(5), position))))
        .containsExactly("t COPY 3,c 5.0");
    assertThat(fixture.vtgate.requests().get(1).getVgtid().getShardGtids(0)).isEqualTo(at(5, 2));
  }

  private static FakeStep batchWithFields(int key, String name) {
    return send(
        COPY.begin(),
        COPY.fields("t", id(), name()),
        COPY.insert("t", key, name),
        COPY.vgtid(at(5, key)),
        COPY.commit());
  }

  private static FakeStep largeBatch() {
    List<VEvent> events = new ArrayList<>();
    events.add(COPY.begin());
    events.add(COPY.fields("t", id(), name()));
    for (int key = 1; key <= 200; key++) {
      events.add(COPY.rows("t", inserted(key, "some twenty letters")));
    }
    events.add(COPY.vgtid(at(5, 200)));
    events.add(COPY.commit());
    return FakeStep.send(events);
  }

  /**
   * What is copied again comes in other batches, so that a part of a batch can't be known: it is
   * claimed as a whole, and no position is inside of it.
   */
  @Test
  void noPositionIsInsideOfALargeBatch() throws InterruptedException {
    FakeStep[] rest = {batchWithFields(201, "last"), endOfTable(5), completed()};
    fixture.vtgate.next(largeBatch(), rest[0], rest[1], rest[2]);

    List<ShardReader.Item> items = fixture.read(until(5));

    assertThat(rows(items)).hasSize(201).doesNotHaveDuplicates();
    assertThat(items.get(0).blocks()).hasSizeGreaterThan(3);
    assertThat(rows(items.get(0))).hasSize(200);
    for (ShardReader.Item item : items) {
      assertThat(item.after().skip()).isZero();
      assertThat(item.after().gtid()).isEqualTo(gtid(5));
    }
    StreamPosition behind = items.get(0).after();
    fixture.vtgate.next(rest);
    assertThat(rows(StreamFixture.read(fixture.open(until(5), behind))))
        .isEqualTo(rows(items).subList(200, 201));
    assertThat(fixture.vtgate.requests().get(1).getVgtid().getShardGtids(0)).isEqualTo(at(5, 200));
    assertThat(last(items).after().rows()).isEqualTo(201);
  }

  /** Changes that catch up between two batches come again as they were, as all changes do. */
  @Test
  void aLargeTransactionBetweenBatchesIsGoneOnWithFromAnyPart() throws InterruptedException {
    List<VEvent> large = new ArrayList<>();
    large.add(SHOP.begin());
    large.add(fields("t"));
    for (int key = 1; key <= 200; key++) {
      large.add(SHOP.rows("t", inserted(key, "some twenty letters")));
    }
    large.add(SHOP.vgtid(at(6, 2)));
    large.add(SHOP.commit());
    FakeStep[] rest = {FakeStep.send(large), batchWithFields(300, "z"), endOfTable(6), completed()};
    fixture.vtgate.next(firstBatch(), rest[0], rest[1], rest[2], rest[3]);

    List<ShardReader.Item> items = fixture.read(until(6));

    assertThat(rows(items)).hasSize(203).doesNotHaveDuplicates();
    assertThat(items).filteredOn(item -> item.after().skip() > 0).hasSizeGreaterThan(3);
    for (int i = 0; i < items.size(); i++) {
      StreamPosition position = items.get(i).after();
      if (position.skip() > 0) {
        fixture.vtgate.next(rest);
        assertThat(rows(StreamFixture.read(fixture.open(until(6), position))))
            .isEqualTo(rows(items.subList(i + 1, items.size())));
      }
    }
  }

  @Test
  void severalTablesAreNotCopiedInOneStream() {
    ShardStream stream = fixture.stream(StreamPosition.copy(), 5, T, U);

    assertThatThrownBy(() -> fixture.open(stream))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one table");
  }
}
