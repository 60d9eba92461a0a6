package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.vstream.position.CdcLsn;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards are not ordered among each other. Row 1 is in the shard -80 at first, row 2 in 80-. */
class ManyShardsTest {

  private static final String LEFT = "-80";
  private static final String RIGHT = "80-";

  @TempDir private Path directory;
  private DatabaseFile database;
  private int runs;

  @BeforeEach
  void copy() {
    database = new DatabaseFile(directory);
    run(Action.COPY).copied("items", LEFT, "1", "one").copied("items", RIGHT, "2", "two").run();
  }

  private TestRun run(Action action) {
    return new TestRun(database.path(), "run " + runs++, LEFT, RIGHT)
        .plan(Rows.ITEMS, action, 10, 10);
  }

  private TestRun follow() {
    return run(Action.FOLLOW);
  }

  /** Name, whether it is deleted, and the shard that wrote it last. */
  private String row(int id) throws Exception {
    return database
        .query("SELECT name, _cdc_deleted, _cdc_lsn FROM items WHERE id = " + id)
        .stream()
        .map(value -> value.toString().startsWith("0000") ? shard(value) : value.toString())
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }

  private static String shard(Object lsn) {
    return CdcLsn.parse(lsn.toString()).shard();
  }

  @Test
  void aCopiedRowIsOfTheShardThatItWasReadFrom() throws Exception {
    assertThat(row(1)).isEqualTo("one false -80");
    assertThat(row(2)).isEqualTo("two false 80-");
  }

  @Test
  void aMoveInOneRunWhicheverShardIsAhead() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.DELETE, 500, 7, "1", "one")
        .changed("items", RIGHT, RowKind.INSERT, 11, 7, "1", "moved")
        .run();
    assertThat(row(1)).isEqualTo("moved false 80-");
    follow()
        .changed("items", RIGHT, RowKind.DELETE, 12, 8, "1", "moved")
        .changed("items", LEFT, RowKind.INSERT, 501, 8, "1", "back")
        .run();
    assertThat(row(1)).isEqualTo("back false -80");
  }

  @Test
  void aMoveWhoseInsertComesFirst() throws Exception {
    follow().changed("items", RIGHT, RowKind.INSERT, 11, 7, "1", "moved").run();
    follow().changed("items", LEFT, RowKind.DELETE, 500, 7, "1", "one").run();
    assertThat(row(1)).isEqualTo("moved false 80-");
  }

  @Test
  void aMoveWhoseDeleteComesFirst() throws Exception {
    follow().changed("items", LEFT, RowKind.DELETE, 500, 7, "1", "one").run();
    assertThat(row(1)).isEqualTo("one true -80");
    follow().changed("items", RIGHT, RowKind.INSERT, 11, 7, "1", "moved").run();
    assertThat(row(1)).isEqualTo("moved false 80-");
  }

  @Test
  void anUpdateOfAnotherShardDoesNotOverrideALiveRow() throws Exception {
    follow().changed("items", RIGHT, RowKind.UPDATE, 500, 7, "1", "stale").run();
    assertThat(row(1)).isEqualTo("one false -80");
  }

  @Test
  void anUpdateOfAnotherShardRevives() throws Exception {
    follow().changed("items", LEFT, RowKind.DELETE, 11, 7, "1", "one").run();
    follow().changed("items", RIGHT, RowKind.UPDATE, 12, 7, "1", "there").run();
    assertThat(row(1)).isEqualTo("there false 80-");
  }

  @Test
  void ofTwoInsertsTheLaterWins() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.INSERT, 11, 9, "5", "later")
        .changed("items", RIGHT, RowKind.INSERT, 500, 8, "5", "earlier")
        .run();
    assertThat(row(5)).isEqualTo("later false -80");
  }

  @Test
  void anInsertWinsOverAnUpdate() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.UPDATE, 500, 9, "1", "updated")
        .changed("items", RIGHT, RowKind.INSERT, 11, 8, "1", "inserted")
        .run();
    assertThat(row(1)).isEqualTo("inserted false 80-");
  }

  @Test
  void anUpdateOfTheLastWriterWinsOverOneOfAnother() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.UPDATE, 11, 7, "1", "own")
        .changed("items", RIGHT, RowKind.UPDATE, 500, 9, "1", "other")
        .run();
    assertThat(row(1)).isEqualTo("own false -80");
  }

  @Test
  void aTruncateTakesOnlyWhatTheShardWrote() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.TRUNCATE, 11, 7, null, null)
        .changed("items", RIGHT, RowKind.UPDATE, 11, 7, "2", "zwei")
        .run();
    assertThat(row(1)).isEqualTo("one true -80");
    assertThat(row(2)).isEqualTo("zwei false 80-");
  }

  @Test
  void anUpdateOfAnotherShardRevivesWhatATruncateTook() throws Exception {
    follow()
        .changed("items", LEFT, RowKind.TRUNCATE, 11, 7, null, null)
        .changed("items", RIGHT, RowKind.UPDATE, 11, 7, "1", "there")
        .run();
    assertThat(row(1)).isEqualTo("there false 80-");
  }

  @Test
  void aRowThatWasReadTwiceIsThereOnce() throws Exception {
    run(Action.COPY_AGAIN)
        .copied("items", LEFT, "1", "one")
        .copied("items", RIGHT, "1", "moved")
        .copied("items", RIGHT, "2", "two")
        .changed("items", LEFT, RowKind.DELETE, 500, 7, "1", "one")
        .changed("items", RIGHT, RowKind.INSERT, 11, 7, "1", "moved")
        .run();
    assertThat(row(1)).isEqualTo("moved false 80-");
    assertThat(database.query("SELECT count(*) FROM items")).containsExactly(2L);
  }

  @Test
  void aNewCopyFindsOutThatARowMoved() throws Exception {
    run(Action.COPY_AGAIN)
        .copied("items", RIGHT, "1", "one")
        .copied("items", RIGHT, "2", "two")
        .run();
    assertThat(row(1)).isEqualTo("one false 80-");
    follow().changed("items", RIGHT, RowKind.UPDATE, 11, 7, "1", "uno").run();
    assertThat(row(1)).isEqualTo("uno false 80-");
  }

  @Test
  void afterAReshardAnyShardMayChangeARow() throws Exception {
    new TestRun(database.path(), "resharded", "-40", "40-80", RIGHT)
        .plan(1, Rows.ITEMS, Action.FOLLOW, 2, 3)
        .changed("items", "40-80", RowKind.DELETE, 4, 7, "1", "one")
        .changed("items", "-40", RowKind.DELETE, 4, 7, "2", "two")
        .run();
    assertThat(row(1)).isEqualTo("one true 40-80");
    assertThat(row(2)).isEqualTo("two false 80-");
  }

  @Test
  void aTruncateOfOneShardAfterAReshardIsNotGuessed() throws Exception {
    TestRun one =
        new TestRun(database.path(), "one", "-40", "40-80", RIGHT)
            .plan(1, Rows.ITEMS, Action.FOLLOW, 2, 3)
            .changed("items", "40-80", RowKind.TRUNCATE, 4, 7, null, null);
    assertThatThrownBy(one::run)
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("truncated in shard 40-80, and of 1 rows it isn't known");
    TestRun all =
        new TestRun(database.path(), "all", "-40", "40-80", RIGHT)
            .plan(1, Rows.ITEMS, Action.FOLLOW, 2, 3);
    for (String shard : new String[] {"-40", "40-80", RIGHT}) {
      all.changed("items", shard, RowKind.TRUNCATE, 4, 7, null, null);
    }
    all.run();
    assertThat(database.query("SELECT DISTINCT _cdc_deleted FROM items")).containsExactly(true);
  }
}
