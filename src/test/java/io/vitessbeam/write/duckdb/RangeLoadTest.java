package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.staging.BufferedBlocks;
import io.vitessbeam.write.duckdb.staging.RangeLoad;
import io.vitessbeam.write.load.LoadId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RangeLoadTest {

  private static final int RANGES = 4;

  @TempDir private Path directory;
  private DatabaseFile database;
  private DuckDbFile file;
  private DuckDbStagingArea area;

  @BeforeEach
  void openFile() {
    database = new DatabaseFile(directory);
    LoadId<DuckDbUri> id = database.id("run", "t");
    file = DuckDbFile.open(id.place().path(), Set.of());
    area = new DuckDbStagingArea(file, id);
    area.prepare(Rows.ITEMS, 5, RANGES);
  }

  @AfterEach
  void closeFile() {
    area.close();
    file.close();
  }

  /** With room for a single block every other one has to wait for an INSERT. */
  @Test
  void rangesOfSeveralThreadsAreWholeHoweverLittleMayWait() throws Exception {
    BufferedBlocks buffered = new BufferedBlocks(block(0, "1").length());
    ExecutorService threads = Executors.newFixedThreadPool(RANGES);
    List<Future<OptionalLong>> ranges = new ArrayList<>();
    for (int i = 0; i < RANGES; i++) {
      int index = i;
      ranges.add(threads.submit(() -> stage(index, buffered)));
    }
    for (Future<OptionalLong> range : ranges) {
      assertThat(range.get()).hasValue(300);
    }
    threads.shutdown();

    assertThat(staged())
        .containsExactlyElementsOf(
            IntStream.range(0, RANGES)
                .boxed()
                .flatMap(index -> IntStream.range(0, 300).mapToObj(i -> 1000 * index + i))
                .map(id -> id + "=item " + id)
                .toList());
  }

  private OptionalLong stage(int index, BufferedBlocks buffered) {
    RangeLoad range = range(index, buffered);
    OptionalLong rows = OptionalLong.empty();
    for (Block block : Rows.itemRange(index, RANGES, 100, 3)) {
      rows = range.add(block);
      buffered.enforce();
    }
    return rows;
  }

  /** What waits for an INSERT that won't come any more must not stop the other ranges. */
  @Test
  void anInsertThatFailsIsToldToWhoeverAddsNextAndNothingOfTheRangeWaits() throws Exception {
    BufferedBlocks buffered = new BufferedBlocks(0);
    RangeLoad range = range(0, buffered);

    range.add(block(0, "1", "12x"));
    buffered.enforce();

    assertThat(range.pendingBytes()).isZero();
    assertThatThrownBy(() -> range.add(block(1, "2")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("12x");
    range.rollback();
    assertThat(staged()).isEmpty();
  }

  @Test
  void aRangeThatIsGivenUpWaitsForItsInsertAndLeavesNothing() throws Exception {
    BufferedBlocks buffered = new BufferedBlocks(Long.MAX_VALUE);
    RangeLoad range = range(0, buffered);
    range.add(Rows.items(new Origin(5, 0, RANGES, 0, -1, "0"), 0, 500));
    range.insertSoon();

    range.rollback();

    assertThat(range.isInserting()).isFalse();
    assertThat(staged()).isEmpty();
    assertThatThrownBy(() -> range.add(block(1, "2"))).hasMessageContaining("was given up");
  }

  @Test
  void aThreadThatIsInterruptedWaitsForTheInsertOfARangeThatItGivesUp() throws Exception {
    RangeLoad range = range(0, new BufferedBlocks(Long.MAX_VALUE));
    range.add(Rows.items(new Origin(5, 0, RANGES, 0, -1, "0"), 0, 50_000));
    range.insertSoon();
    Thread.currentThread().interrupt();

    range.rollback();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(range.isInserting()).isFalse();
    assertThat(staged()).isEmpty();
  }

  private RangeLoad range(int index, BufferedBlocks buffered) {
    return new RangeLoad(
        "range " + index, area.file(), area.tables().range(index, Rows.ITEMS), buffered);
  }

  private static Block block(long sequence, String... ids) {
    BlockBuilder block = new BlockBuilder(Rows.ITEMS, 64);
    for (String id : ids) {
      byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
      block.startRow();
      block.addValue(bytes, 0, bytes.length);
      block.addNull();
    }
    return block.build(new Origin(5, 0, RANGES, sequence, -1, "0"));
  }

  /** What is committed, by key. */
  private List<String> staged() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = file.connect();
        Statement statement = connection.createStatement();
        ResultSet staged =
            statement.executeQuery(
                "SELECT id || '=' || name FROM " + stagingTable() + " ORDER BY id")) {
      while (staged.next()) {
        rows.add(staged.getString(1));
      }
    }
    return rows;
  }

  private String stagingTable() throws SQLException {
    try (Connection connection = file.connect()) {
      return DuckDbSql.quoted(
          DuckDbSql.text(
              connection,
              "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, '%s')"
                  .formatted(DuckDbFile.STAGING_PREFIX)));
    }
  }
}
