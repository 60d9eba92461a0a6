package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --schema-contract}, from a real Vitess into a DuckDB file. */
class IngestContractIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  /** Loaded, and then with a wider and a new column, and rows that need them. */
  private String createLoadAndChange() throws SQLException {
    String table = VITESS.newTable("items");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, name VARCHAR(20), n INT, place POINT)",
        "INSERT INTO " + table + " (id, name, n) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
    assertThat(load(EmbeddedRunner.DIRECT, table)).contains("Loaded 3 rows");
    VITESS.execute(
        SHOP,
        "ALTER TABLE " + table + " MODIFY n BIGINT, ADD COLUMN more VARCHAR(9)",
        "UPDATE " + table + " SET name = 'wide', n = 12345678901 WHERE id = 2",
        "UPDATE " + table + " SET name = 'more', more = 'x' WHERE id = 3",
        "INSERT INTO " + table + " (id, name, n) VALUES (4, 'new', 4), (5, NULL, NULL)");
    return table;
  }

  private String load(EmbeddedRunner runner, String table, String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--dest-table=items");
    IngestRun run =
        IngestRun.load(runner, VITESS.uriText(SHOP), table, file(), all.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private Path file() {
    return folder.resolve("items.duckdb");
  }

  private List<String> rows() throws SQLException {
    return TableRows.ofDuckDb(file(), "SELECT id, name, n FROM items");
  }

  private List<String> columns() throws SQLException {
    return TableRows.ofDuckDb(file(), "SELECT column_name, column_type FROM (DESCRIBE items)");
  }

  private void assertColumnsAsBefore() throws SQLException {
    assertThat(columns())
        .containsExactlyInAnyOrder("id|INTEGER|", "name|VARCHAR|", "n|INTEGER|", "place|BLOB|");
  }

  @OnEachRunner
  void rowsThatTheTableHasNoRoomForAreLeftOutAndCounted(EmbeddedRunner runner) throws SQLException {
    String table = createLoadAndChange();
    String said =
        load(runner, table, "--schema-contract=discard_row", "--incremental-strategy=merge");

    assertThat(said).contains("Loaded 3 rows", "; 2 rows for which it has no room left out");
    assertThat(rows()).containsExactly("1|a|1|", "2|b|2|", "3|c|3|", "4|new|4|", "5|NULL|NULL|");
    assertColumnsAsBefore();
  }

  @Test
  void valuesThatTheTableHasNoRoomForAreLeftOutAndCounted() throws SQLException {
    String table = createLoadAndChange();
    String said =
        load(
            EmbeddedRunner.DIRECT,
            table,
            "--schema-contract=discard_value",
            "--incremental-strategy=merge");

    assertThat(said).contains("Loaded 5 rows", "; 2 values for which it has no room left out");
    assertThat(rows())
        .containsExactly("1|a|1|", "2|wide|NULL|", "3|more|3|", "4|new|4|", "5|NULL|NULL|");
    assertColumnsAsBefore();
  }

  @Test
  void aTableThatIsNewOrReplacedHasRoomForAll() throws SQLException {
    String table = createLoadAndChange();
    String said = load(EmbeddedRunner.DIRECT, table, "--schema-contract=discard_row");
    assertThat(said).contains("Loaded 5 rows").doesNotContain("left out");
    assertThat(columns()).contains("n|BIGINT|", "more|VARCHAR|");
  }

  @Test
  void aKeyThatTheTableLacksIsAnErrorAndNothingIsWritten() throws SQLException {
    String table = createLoadAndChange();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE OR REPLACE TABLE items AS SELECT id FROM items");
    }
    IngestRun run =
        IngestRun.load(
            EmbeddedRunner.DIRECT,
            VITESS.uriText(SHOP),
            table,
            file(),
            "--dest-table=items",
            "--schema-contract=discard_value",
            "--incremental-strategy=merge",
            "--primary-key=name");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("items has no column name, by which its rows are told apart");
    assertThat(TableRows.ofDuckDb(file(), "FROM items")).containsExactly("1|", "2|", "3|");
  }
}
