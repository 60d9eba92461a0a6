package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --incremental-strategy}, from a real Vitess into a DuckDB file. */
class IngestStrategiesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  private String create() throws SQLException {
    String table = VITESS.newTable("orders");
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (id BIGINT UNSIGNED, part VARBINARY(9), name VARCHAR(20), at DATETIME(6),"
            + " PRIMARY KEY (id, part))",
        "INSERT INTO "
            + table
            + " VALUES (1, X'00', 'one', '2024-01-01'), (18446744073709551615, X'FF', 'É😀',"
            + " '2024-01-02 03:04:05.678901'), (2, '', NULL, '2024-01-03')");
    return table;
  }

  private String load(EmbeddedRunner runner, String table, String... flags) {
    IngestRun run = IngestRun.load(runner, VITESS.uriText(SHOP), table, file(), flags);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private Path file() {
    return folder.resolve("orders.duckdb");
  }

  private List<String> copied(String table) throws SQLException {
    return TableRows.ofDuckDb(file(), "FROM shop." + table);
  }

  private static List<String> source(String table) throws SQLException {
    try (var connection = VITESS.connect(SHOP)) {
      return TableRows.ofVitess(connection, "SELECT * FROM " + table);
    }
  }

  @OnEachRunner
  void merge(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] flags = {"--incremental-strategy=merge", "--dest-table=shop." + table};
    assertThat(load(runner, table, flags)).contains("Loaded 3 rows").contains("by merge");
    assertThat(copied(table)).isEqualTo(source(table));
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET name = 'changed' WHERE id = 1",
        "INSERT INTO " + table + " VALUES (1, X'01', 'another part', NULL)");
    load(runner, table, flags);

    assertThat(copied(table)).isEqualTo(source(table));
  }

  @OnEachRunner
  void append(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] flags = {"--incremental-strategy=append", "--dest-table=shop." + table};
    load(runner, table, flags);
    load(runner, table, flags);

    assertThat(copied(table)).hasSize(6).containsAll(source(table));
  }

  @OnEachRunner
  void deleteInsert(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] flags = {
      "--incremental-strategy=delete+insert",
      "--incremental-key=at",
      "--dest-table=shop." + table,
      "--interval-start=2024-01-02",
      "--interval-end=2024-01-31"
    };
    load(runner, table, "--dest-table=shop." + table);
    VITESS.execute(
        SHOP,
        "DELETE FROM " + table + " WHERE id = 2",
        "UPDATE " + table + " SET name = 'late' WHERE id > 2",
        "INSERT INTO " + table + " VALUES (7, '', 'new', '2024-01-31')");
    assertThat(load(runner, table, flags)).contains("Loaded 2 rows").contains("delete+insert");

    assertThat(copied(table)).isEqualTo(source(table));
  }

  @OnEachRunner
  void scd2(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] flags = {"--incremental-strategy=scd2", "--dest-table=shop." + table};
    load(runner, table, flags);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET name = 'uno' WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2",
        "INSERT INTO " + table + " VALUES (3, 'x', 'three', NULL)");
    load(runner, table, flags);

    String all = " EXCLUDE (_scd_valid_from, _scd_valid_to, _scd_is_current) FROM shop." + table;
    assertThat(TableRows.ofDuckDb(file(), "SELECT *" + all + " WHERE _scd_is_current"))
        .isEqualTo(source(table));
    assertThat(
            TableRows.ofDuckDb(
                file(), "SELECT id, name FROM shop." + table + " WHERE NOT _scd_is_current"))
        .containsExactly("1|one|", "2|NULL|");
  }

  @Test
  void aPartOfTheRowsIsNotTakenForAll() throws SQLException {
    String table = create();
    load(EmbeddedRunner.DIRECT, table, "--dest-table=shop." + table);
    for (String strategy : List.of("delete+insert --incremental-key=at", "scd2")) {
      String[] flags =
          ("--sql-limit=1 --dest-table=shop." + table + " --incremental-strategy=" + strategy)
              .split(" ");
      IngestRun run =
          IngestRun.load(EmbeddedRunner.DIRECT, VITESS.uriText(SHOP), table, file(), flags);

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("--sql-limit leaves rows out").hasLineCount(1);
      assertThat(copied(table)).isEqualTo(source(table));
    }
  }

  @Test
  void aTableWithoutAKeyIsNamed() throws SQLException {
    String table = VITESS.newTable("keyless");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (a INT, b INT)",
        "INSERT INTO " + table + " VALUES (1, 2)");
    IngestRun run =
        IngestRun.load(
            EmbeddedRunner.DIRECT,
            VITESS.uriText(SHOP),
            table,
            file(),
            "--incremental-strategy=merge");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(table, "no primary key", "--primary-key").hasLineCount(1);
    assertThat(file()).doesNotExist();
    load(EmbeddedRunner.DIRECT, table, "--incremental-strategy=merge", "--primary-key=a");
  }
}
