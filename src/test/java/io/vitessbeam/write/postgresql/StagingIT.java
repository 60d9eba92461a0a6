package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.block;
import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocks that come again, late, changed or from several processes; runs that die or meet. */
class StagingIT {

  private static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              column("id", ColumnType.of(MysqlType.INT), false),
              column("name", ColumnType.of(MysqlType.VARCHAR, 20), true)),
          List.of("id"));

  private final TestSchema schema = new TestSchema();

  private LoadSpec spec() {
    return schema.spec("items").withStrategy(WriteStrategy.REPLACE);
  }

  private static Origin origin(int range, int ranges, long sequence, long rows) {
    return new Origin(5, range, ranges, sequence, rows, "0");
  }

  private static Block closing(int range, int ranges, long sequence, long rows) {
    return Block.closing(ITEMS, origin(range, ranges, sequence, rows));
  }

  private List<String> rows() throws SQLException {
    return schema.query("SELECT id || name FROM $s.items ORDER BY id, name");
  }

  @Test
  void aBlockThatComesAgainIsThereOnce() throws SQLException {
    Loader loader = schema.loader(spec());
    Block block = block(ITEMS, origin(0, 1, 0, -1), "1 a", "2 b");
    for (int i = 0; i < 3; i++) {
      assertThat(loader.stage(block)).isEmpty();
      assertThat(loader.stage(closing(0, 1, 1, 2))).contains(new StagedRange(0, 1, 2));
    }
    assertThat(loader.publish(List.of(new StagedRange(0, 1, 2))).rows()).isEqualTo(2);
    loader.release();
    assertThat(rows()).containsExactly("1a", "2b");
  }

  @Test
  void ofARangeThatIsReadAgainTheLastReadCounts() throws SQLException {
    Loader loader = schema.loader(spec());
    loader.stage(block(ITEMS, origin(0, 2, 0, -1), "1 a", "2 b"));
    loader.stage(block(ITEMS, origin(0, 2, 1, -1), "3 c", "4 d"));
    loader.stage(block(ITEMS, origin(0, 2, 2, -1), "5 e"));
    loader.stage(block(ITEMS, origin(1, 2, 0, -1), "9 z"));
    // A row came before the others, another one is gone: the blocks are cut elsewhere.
    loader.stage(block(ITEMS, origin(0, 2, 0, -1), "1 a", "2 b"));
    loader.stage(block(ITEMS, origin(0, 2, 1, -1), "3 new", "4 d", "5 e"));
    List<StagedRange> receipts = new ArrayList<>();
    loader.stage(closing(0, 2, 2, 5)).ifPresent(receipts::add);
    loader.stage(closing(1, 2, 1, 1)).ifPresent(receipts::add);

    assertThat(loader.publish(receipts).rows()).isEqualTo(6);
    loader.release();
    assertThat(rows()).containsExactly("1a", "2b", "3new", "4d", "5e", "9z");
  }

  @Test
  void aMissingBlockIsNoticed() throws SQLException {
    Loader loader = schema.loader(spec());
    loader.stage(block(ITEMS, origin(0, 1, 0, -1), "1 a", "2 b"));
    StagedRange receipt = loader.stage(closing(0, 1, 2, 4)).orElseThrow();

    assertThatThrownBy(() -> loader.publish(List.of(receipt)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 rows were read in 1 ranges")
        .hasMessageContaining(
            "the ledger has 2 rows in 1 ranges, 2 of them staged, the staging table holds 2 rows");
    assertThatThrownBy(() -> loader.publish(List.of(new StagedRange(0, 2, 2))))
        .hasMessageContaining("1 of 2 ranges were staged completely");
    assertThatThrownBy(() -> loader.publish(List.of()))
        .hasMessageContaining("no range of it was read");
    schema.execute("DELETE FROM $s.\"" + stagingTable() + "\" WHERE id = 1");
    assertThatThrownBy(() -> loader.publish(List.of(new StagedRange(0, 1, 2))))
        .hasMessageContaining("the staging table holds 1 rows");
    assertThat(schema.tables()).doesNotContain("items");
  }

  private String stagingTable() throws SQLException {
    return schema.tables().stream()
        .filter(name -> name.contains("staging"))
        .findFirst()
        .orElseThrow();
  }

  /** As the workers of a cluster do, of which another one publishes. */
  @Test
  void severalProcessesStageOneLoad() throws Exception {
    LoadSpec spec = spec().withStrategy(WriteStrategy.APPEND);
    int ranges = 6;
    int blocks = 8;
    List<TestSchema> processes = IntStream.range(0, 3).mapToObj(i -> process()).toList();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<StagedRange> receipts = new ArrayList<>();
    try {
      List<Future<Optional<StagedRange>>> staged = new ArrayList<>();
      for (int i = 0; i < ranges * (blocks + 1); i++) {
        int range = i / (blocks + 1);
        int sequence = i % (blocks + 1);
        TestSchema process = processes.get(i % processes.size());
        staged.add(threads.submit(() -> stage(process, spec, range, ranges, sequence, blocks)));
      }
      for (Future<Optional<StagedRange>> each : staged) {
        each.get().ifPresent(receipts::add);
      }
    } finally {
      threads.shutdown();
    }
    Loader publisher = process().loader(spec);
    assertThat(publisher.publish(receipts).rows()).isEqualTo(480);
    publisher.release();

    assertThat(schema.query("SELECT count(*) || ' ' || count(DISTINCT id) FROM $s.items"))
        .containsExactly("480 480");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items");
  }

  private TestSchema process() {
    return new TestSchema(schema.name());
  }

  private static Optional<StagedRange> stage(
      TestSchema process, LoadSpec spec, int range, int ranges, int sequence, int blocks) {
    Loader loader = process.loader(spec);
    try {
      if (sequence == blocks) {
        return loader.stage(closing(range, ranges, blocks, blocks * 10L));
      }
      int first = (range * blocks + sequence) * 10;
      String[] rows =
          IntStream.range(first, first + 10).mapToObj(id -> id + " x").toArray(String[]::new);
      return loader.stage(block(ITEMS, origin(range, ranges, sequence, -1), rows));
    } finally {
      loader.release();
    }
  }

  @Test
  void whatTheDeadLeaveIsSweptAndWhatTheLivingHaveIsNot() throws SQLException {
    Loader dead = process().loader(spec());
    TestSchema.stage(dead, ITEMS, "1 dead");
    TestSchema.die(dead);
    KilledSessions.killAll();
    Loader resting = process().loader(schema.spec("others").withStrategy(WriteStrategy.APPEND));
    List<StagedRange> receipts = TestSchema.stage(resting, ITEMS, "2 alive");
    resting.release();

    schema.load(spec(), ITEMS, "3 new");

    assertThat(rows()).containsExactly("3new");
    assertThat(schema.tables()).hasSize(4);
    assertThat(resting.publish(receipts).rows()).isEqualTo(1);
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items", "others");
  }

  /** As in a JVM of a cluster, which is not told that its job has failed. */
  @Test
  void aLoadOnWhichNobodyWorksAnyMoreIsNotKeptAlive() throws SQLException {
    PostgresqlLoads loads = new PostgresqlLoads(TestSchema.TIMINGS.withRest(Duration.ZERO));
    LoadId<PostgresqlUri> left = LoadId.of(TestSchema.uri(), Target.DEFAULT_SCHEMA, spec());
    PostgresqlLoad load = loads.acquire(left);
    TestSchema.stage(load, ITEMS, "1 left");
    LoadSpec other = schema.spec("others").withStrategy(WriteStrategy.APPEND);

    loads.leaveResting();
    process().load(other, ITEMS, "2 other");
    assertThat(schema.tables()).hasSize(4);

    load.release();
    loads.leaveResting();
    waitUntilNobodyShows(left);
    process().load(other.withRunId("another"), ITEMS, "3 other");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "others");
  }

  /** The server hears a little later that a session was closed. */
  private void waitUntilNobodyShows(LoadId<PostgresqlUri> load) throws SQLException {
    long lock = load.digest().value();
    schema.query("SELECT pg_advisory_lock(" + lock + ")");
    schema.query("SELECT pg_advisory_unlock(" + lock + ")");
  }

  @Test
  void aLoadThatWasLeftGoesOnIfSomebodyComesBackInTime() throws SQLException {
    PostgresqlLoads loads = new PostgresqlLoads(TestSchema.TIMINGS.withRest(Duration.ZERO));
    LoadId<PostgresqlUri> id = LoadId.of(TestSchema.uri(), Target.DEFAULT_SCHEMA, spec());
    PostgresqlLoad load = loads.acquire(id);
    List<StagedRange> receipts = TestSchema.stage(load, ITEMS, "1 left");
    load.release();
    loads.leaveResting();
    waitUntilNobodyShows(id);

    PostgresqlLoad again = loads.acquire(id);
    assertThat(again.publish(receipts).rows()).isEqualTo(1);
    again.release();

    assertThat(rows()).containsExactly("1left");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items");
  }

  @Test
  void aSignOfLifeThatTheServerEndedIsGivenAgain() throws SQLException {
    LoadSpec spec = spec();
    Loader resting = schema.loader(spec);
    resting.stage(block(ITEMS, origin(0, 2, 0, -1), "1 a"));
    StagedRange first = resting.stage(closing(0, 2, 1, 1)).orElseThrow();
    resting.release();
    KilledSessions.killAll();
    Loader loader = schema.loader(spec);
    loader.stage(block(ITEMS, origin(1, 2, 0, -1), "2 b"));

    // It would sweep what nobody shows.
    process().load(schema.spec("others").withStrategy(WriteStrategy.APPEND), ITEMS, "2 other");

    StagedRange second = loader.stage(closing(1, 2, 1, 1)).orElseThrow();
    assertThat(loader.publish(List.of(first, second)).rows()).isEqualTo(2);
    loader.release();
    assertThat(rows()).containsExactly("1a", "2b");
  }

  /** The second has seen what the first had staged, which is gone when nobody shows it any more. */
  @Test
  void tablesThatArePublishedTogetherDoNotWaitForEachOther() throws SQLException {
    Duration doubt = Duration.ofSeconds(20);
    TestSchema process = new TestSchema(schema.name(), TestSchema.withDoubt(doubt));
    Loader items = process.loader(spec());
    Loader others = process.loader(process.spec("others").withStrategy(WriteStrategy.REPLACE));
    List<StagedRange> ofItems = TestSchema.stage(items, ITEMS, "1 a");
    List<StagedRange> ofOthers = TestSchema.stage(others, ITEMS, "1 a");
    items.publish(ofItems);
    Instant last = Instant.now();
    others.publish(ofOthers);
    assertThat(Duration.between(last, Instant.now())).isLessThan(doubt.dividedBy(2));
    items.release();
    others.release();
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items", "others");
  }

  @Test
  void anAbortedRunLeavesNothing() throws SQLException {
    LoadSpec spec = spec();
    PostgresqlDestination destination = new PostgresqlDestination(TestSchema.uri());
    Loader loader = destination.loader(spec);
    TestSchema.stage(loader, ITEMS, "1 a");
    destination.abort("another run");
    assertThat(schema.tables()).hasSize(2);
    destination.abort(spec.runId());
    loader.release();

    assertThat(schema.exists()).isFalse();
    assertThatThrownBy(() -> loader.stage(closing(0, 1, 1, 1)))
        .hasMessageContaining("The load was given up");
  }

  /** Each of them is whole, and the last one stays. */
  @Test
  void runsThatMeetOnATablePublishOneAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> runs = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String row = "1 run" + i;
        WriteStrategy strategy = i % 2 == 0 ? WriteStrategy.REPLACE : WriteStrategy.MERGE;
        runs.add(
            threads.submit(
                () -> process().load(spec().withStrategy(strategy), ITEMS, row, "2 both")));
      }
      for (Future<Long> run : runs) {
        assertThat(run.get()).isEqualTo(2);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(schema.query("SELECT count(*) || max(name) FROM $s.items WHERE id = 2"))
        .containsExactly("1both");
    assertThat(rows()).hasSize(2);
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items");
  }
}
