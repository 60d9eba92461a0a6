package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that dies before any one of its statements. What a killed process leaves are its files as
 * they are at that moment, so a copy of them is taken before each statement.
 */
class SyncCrashTest {

  private static final TableSchema ITEMS = Rows.ITEMS;
  private static final TableSchema MORE = named("more");
  private static final TableSchema AGAIN = named("again");

  private static final String ROWS =
      "SELECT * EXCLUDE (_cdc_synced_at) FROM (FROM items UNION ALL FROM again%s) ORDER BY ALL";

  @TempDir private Path directory;

  private static TableSchema named(String table) {
    return new TableSchema(ITEMS.keyspace(), table, ITEMS.columns(), ITEMS.primaryKey());
  }

  private static TestRun first(DatabaseFile database) {
    return new TestRun(database.path(), "first", "0")
        .plan(ITEMS, Action.COPY, 10)
        .plan(AGAIN, Action.COPY, 10)
        .copied("items", "0", "1", "one")
        .copied("items", "0", "2", "two")
        .copied("items", "0", "3", null)
        .copied("again", "0", "1", "one")
        .copied("again", "0", "2", "two");
  }

  private static TestRun second(DatabaseFile database, String id) {
    return new TestRun(database.path(), id, "0")
        .plan(ITEMS, Action.FOLLOW, 10)
        .plan(AGAIN, Action.COPY_AGAIN, 12)
        .plan(MORE, Action.COPY, 12)
        .copied("again", "0", "2", "zwei")
        .copied("again", "0", "3", "drei")
        .copied("more", "0", "1", "un")
        .changed("items", "0", RowKind.UPDATE, 11, 1, "1", "uno")
        .changed("items", "0", RowKind.DELETE, 12, 1, "2", "two")
        .changed("items", "0", RowKind.INSERT, 13, 1, "4", "four")
        .changed("more", "0", RowKind.INSERT, 13, 1, "2", "deux")
        .changed("again", "0", RowKind.DELETE, 13, 1, "3", "drei");
  }

  private Snapshots snapshots;
  private List<Object> before;
  private List<Object> after;

  @BeforeEach
  void runOnce() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("whole"));
    DatabaseFile database = new DatabaseFile(folder);
    first(database).run();
    before = database.query(ROWS.formatted(""));
    snapshots = new Snapshots(database.path(), directory);
    try (Snapshots taken = snapshots) {
      second(database, "second").run();
      assertThat(taken.statements()).contains("COMMIT").hasSizeGreaterThan(20);
    }
    after = database.query(ROWS.formatted(" UNION ALL FROM more"));
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void theFileHoldsWhatWasBeforeOrWhatIsAfterAndARerunHeals() throws Exception {
    int published = 0;
    for (int i = 0; i < snapshots.files().size(); i++) {
      DatabaseFile file = snapshots.files().get(i);
      String where = "killed before statement " + i + ": " + snapshots.statements().get(i);
      boolean isPublished = file.tables().contains("more");
      published += isPublished ? 1 : 0;
      assertThat(file.query(ROWS.formatted(isPublished ? " UNION ALL FROM more" : "")))
          .as(where)
          .isEqualTo(isPublished ? after : before);

      // Half of them by the same run, as a runner tries again, half by another.
      second(file, i % 2 == 0 || isPublished ? "second" : "third").run();

      assertThat(file.query(ROWS.formatted(" UNION ALL FROM more"))).as(where).isEqualTo(after);
      assertThat(file.tables())
          .as(where)
          .containsExactlyInAnyOrder("items", "again", "more", "_vitessbeam_positions");
    }
    assertThat(published).isLessThan(snapshots.files().size() / 2);
  }
}
