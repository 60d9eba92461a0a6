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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --columns}, from a real Vitess into a DuckDB file. */
class IngestColumnsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  private String create() throws SQLException {
    String table = VITESS.newTable("items");
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (id INT UNSIGNED PRIMARY KEY, cost VARCHAR(20), at DATETIME(6), Flag VARCHAR(9))",
        "INSERT INTO "
            + table
            + " VALUES (1, '12.5', '2024-01-31', 'true'), (2, NULL, '2024-02-01', 'false'),"
            + " (4294967295, '-0.01', NULL, NULL)");
    return table;
  }

  private IngestRun load(EmbeddedRunner runner, String table, String... flags) {
    return IngestRun.load(runner, VITESS.uriText(SHOP), table, file(), flags);
  }

  private Path file() {
    return folder.resolve("items.duckdb");
  }

  @OnEachRunner
  void typesAndNames(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] flags = {
      "--columns=id:bigint,price:decimal(10,2):cost,at:date,flag:bool:Flag",
      "--incremental-strategy=merge",
      "--incremental-key=cost",
      "--primary-key=id",
      "--dest-table=items"
    };
    IngestRun first = load(runner, table, flags);
    assertThat(first.status()).as(first.err()).isZero();
    VITESS.execute(SHOP, "UPDATE " + table + " SET cost = '7' WHERE id = 2");
    IngestRun second = load(runner, table, flags);
    assertThat(second.status()).as(second.err()).isZero();

    assertThat(
            TableRows.ofDuckDb(
                file(), "SELECT id, price, CAST(\"at\" AS VARCHAR), flag FROM items"))
        .containsExactlyInAnyOrder(
            "1|12.50|2024-01-31|1|", "2|7.00|2024-02-01|0|", "4294967295|-0.01|NULL|NULL|");
    assertThat(TableRows.ofDuckDb(file(), "SELECT column_name, column_type FROM (DESCRIBE items)"))
        .containsExactlyInAnyOrder(
            "id|BIGINT|", "price|DECIMAL(10,2)|", "at|DATE|", "flag|TINYINT|");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cost:decimal(3,1) | Column cost of shop.items, row id=4294967295: '-0.01' has more digits than DECIMAL(3, 1)
          id:int32          | Column id of shop.items, row id=4294967295: '4294967295' is not between -2147483648 and 2147483647
          at:int            | Column at of shop.items is DATETIME(6), whose values are none of BIGINT
          nope:int          | shop.items has no column nope to give another type or name; it has Flag, at, cost, id
          FLAG::cost        | Columns cost and Flag of shop.items would both be called Flag
          """)
  void whatDoesNotGoIsAnErrorAndNothingIsWritten(String columns, String message)
      throws SQLException {
    String table = create();
    IngestRun run = load(EmbeddedRunner.DIRECT, table, "--columns=" + columns);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(message.replace("items", table)).hasLineCount(1);
    assertThat(file()).doesNotExist();
  }

  private String createCamels() throws SQLException {
    String table = VITESS.newTable("camels");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (itemId INT PRIMARY KEY, `Größe (cm)` INT, at INT)",
        "INSERT INTO " + table + " VALUES (1, 10, 1), (2, 20, 1)");
    return table;
  }

  private List<String> columns() throws SQLException {
    return TableRows.ofDuckDb(file(), "SELECT column_name FROM (DESCRIBE camels)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snake_case", "auto"})
  void namesInSnakeCase(String naming) throws SQLException {
    String table = createCamels();
    String[] flags = {
      "--schema-naming=" + naming,
      "--incremental-strategy=merge",
      "--primary-key=itemId",
      "--incremental-key=at",
      "--dest-table=camels"
    };
    for (int i = 0; i < 2; i++) {
      IngestRun run = load(EmbeddedRunner.DIRECT, table, flags);
      assertThat(run.status()).as(run.err()).isZero();
      VITESS.execute(SHOP, "UPDATE " + table + " SET at = 2, `Größe (cm)` = 21 WHERE itemId = 2");
    }

    assertThat(TableRows.ofDuckDb(file(), "SELECT item_id, größe_cmx FROM camels"))
        .containsExactly("1|10|", "2|21|");
    assertThat(columns()).containsExactlyInAnyOrder("item_id|", "größe_cmx|", "at|");
  }

  @Test
  void autoKeepsTheNamesOfATable() throws SQLException {
    String table = createCamels();
    load(EmbeddedRunner.DIRECT, table, "--dest-table=camels");
    VITESS.execute(SHOP, "ALTER TABLE " + table + " ADD COLUMN newOne INT");
    IngestRun run =
        load(
            EmbeddedRunner.DIRECT,
            table,
            "--dest-table=camels",
            "--schema-naming=auto",
            "--incremental-strategy=merge");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(columns()).containsExactlyInAnyOrder("itemId|", "Größe (cm)|", "at|", "newOne|");
  }

  @Test
  void twoColumnsOfOneNameAreAnErrorAndNothingIsWritten() throws SQLException {
    String table = createCamels();
    VITESS.execute(SHOP, "ALTER TABLE " + table + " ADD COLUMN item_id INT");
    IngestRun run = load(EmbeddedRunner.DIRECT, table, "--schema-naming=snake_case");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("Columns itemId and item_id of shop." + table + " would both be called item_id")
        .contains("--columns=<new>::item_id");
    assertThat(file()).doesNotExist();

    IngestRun named =
        load(
            EmbeddedRunner.DIRECT,
            table,
            "--schema-naming=snake_case",
            "--columns=Other::item_id",
            "--dest-table=camels");
    assertThat(named.status()).as(named.err()).isZero();
    assertThat(columns()).containsExactlyInAnyOrder("item_id|", "größe_cmx|", "at|", "Other|");
  }

  @Test
  void changesKeepTheirColumns() {
    IngestRun run =
        IngestRun.of(
            "--source-uri=vitess+cdc://h/shop?grpc_port=1",
            "--dest-uri=duckdb:///" + file(),
            "--columns=id:bigint");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--columns is not for vitess+cdc://");
  }
}
