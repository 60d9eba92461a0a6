package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReplaceIT {

  private final Target target = new Target();

  @Test
  void createsTheTableWithItsTypesAndKey() throws Exception {
    LoadId<Server> id = target.id(REPLACE, spec -> spec);

    LoadedTable loaded = target.load(id, Source.items().items(0, 1000, "a").in(3, 70).blocks());

    assertThat(loaded.rows()).isEqualTo(1000);
    assertThat(loaded.ranges()).isEqualTo(3);
    assertThat(target.query("SELECT COUNT(*), SUM(id), MIN(name), MAX(changed) FROM $t"))
        .containsExactly("1000|499500|a 0|2024-01-28 00:00:00");
    assertThat(target.definition())
        .contains("`id` bigint(20) not null", "`name` varchar(50)", "primary key (`id`)");
    assertThat(target.leftovers(id)).isEmpty();
  }

  @Test
  void replacesAllRowsAndKeepsTheDefinition() throws Exception {
    target.execute(
        "CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(80) CHARACTER SET latin1"
            + " DEFAULT 'x' COMMENT 'of it', changed DATETIME, KEY by_name (name)) COMMENT 'mine'",
        "INSERT INTO $t VALUES (7, 'old', NULL), (1000000, 'old', NULL)");
    String before = target.definition();

    target.load(REPLACE, Source.items().row(1, "é€", null));
    target.load(REPLACE, Source.items().row(2, "b", "2024-01-01 00:00:00").row(3, null, null));

    assertThat(target.query("SELECT * FROM $t ORDER BY id"))
        .containsExactly("2|b|2024-01-01 00:00:00", "3|null|null");
    assertThat(target.definition()).isEqualTo(before);
  }

  @Test
  void aTableWithOtherColumnsGetsTheSources() throws Exception {
    target.execute("CREATE TABLE $t (a INT)", "INSERT INTO $t VALUES (1)");

    target.load(REPLACE, Source.items().items(0, 3, "a"));

    assertThat(target.query("SELECT id FROM $t ORDER BY id")).containsExactly("0", "1", "2");
  }

  @Test
  void anEmptyInputMakesAnEmptyTable() throws Exception {
    target.load(REPLACE, Source.items().items(0, 3, "a"));
    target.load(REPLACE, Source.items().in(2, 10));

    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("0");
  }

  @Test
  void namedKeysAreNotTrusted() throws Exception {
    Source source = Source.items();
    for (int i = 0; i < 10_000; i++) {
      source.row(i % 4000, "v" + i, String.format("2024-01-01 00:%02d:00", i / 4000));
    }
    LoadId<Server> id =
        target.id(REPLACE, s -> s.withPrimaryKey(List.of("id")).withIncrementalKey("changed"));

    target.load(id, source.in(2, 300).blocks());

    assertThat(target.query("SELECT COUNT(*), COUNT(DISTINCT id) FROM $t"))
        .containsExactly("4000|4000");
    assertThat(target.query("SELECT name FROM $t WHERE id IN (0, 1999, 2000, 3999) ORDER BY id"))
        .containsExactly("v8000", "v9999", "v6000", "v7999");
    assertThat(target.definition()).contains("primary key (`id`)");
    assertThat(target.leftovers(id)).isEmpty();
  }

  @Test
  void blocksInAnyOrderAndTwiceAreStagedOnce() throws Exception {
    LoadId<Server> id = target.id(REPLACE, spec -> spec);
    List<Block> blocks = new ArrayList<>(Source.items().items(0, 1000, "a").in(4, 30).blocks());
    blocks.addAll(List.copyOf(blocks));
    Collections.shuffle(blocks, new Random(7));
    MysqlLoad load = target.open(id);

    List<StagedRange> receipts = Target.stage(load, blocks);

    assertThat(receipts).hasSizeGreaterThanOrEqualTo(4);
    assertThat(load.publish(receipts).rows()).isEqualTo(1000);
    load.release();
    assertThat(target.query("SELECT COUNT(*), SUM(id) FROM $t")).containsExactly("1000|499500");
  }

  @Test
  void aBlockThatComesAgainWithOtherRowsFails() throws Exception {
    MysqlLoad load = target.open(target.id(REPLACE, spec -> spec));
    load.stage(Source.items().row(1, "a", null).blocks().get(0));

    assertThatThrownBy(() -> load.stage(Source.items().row(1, "b", null).blocks().get(0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "was read again after a failure and its rows have changed since; run again");
    load.abort();
    assertThat(target.leftovers(load.id())).isEmpty();
  }

  @Test
  void aReadThatIsPlannedAnewIsStagedAnew() throws Exception {
    LoadId<Server> id = target.id(REPLACE, spec -> spec);
    MysqlLoad load = target.open(id);
    load.stage(Source.items().items(0, 200, "a").blocks().get(0));

    List<StagedRange> receipts =
        Target.stage(load, Source.items().items(0, 200, "b").in(2, 30).planned(6).blocks());
    load.publish(receipts);

    assertThat(target.query("SELECT COUNT(*), SUM(name LIKE 'b%') FROM $t"))
        .containsExactly("200|200");
    assertThat(target.leftovers(id)).isEmpty();
  }

  @Test
  void aRangeThatIsMissingFailsAndTheTableStays() throws Exception {
    target.execute("CREATE TABLE $t (a INT)");
    MysqlLoad load = target.open(target.id(REPLACE, spec -> spec));
    List<StagedRange> receipts =
        Target.stage(load, Source.items().items(0, 100, "a").in(2, 30).blocks());

    assertThatThrownBy(() -> load.publish(receipts.subList(0, 1)))
        .hasMessageContaining("1 of 2 ranges");
    List<StagedRange> wrong = List.of(receipts.get(0), new StagedRange(1, 2, 49));
    assertThatThrownBy(() -> load.publish(wrong))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("99 rows were read");
    load.abort();
    assertThat(target.query("SELECT * FROM $t")).isEmpty();
  }

  @Test
  void keysThatTheCollationTakesForTheSameAreAnError() throws Exception {
    target.execute("CREATE TABLE $t (k VARCHAR(9) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY)");
    Source source =
        new Source("k").column("k", ColumnType.of(MysqlType.VARCHAR, 9), false).row("a").row("A");

    assertThatThrownBy(() -> target.load(REPLACE, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("(k) = ('a') and ('A')")
        .hasMessageContaining("the collation utf8mb4_0900_ai_ci of column k");
  }

  @Test
  void aKeyThatComesTwiceIsSaidToBeTaken() throws Exception {
    Source source =
        new Source("k").column("k", ColumnType.of(MysqlType.VARCHAR, 9), false).row("a").row("a");

    assertThatThrownBy(() -> target.load(REPLACE, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Duplicate entry 'a'");
  }

  /** The texts of many sources have no bound that anybody knows. */
  @Test
  void keepsTypesIndexesAndNotNullWhereTheValuesFit() throws Exception {
    target.execute(
        "CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(77) NOT NULL DEFAULT 'x',"
            + " note TEXT, KEY by_name (name), KEY by_note (note(9)))");
    String before = target.definition();
    Source source = unbounded();

    target.load(REPLACE, source.row(1, "a".repeat(77), "b"));
    assertThat(target.query("SELECT id, LENGTH(name), note FROM $t")).containsExactly("1|77|b");
    assertThat(target.definition())
        .isEqualTo(
            before.replace(
                "`note` text", "`note` longtext character set utf8mb4 collate utf8mb4_0900_ai_ci"));

    assertThatThrownBy(() -> target.load(REPLACE, source.row(2, "a".repeat(78), "b")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Data too long for column 'name'");
    assertThatThrownBy(() -> target.load(REPLACE, unbounded().row(2, null, "b")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column 'name' cannot be null");
    assertThat(target.query("SELECT id FROM $t")).containsExactly("1");
  }

  @Test
  void widensColumnsThatAreTooNarrowAndKeepsTheRest() throws Exception {
    target.execute(
        "CREATE TABLE $t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9) CHARACTER SET latin1"
            + " NOT NULL COMMENT 'of, it', changed DATE, UNIQUE KEY by_name (name),"
            + " KEY by_date (changed))",
        "INSERT INTO $t VALUES (7, 'old', NULL)");
    String before = target.definition();

    target.load(
        REPLACE,
        s -> s.withPrimaryKey(List.of("id")),
        Source.items().row(5_000_000_000L, "longer than nine", "2024-01-01 10:00:00"));
    target.load(REPLACE, Source.items().row(5_000_000_001L, "longer than nine", null));

    assertThat(target.query("SELECT * FROM $t"))
        .containsExactly("5000000001|longer than nine|null");
    assertThat(target.definition().replaceFirst(" auto_increment=\\d+", ""))
        .isEqualTo(
            before
                .replaceFirst(" auto_increment=\\d+", "")
                .replace("`id` int(11)", "`id` bigint(20)")
                .replace("`name` varchar(9)", "`name` varchar(50)")
                .replace("`changed` date ", "`changed` datetime "));
  }

  @Test
  void anIndexThatCannotStayIsNamed() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, name INT, note TEXT, KEY by_n (name))");

    assertThatThrownBy(() -> target.load(REPLACE, unbounded().row(1, "a", "b")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column name of " + "shop." + target.name())
        .hasMessageContaining("the index by_n");
  }

  private static Source unbounded() {
    return new Source()
        .column("id", ColumnType.of(MysqlType.BIGINT), true)
        .column("name", ColumnType.of(MysqlType.LONGTEXT), true)
        .column("note", ColumnType.of(MysqlType.LONGTEXT), true);
  }

  @Test
  void aValueThatDoesNotFitIsAnErrorThatSaysWhere() throws Exception {
    Source source =
        new Source("k").column("k", ColumnType.of(MysqlType.TINYINT), false).row(1).row("1000");

    assertThatThrownBy(() -> target.load(REPLACE, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rows 0 to 1 of block 0 of range 0")
        .hasMessageContaining("Out of range value for column 'k' at row 2");
  }

  @Test
  void aTableWithTriggersIsNotReplaced() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, parent BIGINT)");
    Target child = new Target();
    child.execute(
        "CREATE TABLE $t (id BIGINT PRIMARY KEY, parent BIGINT, FOREIGN KEY (parent) REFERENCES "
            + target.quoted()
            + " (id))");

    assertThatThrownBy(() -> target.load(REPLACE, Source.items().items(0, 3, "a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("foreign keys");
  }

  @Test
  void aNumberThatAFloatDoesNotHoldIsRefused() throws Exception {
    Source floats =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.INT), false)
            .column("f", ColumnType.of(MysqlType.FLOAT), true)
            .row(1, "0.10000000149011612")
            .row(2, "0.1");
    target.load(REPLACE, floats);
    assertThat(target.query("SELECT f + 0.0 FROM $t"))
        .containsExactly("0.10000000149011612", "0.10000000149011612");

    assertThatThrownBy(() -> target.load(REPLACE, floats.row(3, "0.10000000000000002")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Column f of source.t, row id=3: '0.10000000000000002' is no number that a FLOAT"
                + " holds");
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("2");
  }

  @Test
  void readersSeeOneTableOrTheOther() throws Exception {
    target.load(REPLACE, Source.items().items(0, 500, "0"));
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<List<String>> reader =
        CompletableFuture.supplyAsync(
            () -> {
              List<String> seen = new ArrayList<>();
              while (!stop.get()) {
                try {
                  seen.addAll(
                      target.query("SELECT COUNT(*), COUNT(DISTINCT LEFT(name, 1)) FROM $t"));
                } catch (SQLException e) {
                  seen.add(e.getMessage());
                }
              }
              return seen;
            });
    for (int i = 1; i < 6; i++) {
      target.load(REPLACE, Source.items().items(0, 500, String.valueOf(i)));
    }
    stop.set(true);

    assertThat(reader.get()).isNotEmpty().containsOnly("500|1");
  }
}
