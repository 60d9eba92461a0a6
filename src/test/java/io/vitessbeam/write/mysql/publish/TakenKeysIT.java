package io.vitessbeam.write.mysql.publish;

import static io.vitessbeam.WriteStrategy.DELETE_INSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.Source;
import io.vitessbeam.write.mysql.Target;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * An interval is replaced in a table with unique keys: rows come with a key that is there already,
 * outside of the interval or elsewhere in it.
 */
class TakenKeysIT {

  /** Of several pieces, so that some would be published before a key is in the way. */
  private static final int ROWS = 7000;

  private final Target target = new Target();

  private static LoadSpec byDate(LoadSpec spec) {
    return spec.withIncrementalKey("changed");
  }

  private static LoadSpec byDateAndKey(LoadSpec spec) {
    return byDate(spec).withPrimaryKey(List.of("id"));
  }

  @Test
  void aKeyOfARowThatStaysIsFoundBeforeTheTableChanges() throws Exception {
    target.load(
        DELETE_INSERT,
        TakenKeysIT::byDateAndKey,
        Source.items().items(0, ROWS, "a").row(ROWS, "stays", "2023-12-31 23:59:59"));
    // The row in the way is of the last piece, and there is a column that the table lacks.
    Source source = new Source();
    Source.items().schema().columns().forEach(c -> source.column(c.name(), c.type(), c.nullable()));
    source.column("more", ColumnType.of(MysqlType.INT), true);
    for (int id = 0; id < ROWS; id++) {
      source.row(id, "b", "2024-01-01 00:00:00", 1);
    }
    source.row(ROWS, "b", "2024-01-28 00:00:00", 1);

    assertChangesNothing(
        TakenKeysIT::byDateAndKey,
        source,
        "a row comes with the key (id) = (7000) of one that is outside the interval, with changed ="
            + " 2023-12-31 23:59:59, and stays",
        "replace an interval that holds both, or use the strategy merge");
  }

  @Test
  void aGivenIntervalIsNotExceeded() throws Exception {
    target.load(
        DELETE_INSERT,
        TakenKeysIT::byDateAndKey,
        Source.items().items(0, 10, "a").row(10, "a", null));
    UnaryOperator<LoadSpec> since =
        spec -> byDateAndKey(spec).withInterval(new Interval("2024-01-05", ""));
    UnaryOperator<LoadSpec> until =
        spec -> byDateAndKey(spec).withInterval(new Interval("", "2024-01-09"));

    assertChangesNothing(
        since, Source.items().row(3, "b", "2024-01-05 00:00:00"), "(id) = (3)", "2024-01-04");
    assertChangesNothing(
        until, Source.items().row(9, "b", "2024-01-02 00:00:00"), "(id) = (9)", "2024-01-10");
    assertChangesNothing(
        until, Source.items().row(10, "b", "2024-01-02 00:00:00"), "(id) = (10)", "changed = null");
    assertChangesNothing(
        TakenKeysIT::byDateAndKey, Source.items().row(4, "b", null), "(id) = (4)", "2024-01-05");

    target.load(DELETE_INSERT, since, Source.items().row(9, "b", "2024-01-06 00:00:00"));
    assertThat(target.query("SELECT id, name FROM $t ORDER BY id"))
        .containsExactly("0|a 0", "1|a 1", "2|a 2", "3|a 3", "9|b", "10|a");
  }

  /** The source has no key, so that nothing is staged as the table's key compares it. */
  @Test
  void keysAreComparedAsTheTableDoes() throws Exception {
    for (String text : List.of("latin1 COLLATE latin1_german1_ci", "utf8mb4 COLLATE utf8mb4_bin")) {
      target.execute(
          "DROP TABLE IF EXISTS $t",
          "CREATE TABLE $t (k VARCHAR(20) CHARACTER SET "
              + text
              + ", b VARBINARY(9), changed DATE, PRIMARY KEY (k, b), KEY (changed))",
          "INSERT INTO $t VALUES ('Ä', X'00FF', '2024-01-01')");
      Source source = texts("ä", "2024-01-02");

      if (text.startsWith("latin1")) {
        assertChangesNothing(
            TakenKeysIT::byDate,
            source,
            "(k, b) = (ä, 0x00FF)",
            "2024-01-01",
            "('Ä', 0x00FF), another key");
      } else {
        target.load(DELETE_INSERT, TakenKeysIT::byDate, source);
        assertThat(target.query("SELECT k, HEX(b), changed FROM $t ORDER BY changed"))
            .containsExactly("Ä|00FF|2024-01-01", "ä|00FF|2024-01-02");
      }
    }
  }

  @Test
  void rowsOfOneKeyAreFoundBeforeTheTableChanges() throws Exception {
    target.execute(
        "CREATE TABLE $t (k VARCHAR(20) COLLATE utf8mb4_general_ci, b VARBINARY(9), changed DATE,"
            + " UNIQUE KEY (k), KEY (changed))",
        "INSERT INTO $t VALUES ('old', NULL, '2024-01-01')");

    assertChangesNothing(
        TakenKeysIT::byDate,
        texts("x", "2024-01-01").row("X", null, "2024-01-02"),
        "rows come with the keys (k) = ('X') and ('x')",
        "the collation utf8mb4_general_ci of column k");
    assertChangesNothing(
        TakenKeysIT::byDate,
        texts("x", "2024-01-01").row("x", null, "2024-01-02"),
        "several rows come with the key (k) = (",
        "name these columns as the primary key");

    target.load(
        DELETE_INSERT,
        TakenKeysIT::byDate,
        texts("x", "2024-01-01").row(null, null, "2024-01-02").row(null, null, "2024-01-02"));
    assertThat(target.query("SELECT k FROM $t ORDER BY k")).containsExactly("null", "null", "x");
  }

  @Test
  void everyUniqueKeyMayMoveWithinTheInterval() throws Exception {
    target.execute(
        "CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(50) COLLATE utf8mb4_general_ci"
            + " UNIQUE, changed DATETIME, KEY (changed))");
    target.load(DELETE_INSERT, TakenKeysIT::byDate, Source.items().items(0, ROWS, "a"));
    Source source = Source.items();
    for (int id = 0; id < ROWS; id++) {
      source.row(ROWS - id, "A " + id, "2024-01-" + (id % 3 == 0 ? "01" : "28") + " 00:00:00");
    }

    target.load(DELETE_INSERT, TakenKeysIT::byDate, source.in(2, 900));

    assertThat(
            target.query(
                "SELECT COUNT(*), SUM(CONCAT('A ', 7000 - id) = name COLLATE utf8mb4_bin),"
                    + " SUM(changed = '2024-01-01') FROM $t"))
        .containsExactly("7000|7000|2334");
  }

  private static Source texts(String key, String changed) {
    return new Source()
        .column("k", ColumnType.of(MysqlType.VARCHAR, 20), true)
        .column("b", ColumnType.of(MysqlType.VARBINARY, 9), true)
        .column("changed", ColumnType.of(MysqlType.DATE), false)
        .row(key, new byte[] {0, (byte) 0xff}, changed);
  }

  private void assertChangesNothing(
      UnaryOperator<LoadSpec> options, Source source, String... messages) throws Exception {
    List<String> rows = target.query("SELECT * FROM $t ORDER BY 1");
    String definition = target.definition();
    LoadId<Server> id = target.id(DELETE_INSERT, options);

    assertThatThrownBy(() -> target.load(id, source.in(2, 900).blocks()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(id.table() + " is not published: ")
        .satisfies(e -> assertThat(e.getMessage()).contains(messages));

    assertThat(target.query("SELECT * FROM $t ORDER BY 1")).isEqualTo(rows);
    assertThat(target.definition()).isEqualTo(definition);
    target.open(id).abort();
    assertThat(target.leftovers(id)).isEmpty();
  }
}
