package io.vitessbeam.schema.discovery;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.StreamedRows;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Added;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Different;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Same;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found of real tables, and what their changes are taken for. */
class SchemaDiscoveryIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private static final String COLUMNS =
      " (id INT NOT NULL, name VARCHAR(20) CHARACTER SET latin1 NULL DEFAULT 'a\\tb',"
          + " kind ENUM('x','it''s') NOT NULL, at TIMESTAMP(3) NULL DEFAULT"
          + " CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), twice INT AS (id * 2) STORED,"
          + " PRIMARY KEY (id))";

  @Test
  void whatDecidesTheValues() throws SQLException {
    String table = create("definition");
    TableDefinition definition = definition(table);

    assertThat(definition.primaryKey()).containsExactly("id");
    assertThat(definition.columns())
        .containsExactly(
            new ColumnDefinition("id", "int", "", "", false, "", "", ""),
            new ColumnDefinition(
                "name", "varchar(20)", "latin1", "latin1_swedish_ci", true, "=a\tb", "", ""),
            new ColumnDefinition(
                "kind",
                "enum('x','it''s')",
                definition.columns().get(2).characterSet(),
                definition.columns().get(2).collation(),
                false,
                "",
                "",
                ""),
            new ColumnDefinition(
                "at",
                "timestamp(3)",
                "",
                "",
                true,
                "=CURRENT_TIMESTAMP(3)",
                "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)",
                ""),
            new ColumnDefinition(
                "twice", "int", "", "", true, "", "STORED GENERATED", "(`id` * 2)"));
    assertThat(TableDefinition.parse(definition.text())).isEqualTo(definition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD INDEX by_name (name)",
        "ADD UNIQUE INDEX u (id, name)",
        "COMMENT 'x'",
        "MODIFY name VARCHAR(20) CHARACTER SET latin1 NULL DEFAULT 'a\\tb' COMMENT 'c'",
        "ENGINE = InnoDB",
      })
  void changesThatChangeNoValue(String alter) throws SQLException {
    assertThat(change(alter)).isEqualTo(new Same());
  }

  @Test
  void columnsAddedAtTheEnd() throws SQLException {
    assertThat(change("ADD COLUMN n INT")).isEqualTo(new Added(List.of("n")));
    assertThat(change("ADD COLUMN (n TEXT, m DATETIME(6) NULL DEFAULT NULL)"))
        .isEqualTo(new Added(List.of("n", "m")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD COLUMN n INT NOT NULL | column n is new and not NULL in older rows",
        "ADD COLUMN n INT DEFAULT 5 | column n is new and not NULL in older rows",
        "ADD COLUMN n INT AS (id + 1) VIRTUAL | column n is new and not NULL in older rows",
        "ADD COLUMN n INT FIRST | column n is new and not at the end",
        "DROP COLUMN name | column name is gone",
        "RENAME COLUMN name TO n | column name is gone",
        "MODIFY id BIGINT NOT NULL | column id has another type: int -> bigint",
        "MODIFY kind ENUM('x','it''s','y') NOT NULL | column kind has another type:"
            + " enum('x','it''s') -> enum('x','it''s','y')",
        "MODIFY name VARCHAR(20) AFTER kind | column name has another character set",
        "DROP PRIMARY KEY | the primary key changed",
        "DROP PRIMARY KEY, ADD PRIMARY KEY (kind, id) | the primary key changed",
        "MODIFY kind ENUM('x','it''s') NOT NULL AFTER id | the columns have another order",
      })
  void otherChanges(String alter, String what) throws SQLException {
    assertThat(change(alter))
        .isInstanceOfSatisfying(
            Different.class, different -> assertThat(different.what()).startsWith(what));
  }

  @Test
  void tablesThatCanBeFollowed() throws SQLException {
    String table = create("base");
    String view = table + "_view";
    String ours = "_vitessbeam_" + table;
    String left = "_" + table + "_old";
    String dropped = "_vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_";
    VITESS.execute(
        SHOP + ":0",
        "CREATE VIEW " + view + " AS SELECT id FROM " + table,
        "CREATE TABLE " + ours + " (id INT PRIMARY KEY)",
        "CREATE TABLE " + left + " (id INT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS " + dropped + " (id INT PRIMARY KEY)");
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      SchemaDiscovery discovery = new SchemaDiscovery(connection);
      assertThat(discovery.baseTableNames())
          .contains(table)
          .doesNotContain(view, ours, dropped, left)
          .isSorted();
      assertThat(discovery.tableNames()).contains(table, view, left).doesNotContain(ours, dropped);
      assertThat(discovery.definition(new TableName(SHOP, table.toUpperCase(Locale.ROOT))))
          .isEmpty();
      assertThat(discovery.definition(new TableName(SHOP, "nothing"))).isEmpty();
    }
    VITESS.execute(SHOP + ":0", "DROP VIEW " + view, "DROP TABLE IF EXISTS " + dropped);
  }

  /** The stream leaves changes of such tables out without a word, though it copies them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "_%s_old",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_gho",
        "_vt_evc_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_"
      })
  void tablesThatVitessDoesNotFollow(String pattern) throws SQLException {
    String end = VITESS.newTable("end");
    String table = pattern.formatted(end);
    VITESS.execute(
        SHOP + ":0",
        "DROP TABLE IF EXISTS " + table,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY)",
        "CREATE TABLE " + end + " (id INT PRIMARY KEY)");
    String position = StreamedRows.position(VITESS);
    VITESS.execute(
        SHOP + ":0", "INSERT INTO " + table + " VALUES (1)", "INSERT INTO " + end + " VALUES (1)");

    Map<String, StreamedRows> streamed =
        StreamedRows.streamUntil(VITESS, position, List.of(table, end));

    assertThat(streamed).containsOnlyKeys(end);
    assertThat(SchemaDiscovery.whyNotFollowed(table)).isPresent();
    VITESS.execute(SHOP + ":0", "DROP TABLE " + table);
  }

  private static TableDefinition.Change change(String alter) throws SQLException {
    String table = create("change");
    TableDefinition before = definition(table);
    VITESS.execute(SHOP + ":0", "ALTER TABLE " + table + " " + alter);
    return definition(table).compareTo(TableDefinition.parse(before.text()));
  }

  private static String create(String prefix) throws SQLException {
    String table = VITESS.newTable(prefix);
    VITESS.execute(SHOP + ":0", "CREATE TABLE " + table + COLUMNS);
    return table;
  }

  private static TableDefinition definition(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return new SchemaDiscovery(connection).definition(new TableName(SHOP, table)).orElseThrow();
    }
  }
}
