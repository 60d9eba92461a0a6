package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.testing.ShardEvents.column;
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

import binlogdata.Binlogdata.VEvent;
import io.grpc.Status;
import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that is too large for one item, and for memory. */
@Timeout(120)
class LargeTransactionTest {

  private static final int ROWS = 400;

  @TempDir private Path folder;
  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
    fixture.limits = new ReaderLimits(1 << 10, 4 << 10, 16 << 20, 8 << 20, 1000, 20, 200, folder);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    assertThat(openFiles()).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  /** The temporary files that are open; they have no name any more. */
  private List<Path> openFiles() throws IOException {
    List<Path> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          open.add(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException closed) {
          // It was open when it was listed.
        }
      }
    }
    open.removeIf(file -> !file.startsWith(folder));
    return open;
  }

  /** Transaction 4 is small, 5 has many rows of two tables, 6 is small. */
  private static FakeStep[] script() {
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(transaction(4, fields("t"), fields("u"), SHOP.insert("t", 0, "small"))));
    steps.addAll(large());
    steps.add(send(SHOP.vgtid(gtid(5)), SHOP.commit()));
    steps.add(send(transaction(6, SHOP.insert("t", -1, "small"))));
    return steps.toArray(FakeStep[]::new);
  }

  private static List<FakeStep> large() {
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin()));
    List<VEvent> events = new ArrayList<>();
    for (int i = 1; i <= ROWS; i++) {
      events.add(SHOP.insert(i % 3 == 0 ? "u" : "t", i, "value of row " + i));
      if (i % 50 == 0) {
        steps.add(FakeStep.send(events));
        events = new ArrayList<>();
      }
    }
    return steps;
  }

  private ShardStream stream(long until) {
    return fixture.stream(StreamPosition.at(gtid(3)), until, T, U);
  }

  @Test
  void itComesInPartsAndMovesThePositionAtItsEnd() throws InterruptedException {
    fixture.vtgate.next(script());

    List<ShardReader.Item> items = fixture.read(stream(6));

    assertThat(rows(items)).hasSize(ROWS + 2);
    assertThat(rows(items).get(0)).isEqualTo("t INSERT 0,small 4.1");
    assertThat(rows(items)).last().isEqualTo("t INSERT -1,small 6.1");
    assertThat(rows(items)).contains("t INSERT 400,value of row 400 5.267");
    assertThat(rows(items)).contains("u INSERT 399,value of row 399 5.133");
    List<ShardReader.Item> parts = items.stream().filter(item -> item.after().skip() > 0).toList();
    assertThat(parts).hasSizeGreaterThan(10);
    long skip = 0;
    for (ShardReader.Item part : parts) {
      skip += rows(part).size();
      assertThat(part.after().gtid()).isEqualTo(gtid(4));
      assertThat(part.after().skip()).isEqualTo(skip);
      assertThat(part.after().rows()).isEqualTo(1 + skip);
    }
    ShardReader.Item end = items.get(items.indexOf(last(parts)) + 1);
    assertThat(end.blocks()).isEmpty();
    assertThat(end.after().gtid()).isEqualTo(gtid(5));
    assertThat(end.after().skip()).isZero();
    assertSequences(items);
  }

  private static void assertSequences(List<ShardReader.Item> items) {
    long sequence = 0;
    for (ShardReader.Item item : items) {
      for (var block : item.blocks()) {
        assertThat(block.origin().sequence()).isEqualTo(sequence++);
      }
      assertThat(item.after().blocks()).isEqualTo(sequence);
    }
  }

  @Test
  void anotherReaderGoesOnFromAnyPart() throws InterruptedException {
    fixture.vtgate.next(script());
    ShardStream stream = stream(6);
    List<ShardReader.Item> items = fixture.read(stream);

    for (int i = 0; i < items.size() - 1; i++) {
      boolean first = items.get(i).after().gtid().equals(gtid(3));
      fixture.vtgate.next(first ? script() : from(items.get(i).after().gtid()));
      ShardReader reader = fixture.open(stream, items.get(i).after());

      List<ShardReader.Item> rest = StreamFixture.read(reader);

      assertThat(rows(rest)).isEqualTo(rows(items.subList(i + 1, items.size())));
      assertThat(last(rest).after()).isEqualTo(last(items).after());
      assertThat(last(rest).end()).isEqualTo(last(items).end());
      reader.close();
    }
  }

  /** What a server sends from behind a transaction on. */
  private static FakeStep[] from(String position) {
    int sent = position.equals(gtid(4)) ? 1 : script().length - 1;
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin(), fields("t"), fields("u")));
    steps.addAll(List.of(script()).subList(sent, script().length));
    return steps.toArray(FakeStep[]::new);
  }

  /** It is the server that says what was there before; another answer is not guessed about. */
  @Test
  void aTransactionThatBecameSmallerIsRefused() {
    fixture.vtgate.next(send(transaction(5, fields("t"), SHOP.insert("t", 1, "a"))));
    StreamPosition inside =
        new StreamPosition(
            gtid(4), StreamPosition.copy().lastKeys(), true, 30, 3, 31, Map.of(), false);

    assertThatThrownBy(() -> StreamFixture.read(fixture.open(stream(6), inside)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not what it was before");
  }

  @Test
  void aTransactionWithOtherPartsIsRefused() {
    fixture.vtgate.next(from(gtid(4)));
    StreamPosition inside =
        new StreamPosition(
            gtid(4), StreamPosition.copy().lastKeys(), true, 31, 3, 31, Map.of(), false);

    assertThatThrownBy(() -> StreamFixture.read(fixture.open(stream(6), inside)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not what it was before");
  }

  @Test
  void theFileIsGoneWhenTheStreamBreaks() throws InterruptedException, IOException {
    Gate broken = new Gate();
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin(), fields("t"), fields("u")));
    steps.addAll(large());
    steps.add(FakeStep.fail(Status.Code.UNAVAILABLE, "connection reset"));
    fixture
        .vtgate
        .next(steps.toArray(FakeStep[]::new))
        .next(FakeStep.await(broken), send(transaction(5)), send(transaction(6)));
    ShardReader reader = fixture.open(stream(6));
    broken.awaitReached();

    assertThat(openFiles()).isEmpty();
    broken.open();

    assertThat(rows(StreamFixture.read(reader))).isEmpty();
  }

  @Test
  void theFileIsGoneWhenTheTransactionBeginsAnew() throws InterruptedException {
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin(), fields("t"), fields("u")));
    steps.addAll(large());
    steps.addAll(large());
    steps.add(send(SHOP.vgtid(gtid(4)), SHOP.commit()));
    fixture.vtgate.next(steps.toArray(FakeStep[]::new));

    assertThat(rows(fixture.read(stream(4)))).hasSize(ROWS).doesNotHaveDuplicates();
  }

  @Test
  void theFileIsGoneWhenTheReaderIsClosed() throws InterruptedException, IOException {
    Gate spilled = new Gate();
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin(), fields("t"), fields("u")));
    steps.addAll(large());
    steps.add(FakeStep.await(spilled));
    fixture.vtgate.next(steps.toArray(FakeStep[]::new));
    ShardReader reader = fixture.open(stream(6));
    spilled.awaitReached();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (openFiles().isEmpty()) {
      assertThat(System.nanoTime()).as("a file in time").isLessThan(deadline);
    }

    reader.close();
    reader.awaitEnd();

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void theFileIsGoneWhenNobodyTakes() throws InterruptedException, IOException {
    fixture.limits = new ReaderLimits(1 << 10, 4 << 10, 1, 1, 1, 20, 200, folder);
    fixture.vtgate.next(script());
    ShardReader reader = fixture.open(stream(6));
    StreamFixture.next(reader);
    StreamFixture.next(reader);
    assertThat(openFiles()).isNotEmpty();

    reader.close();
    reader.awaitEnd();

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void whatATableHasAlreadyIsLeftOutOfIt() throws InterruptedException {
    fixture.vtgate.next(script());

    List<ShardReader.Item> items =
        fixture.read(
            fixture.stream(
                StreamPosition.at(gtid(3)),
                gtid(6),
                List.of(new ShardStream.Table(T, gtid(5)), new ShardStream.Table(U, gtid(4)))));

    assertThat(rows(items)).hasSize(ROWS / 3 + 1);
    assertThat(rows(items).subList(0, ROWS / 3)).allMatch(row -> row.startsWith("u "));
    assertThat(rows(items)).last().isEqualTo("t INSERT -1,small 6.1");
  }

  /**
   * Parts have the positions of before, so that it breaks at the same place when it comes again.
   */
  @Test
  void aTableThatBreaksInItIsLeftOutOfIt() throws InterruptedException {
    List<FakeStep> steps = new ArrayList<>();
    steps.add(send(SHOP.begin(), fields("t"), fields("u")));
    steps.addAll(large().subList(1, 5));
    steps.add(
        send(
            SHOP.fields(
                "t", column("@1", Query.Type.INT64, ""), column("@2", Query.Type.VARCHAR, ""))));
    steps.addAll(large().subList(5, 9));
    steps.add(send(SHOP.vgtid(gtid(4)), SHOP.commit()));
    FakeStep[] script = steps.toArray(FakeStep[]::new);
    fixture.vtgate.next(script);
    ShardStream stream = stream(4);

    List<ShardReader.Item> items = fixture.read(stream);

    assertThat(rows(items)).hasSize(ROWS / 3).allMatch(row -> row.startsWith("u "));
    assertThat(last(items).end().broken()).containsOnlyKeys("t");
    for (int i = 0; i < items.size() - 1; i++) {
      fixture.vtgate.next(script);
      StreamPosition position = items.get(i).after();
      List<ShardReader.Item> rest =
          position.gtid().equals(gtid(4))
              ? items.subList(i + 1, items.size())
              : StreamFixture.read(fixture.open(stream, position));
      assertThat(rows(rest)).isEqualTo(rows(items.subList(i + 1, items.size())));
    }
  }
}
