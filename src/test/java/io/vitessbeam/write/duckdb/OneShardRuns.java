package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.sync.TablePlan.Action;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of one shard into a file of the test's own, in which nothing of them stays. */
abstract class OneShardRuns {

  static final String LIVE =
      "SELECT id || '=' || coalesce(name, 'NULL') FROM items WHERE NOT _cdc_deleted ORDER BY id";
  static final String DELETED =
      "SELECT id || '=' || coalesce(name, 'NULL') FROM items WHERE _cdc_deleted ORDER BY id";

  @TempDir private Path directory;
  DatabaseFile database;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
  }

  @AfterEach
  void nothingStays() throws Exception {
    assertThat(database.tables())
        .noneMatch(name -> name.toString().startsWith("_vitessbeam_staging"))
        .noneMatch(name -> name.toString().startsWith("_vitessbeam_ledger"));
    assertThat(directory.toFile().list()).containsExactly("test.duckdb");
  }

  TestRun run(String id) {
    return new TestRun(database.path(), id, "0");
  }

  TestRun copyOfThree(String id) {
    return run(id)
        .plan(Rows.ITEMS, Action.COPY, 10)
        .copied("items", "0", "1", "one")
        .copied("items", "0", "2", "two")
        .copied("items", "0", "3", null);
  }

  TestRun follow(String id) {
    return run(id).plan(Rows.ITEMS, Action.FOLLOW, 10);
  }
}
