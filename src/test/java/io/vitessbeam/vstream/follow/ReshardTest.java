package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.id;
import static io.vitessbeam.vstream.follow.StreamFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VEvent;
import com.google.protobuf.ByteString;
import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.testing.ShardEvents;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.Successor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream goes on in the shards that take the place of its own. */
@Timeout(60)
class ReshardTest {

  /** When everything happens, in seconds. */
  private static final long THEN = 1_704_067_200;

  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static ShardEvents shard(String name) {
    return new ShardEvents("shop", name, THEN);
  }

  private static ShardGtid at(String name, long last) {
    return shard(name).shardGtid(gtid(last));
  }

  /** Inserts a row. */
  private static List<VEvent> insert(String shard, long number, long row) {
    ShardEvents events = shard(shard);
    return List.of(
        events.begin(),
        events.fields("t", id(), name()),
        events.insert("t", row, shard),
        events.vgtid(gtid(number)),
        events.commit());
  }

  private static FakeStep journal(String shard, long number, List<String> old, ShardGtid... next) {
    ShardEvents events = shard(shard);
    return send(
        List.of(
            events.begin(),
            events.journal(old, next),
            events.vgtid(gtid(number)),
            events.commit(),
            // The log goes on with what the new shards send back.
            events.begin(),
            events.fields("t", id(), name()),
            events.insert("t", 666, "copied back"),
            events.vgtid(gtid(number + 1)),
            events.commit()));
  }

  /** What a shard sends from a position. */
  private void serve(String shard, long from, FakeStep... steps) {
    fixture.vtgate.next(
        request ->
            request.getVgtid().getShardGtids(0).getShard().equals(shard)
                && request.getVgtid().getShardGtids(0).getGtid().equals(gtid(from)),
        steps);
  }

  private ShardReader open(String shard, StreamPosition from) {
    return fixture.open(fixture.stream(from, 0, T).lasting(NewColumns.TAKE).in(shard, from), from);
  }

  private static List<ShardReader.Item> untilRows(ShardReader reader, int rows)
      throws InterruptedException {
    List<ShardReader.Item> items = new ArrayList<>();
    while (StreamFixture.rows(items).size() < rows) {
      items.add(StreamFixture.next(reader));
    }
    return items;
  }

  @Test
  void aSplitGoesOnAsItsChildren() throws InterruptedException {
    serve(
        "0",
        3,
        send(insert("0", 4, 1)),
        journal("0", 5, List.of("0"), at("-80", 20), at("80-", 30)));
    serve("-80", 20, send(insert("-80", 21, 2)), send(insert("-80", 22, 3)));
    serve("80-", 30, send(insert("80-", 31, 4)));
    ShardReader reader = open("0", StreamPosition.at(gtid(3)));

    List<ShardReader.Item> items = untilRows(reader, 4);

    List<String> rows = StreamFixture.rows(items);
    assertThat(rows.get(0)).isEqualTo("t INSERT 1,0 4.1");
    assertThat(rows)
        .containsExactlyInAnyOrder(
            "t INSERT 1,0 4.1",
            "t INSERT 2,-80 21.1",
            "t INSERT 3,-80 22.1",
            "t INSERT 4,80- 31.1");
    StreamPosition end = StreamFixture.last(items).after();
    assertThat(end.shards("0"))
        .containsExactly(
            new Vgtid.ShardGtid("-80", gtid(22)), new Vgtid.ShardGtid("80-", gtid(31)));
    assertThat(end.rows()).isEqualTo(4);
    assertThat(end.sinceMillis("-80")).isEqualTo(THEN * 1000);
    requirePlaces(items);
  }

  /** Each block says whose it is, and none has the place of another. */
  private static void requirePlaces(List<ShardReader.Item> items) {
    List<Block> blocks = items.stream().flatMap(item -> item.blocks().stream()).toList();
    assertThat(blocks)
        .extracting(block -> block.origin().sequence())
        .isEqualTo(LongStream.range(0, blocks.size()).boxed().toList());
    for (Block block : blocks) {
      assertThat(StreamFixture.rows(new ShardReader.Item(List.of(block), null, 0, null)))
          .allMatch(row -> row.contains("," + block.origin().shard() + " "));
    }
  }

  /** The children may be at any place, and the old shard be gone. */
  @Test
  void itGoesOnFromAnyPositionInTheChildren() throws InterruptedException {
    StreamPosition split =
        new StreamPosition(
            gtid(4),
            ByteString.EMPTY,
            true,
            0,
            7,
            9,
            Map.of(),
            List.of(
                new Successor("-80", gtid(21), 0, THEN), new Successor("80-", gtid(30), 0, THEN)),
            false);
    serve("-80", 21, send(insert("-80", 22, 3)));
    serve("80-", 30, send(insert("80-", 31, 4)));

    List<ShardReader.Item> items = untilRows(open("0", split), 2);

    assertThat(StreamFixture.rows(items))
        .containsExactlyInAnyOrder("t INSERT 3,-80 22.1", "t INSERT 4,80- 31.1");
    assertThat(StreamFixture.last(items).after().blocks()).isEqualTo(9);
    assertThat(StreamFixture.last(items).after().rows()).isEqualTo(11);
  }

  /** One stream takes the new shard, and the other ends behind its own last row. */
  @Test
  void aMergeGoesOnInOneStream() throws InterruptedException {
    List<String> old = List.of("-80", "80-");
    serve("-80", 3, send(insert("-80", 4, 1)), journal("-80", 5, old, at("0", 40)));
    serve("80-", 3, send(insert("80-", 4, 2)), journal("80-", 5, old, at("0", 40)));
    serve("0", 40, send(insert("0", 41, 3)));

    List<ShardReader.Item> left = untilRows(open("-80", StreamPosition.at(gtid(3))), 2);
    List<ShardReader.Item> right = StreamFixture.read(open("80-", StreamPosition.at(gtid(3))));

    assertThat(StreamFixture.rows(left)).containsExactly("t INSERT 1,-80 4.1", "t INSERT 3,0 41.1");
    assertThat(StreamFixture.rows(right)).containsExactly("t INSERT 2,80- 4.1");
    assertThat(StreamFixture.last(right).after().done()).isTrue();
    assertThat(StreamFixture.last(right).end().shard()).isEqualTo("80-");
    assertThat(StreamFixture.last(right).end().broken()).isEmpty();
  }

  /** Back and forth, while nobody takes anything: the stream of the left half is there again. */
  @Test
  void aSplitThatIsMergedAgain() throws InterruptedException {
    List<String> halves = List.of("-80", "80-");
    serve("0", 3, journal("0", 4, List.of("0"), at("-80", 20), at("80-", 30)));
    serve("-80", 20, send(insert("-80", 21, 1)), journal("-80", 22, halves, at("0", 50)));
    Gate last = new Gate();
    serve(
        "80-",
        30,
        send(insert("80-", 31, 2)),
        FakeStep.await(last),
        journal("80-", 32, halves, at("0", 50)));
    serve("0", 50, send(insert("0", 51, 3)));
    ShardReader reader = open("0", StreamPosition.at(gtid(3)));

    List<ShardReader.Item> items = untilRows(reader, 3);
    last.open();
    while (StreamFixture.last(items).after().successors().size() > 1) {
      items.add(StreamFixture.next(reader));
    }

    assertThat(StreamFixture.rows(items))
        .containsExactlyInAnyOrder(
            "t INSERT 1,-80 21.1", "t INSERT 2,80- 31.1", "t INSERT 3,0 51.1");
    assertThat(StreamFixture.last(items).end()).isNull();
    StreamPosition end = StreamFixture.last(items).after();
    assertThat(end.successors()).extracting(Successor::shard).containsExactly("0");
    assertThat(end.sinceMillis("0")).as("after the split").isGreaterThan(THEN * 1000);
    requirePlaces(items);
  }
}
