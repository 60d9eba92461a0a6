package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of tables with keys, names and numbers of columns that are not the usual ones. */
class KeysAndColumnsTest {

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
  }

  private TestRun run(String id) {
    return new TestRun(database.path(), id, "0");
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, true);
  }

  @Test
  void anyOfManyColumnsMayBeAbsent() throws Exception {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", ColumnType.of(MysqlType.BIGINT), false));
    for (int i = 1; i < 130; i++) {
      columns.add(column("c" + i, ColumnType.of(MysqlType.INT)));
    }
    TableSchema wide = new TableSchema("shop", "wide", columns, List.of("id"));
    String[] row = new String[130];
    for (int i = 0; i < row.length; i++) {
      row[i] = Integer.toString(i);
    }
    run("first").plan(wide, Action.COPY, 10).copied("wide", "0", row).run();
    String[] update = new String[130];
    for (int i = 0; i < update.length; i++) {
      update[i] = i % 3 == 0 ? Integer.toString(1000 + i) : TestRun.ABSENT;
    }
    update[0] = "0";

    run("second")
        .plan(wide, Action.FOLLOW, 10)
        .changed("wide", "0", RowKind.UPDATE, 11, 1, update)
        .run();

    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      expected.add(i % 3 == 0 && i > 0 ? 1000L + i : (long) i);
    }
    assertThat(
            database.query("SELECT * EXCLUDE (_cdc_lsn, _cdc_deleted, _cdc_synced_at) FROM wide"))
        .map(value -> ((Number) value).longValue())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"order", "with.dot", "with-dash", "quote\"d", "it's", "Grüße_表", "😀", "per%cent"})
  void tableKeyAndColumnHaveOddNames(String name) throws Exception {
    TableSchema odd =
        new TableSchema(
            "shop",
            name,
            List.of(
                new Column(name, ColumnType.of(MysqlType.BIGINT), false),
                column(name + " 2", ColumnType.of(MysqlType.VARCHAR, 10))),
            List.of(name));
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    TestRun first = run("first").target(name, "\"s.1\"." + quoted);
    first.plan(odd, Action.COPY, 10).copied(name, "0", "1", "a").copied(name, "0", "2", "b").run();

    run("second")
        .target(name, "\"s.1\"." + quoted)
        .plan(odd, Action.FOLLOW, 10)
        .changed(name, "0", RowKind.UPDATE, 11, 1, "1", "A")
        .changed(name, "0", RowKind.DELETE, 12, 1, "2", "b")
        .changed(name, "0", RowKind.INSERT, 12, 1, "3", "c")
        .run();

    assertThat(
            database.query(
                "SELECT * EXCLUDE (_cdc_lsn, _cdc_deleted, _cdc_synced_at) FROM \"s.1\"."
                    + quoted
                    + " WHERE NOT _cdc_deleted ORDER BY ALL"))
        .containsExactly(1L, "A", 3L, "c");
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of(ColumnType.of(MysqlType.VARBINARY, 9), List.of("", "\0", "a", "a ")),
        Arguments.of(ColumnType.of(MysqlType.VARCHAR, 9), List.of("", "a", "A", "a ")),
        Arguments.of(
            ColumnType.unsigned(MysqlType.BIGINT),
            List.of("0", "9223372036854775807", "9223372036854775808", "18446744073709551615")));
  }

  /** Keys of four values, of which the first stays, one changes, one goes and one comes. */
  @ParameterizedTest
  @MethodSource("keys")
  void aCompositeKeyOfAnyType(ColumnType type, List<String> values) throws Exception {
    TableSchema keyed =
        new TableSchema(
            "shop",
            "keyed",
            List.of(
                column("n", ColumnType.of(MysqlType.INT)),
                new Column("k", type, false),
                new Column("l", ColumnType.of(MysqlType.INT), false)),
            List.of("l", "k"));
    run("first")
        .plan(keyed, Action.COPY, 10)
        .copied("keyed", "0", "1", values.get(0), "7")
        .copied("keyed", "0", "2", values.get(1), "7")
        .copied("keyed", "0", "3", values.get(2), "7")
        .copied("keyed", "0", "4", values.get(2), "8")
        .run();

    run("second")
        .plan(keyed, Action.FOLLOW, 10)
        .changed("keyed", "0", RowKind.UPDATE, 11, 1, "20", values.get(1), "7")
        .changed("keyed", "0", RowKind.DELETE, 11, 1, "3", values.get(2), "7")
        .changed("keyed", "0", RowKind.INSERT, 11, 1, "5", values.get(3), "7")
        .run();

    assertThat(database.query("SELECT n FROM keyed WHERE NOT _cdc_deleted ORDER BY n"))
        .containsExactly(1, 4, 5, 20);
    assertThat(database.query("SELECT n FROM keyed WHERE _cdc_deleted")).containsExactly(3);
  }
}
