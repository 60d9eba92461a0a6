package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ingest --stream} of tables of a sharded keyspace, while they change. */
class IngestStreamIT {

  @TempDir private Path folder;

  private List<String> flags(StreamPlace place, StreamedTable... tables) {
    return List.of(
        "--source-uri=" + StreamedTable.uri(),
        "--include-tables="
            + Stream.of(tables).map(StreamedTable::name).collect(Collectors.joining(",")),
        "--dest-uri=" + place.uri(folder),
        "--flush-interval=500ms");
  }

  @ParameterizedTest
  @EnumSource
  void changesAreAppliedUntilItIsToldToEnd(StreamPlace place) throws Exception {
    StreamedTable table = StreamedTable.create("streamed", 2_000);
    StreamedTable empty = StreamedTable.create("streamed_empty", 0);
    Random random = new Random(17);
    try (StreamProcess stream = StreamProcess.start(folder, flags(place, table, empty))) {
      table.awaitSame(stream, place, folder);
      for (int i = 0; i < 3; i++) {
        for (int change = 0; change < 20; change++) {
          table.change(random);
        }
        empty.insert(1 + i, 1 + i);
        table.awaitSame(stream, place, folder);
        empty.awaitSame(stream, place, folder);
      }
      table.execute("DELETE FROM " + table.name() + " WHERE id BETWEEN 1 AND 50");

      assertThat(stream.stop())
          .contains("copied 2,000 rows", "Synced 2 tables")
          .doesNotContain("Exception");
    }
    // What had not come when it was told to end comes with the next run of whatever kind.
    assertThat(IngestRun.of(batch(place, table, empty)).status()).isZero();
    table.assertSame(place, folder);
    empty.assertSame(place, folder);
  }

  private String[] batch(StreamPlace place, StreamedTable... tables) {
    return flags(place, tables).stream()
        .filter(flag -> !flag.startsWith("--flush"))
        .toArray(String[]::new);
  }

  @OnEachRunner
  void runsThatEndAndRunsThatDoNotFollowEachOther(EmbeddedRunner runner) throws Exception {
    StreamPlace place = StreamPlace.DUCKDB;
    StreamedTable table = StreamedTable.create("alternating", 500);
    Random random = new Random(5);
    for (int round = 0; round < 2; round++) {
      assertThat(IngestRun.of(batch(place, table)).status()).isZero();
      table.assertSame(place, folder);
      change(table, random);
      try (StreamProcess stream =
          StreamProcess.start(folder, "512m", runner, flags(place, table))) {
        table.awaitSame(stream, place, folder);
        change(table, random);
        table.awaitSame(stream, place, folder);
        stream.stop();
      }
      change(table, random);
    }
  }

  private static void change(StreamedTable table, Random random) throws SQLException {
    for (int i = 0; i < 10; i++) {
      table.change(random);
    }
  }

  @Test
  void aTableThatIsAlteredIsCopiedAgainAndTheOthersGoOn() throws Exception {
    StreamPlace place = StreamPlace.DUCKDB;
    StreamedTable altered = StreamedTable.create("altered", 300);
    StreamedTable other = StreamedTable.create("unaltered", 300);
    try (StreamProcess stream = StreamProcess.start(folder, flags(place, altered, other))) {
      altered.awaitSame(stream, place, folder);
      altered.execute(
          "UPDATE " + altered.name() + " SET name = 'before' WHERE id < 10",
          "ALTER TABLE " + altered.name() + " MODIFY name VARCHAR(120) NOT NULL DEFAULT 'x'",
          "UPDATE " + altered.name() + " SET name = 'after' WHERE id < 5");
      other.execute("UPDATE " + other.name() + " SET amount = 0");
      altered.awaitSame(stream, place, folder);
      other.awaitSame(stream, place, folder);
      other.execute("DELETE FROM " + other.name() + " WHERE id < 100");
      other.awaitSame(stream, place, folder);

      // Seen in the log, or, if nothing is followed yet, by a look at the table.
      assertThat(stream.stop())
          .contains("beginning again")
          .containsAnyOf(
              "copied again: it was altered: alter table " + altered.name(),
              "column name has another type: varchar(80) -> varchar(120)")
          .contains("rows again (column name has another type")
          .doesNotContain("Exception");
    }
  }

  @Test
  void newTablesOfAKeyspaceAreCopiedAndFollowed() throws Exception {
    StreamPlace place = StreamPlace.DUCKDB;
    StreamedTable.create("excluded", 1);
    List<String> flags =
        List.of(
            "--source-uri=" + StreamedTable.uri(),
            "--exclude-tables=" + String.join(",", StreamedTable.all()),
            "--dest-uri=" + place.uri(folder),
            "--flush-interval=500ms");
    StreamedTable first = StreamedTable.create("first", 20);
    try (StreamProcess stream = StreamProcess.start(folder, flags)) {
      first.awaitSame(stream, place, folder);
      StreamedTable later = StreamedTable.create("later", 30);
      later.awaitSame(stream, place, folder);
      later.execute("DELETE FROM " + later.name() + " WHERE id < 9");
      first.execute("UPDATE " + first.name() + " SET name = 'x'");
      later.awaitSame(stream, place, folder);
      first.awaitSame(stream, place, folder);

      assertThat(stream.stop()).contains("has new tables: " + later.name());
    }
  }

  @Test
  void aTableThatIsGoneWaitsAndTheOthersGoOn() throws Exception {
    StreamPlace place = StreamPlace.DUCKDB;
    StreamedTable gone = StreamedTable.create("gone", 20);
    StreamedTable other = StreamedTable.create("stays", 20);
    try (StreamProcess stream = StreamProcess.start(folder, flags(place, gone, other))) {
      gone.awaitSame(stream, place, folder);
      other.awaitSame(stream, place, folder);
      List<String> last = gone.live(place, folder);
      gone.execute("DROP TABLE " + gone.name());
      awaitChanges(other, stream, place);

      assertThat(gone.live(place, folder)).isEqualTo(last);
      assertThat(stream.stop())
          .contains(gone.name() + " waits: Keyspace customer has no table " + gone.name());
    }
  }

  /** It goes on, change by change. */
  private void awaitChanges(StreamedTable table, StreamProcess stream, StreamPlace place)
      throws SQLException, InterruptedException {
    for (int id = 100; id < 103; id++) {
      table.insert(id, id);
      table.awaitSame(stream, place, folder);
    }
  }

  @Test
  void aTableWhoseCopyDoesNotFitWaitsAndTheOthersGoOn() throws Exception {
    StreamPlace place = StreamPlace.DUCKDB;
    StreamedTable unfit = StreamedTable.create("unfit", 20);
    StreamedTable other = StreamedTable.create("fits", 20);
    try (StreamProcess stream = StreamProcess.start(folder, flags(place, unfit, other))) {
      unfit.awaitSame(stream, place, folder);
      List<String> last = unfit.live(place, folder);
      unfit.execute(
          "UPDATE " + unfit.name() + " SET name = 'x'",
          "ALTER TABLE " + unfit.name() + " MODIFY name VARBINARY(320)");
      awaitChanges(other, stream, place);

      assertThat(unfit.live(place, folder)).isEqualTo(last);
      assertThat(stream.stop())
          .contains(unfit.name() + " waits: Column name of main." + unfit.name() + " is VARCHAR");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void killedAtAnyTimeItGoesOnWhereTheDestinationStands(StreamPlace place)
      throws IOException, InterruptedException, SQLException {
    StreamedTable table = StreamedTable.create("killed", 2_000);
    Random random = new Random(3);
    for (int kill = 0; kill < 3; kill++) {
      try (StreamProcess stream = StreamProcess.start(folder, flags(place, table))) {
        long end = System.nanoTime() + (2_000 + random.nextInt(6_000)) * 1_000_000L;
        while (System.nanoTime() < end) {
          table.change(random);
        }
        assertThat(stream.runs()).as(stream.output()).isTrue();
        stream.kill();
      }
      change(table, random);
    }
    try (StreamProcess stream = StreamProcess.start(folder, flags(place, table))) {
      table.awaitSame(stream, place, folder);
      stream.stop();
    }
  }
}
