package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.testing.ChildJvm;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM dies at every step of a load, without any clean-up. */
class CrashTest {

  private static final int STATEMENTS =
      new DuckDbStagingTables("x", TargetTable.parse("shop.items"), "0")
          .swap(Digest.of("run"))
          .size();

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void createOldTable() throws Exception {
    database = new DatabaseFile(directory);
    database.execute("CREATE SCHEMA shop; CREATE TABLE shop.items AS SELECT 42 AS old");
  }

  static Stream<Integer> stepsBeforeTheCommit() {
    return IntStream.rangeClosed(0, STATEMENTS).boxed();
  }

  @Test
  void killedWhileStagingTheOldTableStaysAndTheNextRunCleans() throws Exception {
    crash("staging");
    assertThat(database.query("SELECT old FROM shop.items")).containsExactly(42);

    loadAgain("next run");
  }

  @ParameterizedTest
  @MethodSource("stepsBeforeTheCommit")
  void killedWhilePublishingTheOldTableStaysAndTheNextRunCleans(int statements) throws Exception {
    crash("publishing", Integer.toString(statements));
    assertThat(database.query("SELECT old FROM shop.items")).containsExactly(42);

    loadAgain("next run");
  }

  @Test
  void killedAfterTheCommitTheNewTableIsThereAndPublishingAgainIsHarmless() throws Exception {
    crash("publishing", Integer.toString(STATEMENTS + 1));
    assertThat(database.query("SELECT count(*) FROM shop.items")).containsExactly(40L);
    assertThat(database.tables()).containsExactly("items");

    LoadId<DuckDbUri> id = database.id(CrashingLoad.RUN, "shop.items");
    DuckDbLoader load = DuckDbLoads.ofThisJvm().acquire(id);
    load.publish(List.of(new StagedRange(0, 2, 30), new StagedRange(1, 2, 10)));
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.query("SELECT count(*) FROM shop.items")).containsExactly(40L);
  }

  @Test
  void theSameRunGoesOnWithTheRangesThatWereCommitted() throws Exception {
    crash("staging");
    loadAgain(CrashingLoad.RUN);
  }

  @Test
  void terminatedWhileStagingNothingStays() throws Exception {
    try (ChildJvm child = ChildJvm.start(CrashingLoad.class, database.path().toString(), "hold")) {
      child.awaitLine("holding");
      child.terminate();
    }
    assertThat(database.tables()).containsExactly("items");
    assertThat(database.query("SELECT old FROM shop.items")).containsExactly(42);
  }

  private void crash(String... where) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(database.path().toString()));
    arguments.addAll(List.of(where));
    try (ChildJvm child = ChildJvm.start(CrashingLoad.class, arguments.toArray(String[]::new))) {
      assertThat(child.exitCode()).isEqualTo(CrashingLoad.HALTED);
    }
  }

  private void loadAgain(String run) throws Exception {
    LoadId<DuckDbUri> id = database.id(run, "shop.items");
    DuckDbLoader load = DuckDbLoads.ofThisJvm().acquire(id);
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10));
    receipts.addAll(DatabaseFile.stage(load, Rows.itemRange(1, 2, 1, 10)));
    load.publish(receipts);
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.query("SELECT count(DISTINCT id), count(*) FROM shop.items"))
        .containsExactly(40L, 40L);
    assertThat(database.tables()).containsExactly("items");
  }
}
