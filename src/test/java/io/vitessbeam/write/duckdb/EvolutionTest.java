package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A destination table whose source has other columns now. */
class EvolutionTest {

  private static final Column ID = new Column("id", ColumnType.of(MysqlType.INT), false);

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
  }

  private static TableSchema table(Column... columns) {
    return new TableSchema("shop", "t", List.of(columns), List.of("id"));
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, true);
  }

  private TestRun run(String id, TableSchema schema, Action action) {
    return new TestRun(database.path(), id, "0").plan(schema, action, 10);
  }

  @Test
  void newColumnsAreAddedAndDroppedOnesStay() throws Exception {
    ColumnType text = ColumnType.of(MysqlType.VARCHAR, 10);
    run("1", table(ID, column("old", text)), Action.COPY)
        .copied("t", "0", "1", "a")
        .copied("t", "0", "2", "b")
        .run();
    run("2", table(ID, column("new", text)), Action.FOLLOW)
        .changed("t", "0", RowKind.UPDATE, 11, 1, "1", "c")
        .run();
    assertThat(database.query("SELECT id, old, \"new\" FROM t ORDER BY id"))
        .containsExactly(1, null, "c", 2, "b", null);
  }

  /** DuckDB alters no column of a table that has one, and drops it with the table. */
  @Test
  void anIndexOfTheUserIsNamedOrKept() throws Exception {
    TableSchema narrow = table(ID, column("v", ColumnType.of(MysqlType.INT)));
    TableSchema wide = table(ID, column("v", ColumnType.of(MysqlType.BIGINT)));
    run("1", narrow, Action.COPY).copied("t", "0", "1", "1").run();
    database.execute("CREATE INDEX \"by v\" ON t (v); CREATE UNIQUE INDEX u ON t (id, v)");
    run("2", narrow, Action.FOLLOW)
        .changed("t", "0", RowKind.UPDATE, 11, 1, "1", "2")
        .changed("t", "0", RowKind.INSERT, 11, 1, "2", "2")
        .run();

    TestRun again = run("3", wide, Action.COPY_AGAIN).copied("t", "0", "1", "3000000000");
    assertThatThrownBy(again::run)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("A column of t in ")
        .hasMessageContaining("by v")
        .hasMessageContaining("--full-refresh");
    assertThat(database.query("SELECT id, v FROM t ORDER BY id")).containsExactly(1, 2, 2, 2);

    run("4", wide, Action.COPY).withFullRefresh().copied("t", "0", "1", "3000000000").run();
    assertThat(database.query("SELECT id, v FROM t ORDER BY id")).containsExactly(1, 3000000000L);
    assertThat(
            database.query("SELECT index_name, is_unique FROM duckdb_indexes() ORDER BY is_unique"))
        .containsExactly("by v", false, "u", true);

    run("5", wide, Action.COPY)
        .withFullRefresh()
        .copied("t", "0", "1", "5")
        .copied("t", "0", "2", "5")
        .run();
    database.execute("DROP INDEX u; CREATE UNIQUE INDEX u ON t (v, id)");
    TableSchema without = table(ID, column("w", ColumnType.of(MysqlType.INT)));
    TestRun gone = run("6", without, Action.COPY).withFullRefresh().copied("t", "0", "1", "5");
    assertThatThrownBy(gone::run)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("can't be created again")
        .hasMessageContaining("drop it and run again");
    assertThat(database.query("SELECT id, v FROM t ORDER BY id")).containsExactly(1, 5L, 2, 5L);
  }

  @Test
  void aNewCopyEmptiesDroppedColumnsOfRowsThatDiffer() throws Exception {
    ColumnType text = ColumnType.of(MysqlType.VARCHAR, 10);
    run("1", table(ID, column("old", text)), Action.COPY)
        .copied("t", "0", "1", "a")
        .copied("t", "0", "2", "b")
        .run();
    run("2", table(ID, column("new", text)), Action.COPY_AGAIN)
        .copied("t", "0", "1", "c")
        .copied("t", "0", "2", null)
        .run();
    assertThat(database.query("SELECT id, old, \"new\" FROM t ORDER BY id"))
        .containsExactly(1, null, "c", 2, "b", null);
  }

  @ParameterizedTest
  @CsvSource({
    "TINYINT, 127, INT, 70000, INTEGER",
    "BIGINT, -5, INT, 6, BIGINT",
    "FLOAT, 1.5, DOUBLE, 0.1, DOUBLE",
    "INT, 2147483647, DOUBLE, 0.5, DOUBLE",
    "BIGINT, 9007199254740993, DOUBLE, 0.5, VARCHAR",
    "DATE, 2024-01-01, DATETIME, 2024-01-02 03:04:05, TIMESTAMP",
    "INT, 7, VARCHAR, seven, VARCHAR",
    "VARCHAR, seven, INT, 7, VARCHAR",
    "JSON, [1], TEXT, {, VARCHAR",
    "TIMESTAMP, 2024-01-01 00:00:00, TEXT, x, VARCHAR",
    "LONGTEXT, \u00e4, JSON, [1], VARCHAR",
  })
  void typesAreWidenedToWhatHoldsBoth(
      MysqlType before, String first, MysqlType after, String second, String duckDb)
      throws Exception {
    List<Object> types = evolve(ColumnType.of(before), first, ColumnType.of(after), second);
    assertThat(types).containsExactly(duckDb);
    assertThat(database.query("SELECT count(*) FROM t WHERE c IS NOT NULL")).containsExactly(2L);
  }

  @ParameterizedTest
  @CsvSource({"VARBINARY, VARCHAR", "TEXT, BLOB", "BLOB, JSON", "INT, BINARY"})
  void bytesAreNoText(MysqlType before, MysqlType after) throws Exception {
    assertThatThrownBy(() -> evolve(ColumnType.of(before), "1", ColumnType.of(after), "1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column c of t is ")
        .hasMessageContaining("does not take values of type");
    assertThat(
            database.query("SELECT id, data_type FROM t, duckdb_columns() WHERE column_name = 'c'"))
        .containsExactly(1, before.duckDb(ColumnType.of(before)));
  }

  /** MySQL's truths are numbers, of which DuckDB takes everything but 0 for true. */
  @Test
  void aBooleanStaysOne() throws Exception {
    TableSchema truths = table(ID, column("c", ColumnType.of(MysqlType.TINYINT)));
    run("1", truths, Action.COPY).copied("t", "0", "1", "1").copied("t", "0", "2", null).run();
    database.execute("ALTER TABLE t ALTER c TYPE BOOLEAN");
    run("2", truths, Action.FOLLOW)
        .changed("t", "0", RowKind.INSERT, 11, 1, "3", "0")
        .changed("t", "0", RowKind.UPDATE, 11, 2, "2", "1")
        .run();
    assertThat(database.query("SELECT c FROM t ORDER BY id")).containsExactly(true, true, false);

    assertThatThrownBy(
            () ->
                run("3", truths, Action.FOLLOW)
                    .changed("t", "0", RowKind.INSERT, 12, 1, "4", "2")
                    .run())
        .isInstanceOf(VitessBeamException.class)
        .hasMessageContaining("'2'");
    TableSchema numbers = table(ID, column("c", ColumnType.of(MysqlType.INT)));
    run("4", numbers, Action.FOLLOW).changed("t", "0", RowKind.INSERT, 13, 1, "4", "2").run();
    assertThat(database.query("SELECT c FROM t ORDER BY id")).containsExactly(1, 1, 0, 2);
  }

  @Test
  void numbersAreWidenedWithTheirSignsAndDigits() throws Exception {
    assertThat(
            evolve(
                ColumnType.unsigned(MysqlType.BIGINT),
                "18446744073709551615",
                ColumnType.of(MysqlType.INT),
                "-1"))
        .containsExactly("HUGEINT");
    assertThat(database.query("SELECT c::VARCHAR FROM t ORDER BY c"))
        .containsExactly("-1", "18446744073709551615");
    assertThat(
            evolve(ColumnType.decimal(10, 2), "99999999.99", ColumnType.decimal(6, 4), "99.9999"))
        .containsExactly("DECIMAL(12,4)");
    assertThat(
            evolve(
                ColumnType.of(MysqlType.BIGINT),
                "-9223372036854775808",
                ColumnType.decimal(20, 3),
                "1.5"))
        .containsExactly("DECIMAL(22,3)");
    assertThat(
            evolve(ColumnType.decimal(38, 0), "9".repeat(38), ColumnType.decimal(10, 5), "0.00001"))
        .containsExactly("VARCHAR");
    assertThat(database.query("SELECT c FROM t ORDER BY id"))
        .containsExactly("9".repeat(38), "0.00001");
  }

  private List<Object> evolve(ColumnType before, String first, ColumnType after, String second)
      throws Exception {
    database.execute("DROP TABLE IF EXISTS t");
    String id = before + " " + after;
    run("1" + id, table(ID, column("c", before)), Action.COPY).copied("t", "0", "1", first).run();
    run("2" + id, table(ID, column("c", after)), Action.FOLLOW)
        .changed("t", "0", RowKind.INSERT, 11, 1, "2", second)
        .run();
    return database.query("SELECT data_type FROM duckdb_columns() WHERE column_name = 'c'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FOLLOW", "COPY_AGAIN"})
  void theTypeOfTheKeyIsWidenedToo(Action action) throws Exception {
    run("1", table(ID), Action.COPY).copied("t", "0", "1").copied("t", "0", "2").run();
    TableSchema wider = table(new Column("id", ColumnType.of(MysqlType.VARCHAR, 10), false));
    run("2", wider, action)
        .copied("t", "0", "2")
        .changed("t", "0", RowKind.DELETE, 11, 1, "1")
        .changed("t", "0", RowKind.INSERT, 11, 1, "x")
        .run();
    assertThat(database.query("SELECT id, _cdc_deleted FROM t ORDER BY id"))
        .containsExactly("1", true, "2", false, "x", false);
  }

  @Test
  void anotherKeyIsNotFollowed() throws Exception {
    Column other = new Column("other", ColumnType.of(MysqlType.INT), false);
    run("1", table(ID, other), Action.COPY).copied("t", "0", "1", "2").run();
    TableSchema changed = new TableSchema("shop", "t", List.of(ID, other), List.of("other"));

    assertThatThrownBy(() -> run("2", changed, Action.FOLLOW).run())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("has another key than (other)");
    run("3", changed, Action.COPY_AGAIN).copied("t", "0", "5", "6").run();
    assertThat(database.query("SELECT id, other FROM t")).containsExactly(5, 6);
  }

  @Test
  void namesDifferInMoreThanTheirCase() throws Exception {
    run("1", table(ID, column("Name", ColumnType.of(MysqlType.INT))), Action.COPY)
        .copied("t", "0", "1", "2")
        .run();
    run("2", table(ID, column("NAME", ColumnType.of(MysqlType.INT))), Action.FOLLOW)
        .changed("t", "0", RowKind.UPDATE, 11, 1, "1", "3")
        .run();
    assertThat(database.query("SELECT * EXCLUDE (_cdc_lsn, _cdc_deleted, _cdc_synced_at) FROM t"))
        .containsExactly(1, 3);
  }
}
