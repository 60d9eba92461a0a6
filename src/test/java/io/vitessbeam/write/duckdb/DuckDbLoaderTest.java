package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbLoaderTest {

  private static final String RUN = "run";

  @TempDir private Path directory;
  private DatabaseFile database;
  private LoadId<DuckDbUri> id;
  private DuckDbLoader load;

  @BeforeEach
  void beginLoad() {
    database = new DatabaseFile(directory);
    id = database.id(RUN, "shop.items");
    load = DuckDbLoads.ofThisJvm().acquire(id);
  }

  @AfterEach
  void nothingStays() throws Exception {
    load.abort();
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.tables()).noneMatch(DuckDbLoaderTest::isOurs);
  }

  private static boolean isOurs(Object table) {
    return table.toString().startsWith("_vitessbeam_");
  }

  @Test
  void blocksOfSeveralRangesInAnyOrder() throws Exception {
    List<Block> blocks = ranges(3, 5, 100);
    Collections.shuffle(blocks, new Random(7));

    load.publish(DatabaseFile.stage(load, blocks));

    assertItems(3 * 5 * 100);
  }

  @Test
  void blocksFromSeveralThreads() throws Exception {
    List<Block> blocks = ranges(4, 50, 20);
    Collections.shuffle(blocks, new Random(8));
    List<StagedRange> receipts = Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> futures = new ArrayList<>();
    for (Block block : blocks) {
      futures.add(threads.submit(() -> load.stage(block).ifPresent(receipts::add)));
    }
    for (Future<?> future : futures) {
      future.get(1, TimeUnit.MINUTES);
    }
    threads.shutdown();

    load.publish(receipts);

    assertItems(4 * 50 * 20);
  }

  @Test
  void aBlockThatComesAgainIsNotDoubled() throws Exception {
    List<Block> blocks = new ArrayList<>();
    for (Block block : Rows.itemRange(0, 1, 3, 10)) {
      blocks.add(block);
      blocks.add(block);
    }
    List<StagedRange> receipts = DatabaseFile.stage(load, blocks);

    assertThat(receipts).hasSize(2).containsOnly(new StagedRange(0, 1, 30));
    load.publish(receipts);
    assertItems(30);
  }

  @Test
  void aRangeThatComesAgainIsNotDoubled() throws Exception {
    List<Block> range = Rows.itemRange(0, 1, 3, 10);
    DatabaseFile.stage(load, range);
    load.publish(DatabaseFile.stage(load, range));

    assertItems(30);
  }

  @Test
  void aRangeThatComesAgainWithOtherRowsIsRefused() {
    load.stage(Rows.items(new Origin(5, 0, 1, 0, -1, "0"), 0, 10));
    assertThatThrownBy(() -> load.stage(Rows.items(new Origin(5, 0, 1, 0, -1, "0"), 1, 11)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Range 0 of shop.items was read again");
  }

  @Test
  void rangesCommittedBeforeTheFileWasClosedAreSkipped() throws Exception {
    StagedRange first = DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10)).get(0);
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.tables()).hasSize(2).allMatch(DuckDbLoaderTest::isOurs);

    load = DuckDbLoads.ofThisJvm().acquire(id);
    List<StagedRange> again = DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10));
    assertThat(again).hasSize(4).containsOnly(first);
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(1, 2, 3, 10));
    receipts.add(first);
    load.publish(receipts);

    assertItems(60);
  }

  @Test
  void aPublishAfterTheFileWasClosedFindsWhatIsStaged() throws Exception {
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(0, 1, 3, 10));
    DuckDbLoads.ofThisJvm().release(load);

    load = DuckDbLoads.ofThisJvm().acquire(id);
    load.publish(receipts);

    assertItems(30);
  }

  @Test
  void whoeverStopsWithinARangeGivesUpTheLoad() throws Exception {
    load.stage(Rows.items(new Origin(5, 0, 1, 0, -1, "0"), 0, 10));
    DuckDbLoads.ofThisJvm().release(load);

    assertThat(database.tables()).isEmpty();
    load = DuckDbLoads.ofThisJvm().acquire(id);
    load.publish(DatabaseFile.stage(load, Rows.itemRange(0, 1, 3, 10)));
    assertItems(30);
  }

  @Test
  void aMissingRangeFailsAndTheOldTableStays() throws Exception {
    database.execute("CREATE SCHEMA shop; CREATE TABLE shop.items AS SELECT 42 AS old");
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(1, 2, 3, 10));

    assertThatThrownBy(() -> load.publish(receipts))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 of 2 ranges");
    assertThat(database.query("SELECT old FROM shop.items")).containsExactly(42);
  }

  @Test
  void aReceiptWithoutItsRowsFails() {
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10));
    receipts.add(new StagedRange(1, 2, 5));

    assertThatThrownBy(() -> load.publish(receipts))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("35 rows were read in 2 ranges")
        .hasMessageContaining("the ledger has 30 rows in 1 ranges")
        .hasMessageContaining("the staging table holds 30 rows");
  }

  @Test
  void receiptsThatContradictEachOtherFail() {
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(0, 1, 3, 10));
    receipts.add(new StagedRange(0, 1, 31));
    assertThatThrownBy(() -> load.publish(receipts))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("don't agree");
  }

  @Test
  void noReceiptAtAllFails() {
    assertThatThrownBy(() -> load.publish(List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no range of it was read");
  }

  @Test
  void fewerRowsThanTheRangeHadFail() {
    load.stage(Rows.closing(Rows.ITEMS, 0, 1, 1, 11));
    assertThatThrownBy(() -> load.stage(Rows.items(new Origin(5, 0, 1, 0, -1, "0"), 0, 10)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("11 rows were read, but its blocks hold 10");
  }

  @Test
  void aTableWhoseDefinitionChangesMeanwhileIsRefused() {
    load.stage(Rows.items(new Origin(5, 0, 2, 0, -1, "0"), 0, 10));
    Column other = new Column("id", ColumnType.of(MysqlType.INT), false);
    assertThatThrownBy(() -> load.stage(Rows.ofColumn(other, List.of()).get(1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("don't agree on its columns");
  }

  @Test
  void rangesOfAnotherPlanAreRefused() {
    load.stage(Rows.items(new Origin(5, 0, 2, 0, -1, "0"), 0, 10));
    assertThatThrownBy(() -> load.stage(Rows.items(new Origin(6, 1, 2, 0, -1, "0"), 10, 20)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("planned the read anew");
  }

  @Test
  void theOldTableIsReplacedWithItsColumns() throws Exception {
    database.execute("CREATE SCHEMA shop; CREATE TABLE shop.items (a INTEGER PRIMARY KEY, b DATE)");
    database.execute("INSERT INTO shop.items VALUES (1, DATE '2024-01-01')");

    load.publish(DatabaseFile.stage(load, Rows.itemRange(0, 1, 3, 10)));

    assertItems(30);
    assertThat(
            database.query(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"))
        .containsExactly("id", "BIGINT", "NO", "name", "VARCHAR", "YES");
  }

  @Test
  void anEmptyTableIsCreatedWithItsColumns() throws Exception {
    load.publish(DatabaseFile.stage(load, Rows.itemRange(0, 1, 0, 0)));

    assertItems(0);
    assertThat(database.query("SELECT column_name FROM information_schema.columns"))
        .containsExactly("id", "name");
  }

  @Test
  void publishingAgainChangesNothing() throws Exception {
    List<StagedRange> receipts = DatabaseFile.stage(load, Rows.itemRange(0, 1, 3, 10));
    assertThat(load.publish(receipts).rows()).isEqualTo(30);
    DuckDbLoads.ofThisJvm().release(load);

    load = DuckDbLoads.ofThisJvm().acquire(id);
    assertThat(load.publish(receipts).rows()).isEqualTo(30);
    assertItems(30);
  }

  @Test
  void abortingDropsWhatIsStagedAndWhatWasCreated() throws Exception {
    DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10));
    load.stage(Rows.items(new Origin(5, 1, 2, 0, -1, "0"), 0, 10));

    DuckDbLoads.ofThisJvm().abort(id.place(), RUN);

    assertThat(database.tables()).isEmpty();
    assertThat(
            database.query("SELECT schema_name FROM duckdb_schemas() WHERE schema_name = 'shop'"))
        .isEmpty();
    assertThatThrownBy(() -> load.stage(Rows.items(new Origin(5, 1, 2, 1, -1, "0"), 10, 20)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void abortingARunThatNeverWroteTouchesNothing() {
    DuckDbLoads.ofThisJvm().abort(id.place(), RUN);
    assertThat(database.path()).doesNotExist();
  }

  private static List<Block> ranges(int ranges, int blocks, int rowsPerBlock) {
    List<Block> all = new ArrayList<>();
    for (int range = 0; range < ranges; range++) {
      all.addAll(Rows.itemRange(range, ranges, blocks, rowsPerBlock));
    }
    return all;
  }

  private void assertItems(long rows) throws Exception {
    assertThat(
            database.query(
                "SELECT count(*), count(DISTINCT id), count(*) FILTER (name = 'item ' || id)"
                    + " FROM shop.items"))
        .containsExactly(rows, rows, rows);
  }
}
