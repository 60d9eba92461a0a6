package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.TablePlan.Action;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

  /** Copies of the files, by the statement that comes next. */
  private final class Snapshots extends AppenderBase<ILoggingEvent> {

    private final Path source;
    private final List<String> statements = new ArrayList<>();
    private final List<DatabaseFile> files = new ArrayList<>();

    Snapshots(Path source) {
      this.source = source;
    }

    @Override
    protected void append(ILoggingEvent event) {
      try {
        Path target = Files.createDirectory(directory.resolve("before " + files.size()));
        for (String name : List.of("test.duckdb", "test.duckdb.wal")) {
          if (Files.exists(source.resolve(name))) {
            Files.copy(source.resolve(name), target.resolve(name));
          }
        }
        statements.add(event.getFormattedMessage());
        files.add(new DatabaseFile(target));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
    Logger log = (Logger) LoggerFactory.getLogger(Sql.class);
    snapshots = new Snapshots(folder);
    snapshots.start();
    log.addAppender(snapshots);
    log.setLevel(Level.DEBUG);
    log.setAdditive(false);
    try {
      second(database, "second").run();
    } finally {
      log.detachAppender(snapshots);
      log.setLevel(null);
      log.setAdditive(true);
    }
    after = database.query(ROWS.formatted(" UNION ALL FROM more"));
    assertThat(after).isNotEqualTo(before);
    assertThat(snapshots.statements).contains("COMMIT").hasSizeGreaterThan(20);
  }

  @Test
  void theFileHoldsWhatWasBeforeOrWhatIsAfterAndARerunHeals() throws Exception {
    int published = 0;
    for (int i = 0; i < snapshots.files.size(); i++) {
      DatabaseFile file = snapshots.files.get(i);
      String where = "killed before statement " + i + ": " + snapshots.statements.get(i);
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
    assertThat(published).isLessThan(snapshots.files.size() / 2);
  }
}
