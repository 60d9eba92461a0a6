package io.vitessbeam.vstream.follow;

import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.vstream.decode.Alterations;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.wire.ResponseParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever the transactions are, however they come in responses and wherever the stream breaks: all
 * of their rows come once, in the order of the shard; and so does the rest behind any item.
 */
class TransactionsPropertyTest {

  private static final List<String> TABLES = List.of("t", "u", "other");
  private static final ReaderLimits LIMITS = StreamFixture.limits(300, 700);

  /** How a transaction goes: its rows by table, and what stands around it. */
  private record Change(int table, int size) {}

  private record Step(List<Change> changes, boolean tail, boolean heartbeat, boolean other) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Change> change =
        Combinators.combine(
                Arbitraries.integers().between(0, 2), Arbitraries.integers().between(0, 40))
            .as(Change::new);
    Arbitrary<List<Change>> changes =
        Arbitraries.frequencyOf(
            Tuple.of(6, change.list().ofMaxSize(4)),
            Tuple.of(1, change.list().ofMinSize(20).ofMaxSize(60)));
    Arbitrary<Boolean> rarely = Arbitraries.integers().between(0, 4).map(i -> i == 0);
    return Combinators.combine(changes, rarely, rarely, rarely).as(Step::new).list().ofMaxSize(12);
  }

  @Property(tries = 300)
  void everyRowComesOnce(@ForAll("steps") List<Step> steps, @ForAll long seed) throws Exception {
    ShardStream stream = stream(steps.size());

    Log whole = read(stream, stream.from(), steps, new Random(seed), 0);

    assertThat(whole.rowsByTable("t")).isEqualTo(expected(steps, "t"));
    assertThat(whole.rowsByTable("u")).isEqualTo(expected(steps, "u"));
    assertThat(whole.items.get(whole.items.size() - 1).end()).isNotNull();
  }

  @Property(tries = 100)
  void theRestComesBehindAnyItem(@ForAll("steps") List<Step> steps, @ForAll long seed)
      throws Exception {
    ShardStream stream = stream(steps.size());
    Random random = new Random(seed);
    Log whole = read(stream, stream.from(), steps, random, 0);
    for (int i = 0; i < whole.items.size() - 1; i++) {
      StreamPosition position = whole.items.get(i).after();

      Log rest = read(stream, position, steps, random, 0.02);

      assertThat(rest.rows())
          .isEqualTo(StreamFixture.rows(whole.items.subList(i + 1, whole.items.size())));
      assertThat(rest.position().rows()).isEqualTo(whole.position().rows());
    }
  }

  /** The blocks of a bounded stream are the same whenever it is read. */
  @Property(tries = 100)
  void theBlocksHangOnTheTransactionsAlone(@ForAll("steps") List<Step> steps, @ForAll long seed)
      throws Exception {
    ShardStream stream = stream(steps.size());
    List<Step> plain =
        steps.stream().map(step -> new Step(step.changes(), false, false, step.other())).toList();

    Log one = read(stream, stream.from(), plain, new Random(seed), 0);
    Log other = read(stream, stream.from(), plain, new Random(seed + 1), 0.02);

    assertThat(other.blocks()).isEqualTo(one.blocks());
  }

  private static ShardStream stream(int steps) {
    return new ShardStream(
        "shop",
        "0",
        1,
        7,
        0,
        1,
        StreamPosition.at(gtid(1)),
        gtid(steps + 1L),
        List.of(
            new ShardStream.Table(StreamFixture.T, ""), new ShardStream.Table(StreamFixture.U, "")),
        false,
        Duration.ofMinutes(1));
  }

  /** What a reader gives out. */
  private static final Alterations UNALTERED =
      new Alterations() {
        @Override
        public List<Column> columns(String table) {
          return List.of();
        }

        @Override
        public Optional<String> migration(String migration) {
          return Optional.empty();
        }
      };

  private static final class Log implements ItemOutlet.Sink {
    final List<ShardReader.Item> items = new ArrayList<>();

    @Override
    public void accept(ShardReader.Item item) {
      items.add(item);
    }

    @Override
    public void resharded(Reshard reshard, long millis) {
      throw new AssertionError("nothing is resharded here");
    }

    List<String> rows() {
      return StreamFixture.rows(items);
    }

    List<String> rowsByTable(String table) {
      return rows().stream().filter(row -> row.startsWith(table + " ")).toList();
    }

    List<Block> blocks() {
      return items.stream().flatMap(item -> item.blocks().stream()).toList();
    }

    StreamPosition position() {
      return items.get(items.size() - 1).after();
    }
  }

  /** Serves from the reader's position whenever the stream breaks, which it does now and then. */
  private static Log read(
      ShardStream stream, StreamPosition from, List<Step> steps, Random random, double breaks)
      throws InterruptedException {
    Log log = new Log();
    try (Transactions transactions =
        new Transactions(
            stream, from, LIMITS, (column, field, labels, copying) -> null, UNALTERED, log)) {
      transactions.endIfReached();
      ResponseParser parser = new ResponseParser();
      int opened = 0;
      while (!transactions.hasEnded()) {
        assertThat(opened++).as("streams opened").isLessThan(200);
        List<VEvent> events = serve(transactions.position().gtid(), steps);
        for (int at = 0; at < events.size() && !transactions.hasEnded(); ) {
          int end = Math.min(events.size(), at + 1 + random.nextInt(10));
          parser.parse(response(events.subList(at, end)), transactions);
          at = end;
          if (random.nextInt(3) == 0) {
            transactions.flush();
          }
          if (opened < 20 && random.nextDouble() < breaks) {
            break;
          }
        }
        transactions.disconnected();
      }
    }
    return log;
  }

  private static byte[] response(List<VEvent> events) {
    return VStreamResponse.newBuilder().addAllEvents(events).build().toByteArray();
  }

  private static List<VEvent> serve(String position, List<Step> steps) {
    List<VEvent> events = new ArrayList<>();
    boolean described = false;
    for (int i = 0; i < steps.size(); i++) {
      if (GtidSet.parse(position).contains(GtidSet.parse(gtid(i + 2)))) {
        continue;
      }
      Step step = steps.get(i);
      if (step.heartbeat()) {
        events.add(VEvent.newBuilder().setType(VEventType.HEARTBEAT).build());
      }
      if (step.other()) {
        events.add(SHOP.vgtid(gtid(i + 2)));
        events.add(SHOP.other());
        continue;
      }
      for (int tries = step.tail() ? 2 : 1; tries > 0; tries--) {
        events.add(SHOP.begin());
        if (!described) {
          TABLES.forEach(table -> events.add(fields(table)));
          described = true;
        }
        for (int c = 0; c < step.changes().size(); c++) {
          Change change = step.changes().get(c);
          events.add(SHOP.insert(TABLES.get(change.table()), c, "x".repeat(change.size())));
        }
      }
      events.add(SHOP.vgtid(gtid(i + 2)));
      events.add(SHOP.commit());
    }
    return events;
  }

  private static List<String> expected(List<Step> steps, String table) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      int number = 0;
      List<Change> changes = steps.get(i).other() ? List.of() : steps.get(i).changes();
      for (int c = 0; c < changes.size(); c++) {
        if (TABLES.get(changes.get(c).table()).equals(table)) {
          String text = "x".repeat(changes.get(c).size());
          rows.add("%s INSERT %d,%s %d.%d".formatted(table, c, text, i + 2, ++number));
        }
      }
    }
    return rows;
  }
}
