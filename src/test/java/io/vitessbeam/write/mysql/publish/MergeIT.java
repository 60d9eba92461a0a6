package io.vitessbeam.write.mysql.publish;

import static io.vitessbeam.WriteStrategy.MERGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.Source;
import io.vitessbeam.write.mysql.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeIT {

  private final Target target = new Target();

  @Test
  void updatesKnownKeysAndInsertsOthers() throws Exception {
    target.load(MERGE, Source.items().items(0, 8000, "a").in(2, 1000));
    LoadId<Server> id = target.id(MERGE, spec -> spec);
    target.load(id, Source.items().items(6000, 10_000, "b").in(2, 1000).blocks());

    assertThat(target.query("SELECT LEFT(name, 1), COUNT(*), MIN(id), MAX(id) FROM $t GROUP BY 1"))
        .containsExactlyInAnyOrder("a|6000|0|5999", "b|4000|6000|9999");
    assertThat(target.leftovers(id)).isEmpty();
    assertThat(target.definition()).contains("primary key (`id`)");
  }

  @Test
  void anEmptyInputChangesNothing() throws Exception {
    target.load(MERGE, Source.items());
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("0");
    target.load(MERGE, Source.items().items(0, 3, "a"));
    target.load(MERGE, Source.items().in(3, 3));
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("3");
  }

  @Test
  void ofDuplicatesTheHighestIncrementalKeyStaysThenTheLastRow() throws Exception {
    Source source =
        Source.items()
            .row(1, "newest", "2024-01-03 00:00:00")
            .row(1, "older", "2024-01-02 00:00:00")
            .row(2, "null", null)
            .row(2, "first", "2024-01-01 00:00:00")
            .row(2, "last", "2024-01-01 00:00:00")
            .in(1, 2);
    target.load(MERGE, spec -> spec.withIncrementalKey("changed"), source);
    assertThat(target.query("SELECT id, name FROM $t ORDER BY id"))
        .containsExactly("1|newest", "2|last");

    target.load(MERGE, source);
    assertThat(target.query("SELECT id, name FROM $t ORDER BY id"))
        .containsExactly("1|older", "2|last");
  }

  @Test
  void aKeyThatComesVeryOften() throws Exception {
    Source source = Source.items();
    for (int i = 0; i < 12_000; i++) {
      source.row(i % 2, "v" + i, null);
    }
    target.load(MERGE, source.in(1, 4000));
    assertThat(target.query("SELECT id, name FROM $t ORDER BY id"))
        .containsExactly("0|v11998", "1|v11999");
  }

  @Test
  void compositeTextAndBinaryKeysWithOddNames() throws Exception {
    target.execute(
        "CREATE TABLE $t (`order` VARCHAR(20) COLLATE utf8mb4_0900_ai_ci NOT NULL,"
            + " `a.b-c 'é\"` VARBINARY(16) NOT NULL, `group` INT, own INT DEFAULT 7,"
            + " UNIQUE KEY (`a.b-c 'é\"`, `order`))",
        "INSERT INTO $t VALUES ('Éa', X'00FF', 1, 5)");
    for (int run = 0; run < 2; run++) {
      Source source =
          new Source("order", "a.b-c 'é\"")
              .column("order", ColumnType.of(MysqlType.VARCHAR, 20), false)
              .column("a.b-c 'é\"", ColumnType.of(MysqlType.VARBINARY, 16), false)
              .column("group", ColumnType.of(MysqlType.INT), true);
      for (int i = 0; i < 7000; i++) {
        source.row("k" + i / 100, new byte[] {(byte) i, (byte) 0xff, (byte) (i >> 8)}, run);
      }
      target.load(MERGE, source.row("Éa", new byte[] {0, (byte) 0xff}, 2).in(3, 500));
    }
    assertThat(target.query("SELECT `group`, own, COUNT(*) FROM $t GROUP BY 1, 2"))
        .containsExactlyInAnyOrder("1|7|7000", "2|5|1");
    assertThat(target.query("SELECT `order` FROM $t WHERE `group` = 2")).containsExactly("Éa");
  }

  @Test
  void textsWithoutABoundAreKeysAsFarAsTheyFit() throws Exception {
    Source source =
        new Source("k")
            .column("k", ColumnType.of(MysqlType.LONGTEXT), false)
            .column("v", ColumnType.of(MysqlType.INT), true);
    target.load(MERGE, source.row("a", 1).row("A", 2).row("x".repeat(700), 3));
    target.load(MERGE, source.row("a", 4));
    assertThat(target.query("SELECT LEFT(k, 3), v FROM $t ORDER BY v"))
        .containsExactly("A|2", "xxx|3", "a|4");

    Source longer = source.row("y".repeat(2000), 3);
    assertThatThrownBy(() -> target.load(MERGE, longer))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Data too long for column 'k' at row");
  }

  @Test
  void nullInAKeyIsAnErrorThatSaysWhere() {
    Source source = Source.items().items(0, 5, "a").row(7, null, null);
    assertThatThrownBy(
            () -> target.load(MERGE, spec -> spec.withPrimaryKey(List.of("name")), source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Row 5 of block 0 of range 0")
        .hasMessageContaining("NULL in the key column name");
  }

  @Test
  void aTargetWithoutTheKeyIsRefusedWithTheStatementToRun() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT, name VARCHAR(50), changed DATETIME, KEY (id))");
    assertThatThrownBy(() -> target.load(MERGE, Source.items().items(0, 3, "a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ALTER TABLE " + target.quoted() + " ADD UNIQUE KEY (`id`)");
  }

  @Test
  void anotherUniqueKeyRaisesItsError() throws Exception {
    target.execute(
        "CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(50), changed DATETIME,"
            + " UNIQUE KEY only_one (name))",
        "INSERT INTO $t VALUES (100, 'a 1', NULL)");
    assertThatThrownBy(() -> target.load(MERGE, Source.items().items(0, 3, "a")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Duplicate entry 'a 1' for key 'only_one'");
    assertThat(target.query("SELECT id FROM $t")).containsExactly("100");
  }

  @Test
  void theTargetIsWidenedAndGetsNewColumns() throws Exception {
    target.execute(
        "CREATE TABLE $t (id INT UNSIGNED PRIMARY KEY COMMENT 'the key', small DECIMAL(5,2)"
            + " DEFAULT '1.50', name VARCHAR(3) CHARACTER SET latin1 NOT NULL DEFAULT 'x',"
            + " day DATE, own INT DEFAULT 3)",
        "INSERT INTO $t VALUES (1, 2.5, 'abc', '2024-01-01', 9)");
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.BIGINT), false)
            .column("small", ColumnType.decimal(9, 4), true)
            .column("name", ColumnType.of(MysqlType.VARCHAR, 10), true)
            .column("day", ColumnType.temporal(MysqlType.DATETIME, 3), true)
            .column("new", ColumnType.of(MysqlType.JSON), true)
            .row("-1", "12345.6789", "éééééééééé", "2024-02-29 01:02:03.004", "{\"a\": 1}");

    target.load(MERGE, source);

    assertThat(target.query("SELECT * FROM $t ORDER BY id"))
        .containsExactly(
            "-1|12345.6789|éééééééééé|2024-02-29 01:02:03.004|3|{\"a\": 1}",
            "1|2.5000|abc|2024-01-01 00:00:00|9|null");
    assertThat(target.definition())
        .contains("`id` bigint(20) not null comment 'the key'")
        .contains("`small` decimal(9,4) default '1.5000'")
        .contains("`name` varchar(10) character set latin1", "not null default 'x'")
        .contains("`day` datetime(3) default null");
  }

  @Test
  void aFrozenTableIsNotAltered() throws Exception {
    target.execute("CREATE TABLE $t (id INT PRIMARY KEY)", "INSERT INTO $t VALUES (1)");
    String before = target.definition();

    assertThatThrownBy(
            () -> target.load(MERGE, LoadSpec::withFrozenSchema, Source.items().items(0, 3, "a")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its schema is frozen")
        .hasMessageContaining("MODIFY COLUMN `id` bigint")
        .hasMessageContaining("ADD COLUMN `name`");
    assertThat(target.definition()).isEqualTo(before);
    assertThat(target.query("SELECT * FROM $t")).containsExactly("1");
  }

  @Test
  void nullsForANotNullColumnAreAnErrorOnlyWhenTheyCome() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(50) NOT NULL)");
    Source source = Source.items().items(0, 3, "a");
    target.load(MERGE, source);
    assertThatThrownBy(() -> target.load(MERGE, source.row(1, null, null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column 'name' cannot be null");
    assertThat(target.query("SELECT COUNT(*), COUNT(name) FROM $t")).containsExactly("3|3");
  }

  @Test
  void aColumnThatWouldRoundIsRefused() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, v INT)");
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.BIGINT), false)
            .column("v", ColumnType.of(MysqlType.DOUBLE), true)
            .row(1, "1.5");
    assertThatThrownBy(() -> target.load(MERGE, source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column v")
        .hasMessageContaining("double");
  }
}
