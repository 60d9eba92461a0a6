package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.schema.SqlText;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.SQLException;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables and views by every name that MySQL allows, and where in a keyspace they may be. */
class VitessReadNamesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's",
        "with-dash",
        "with blank",
        "dotted.name",
        "back`quote",
        "double\"quote",
        "select",
        "größe",
        "表",
        "percent%d",
        "question?",
        "UPPER",
        "semi;colon--",
        "back\\slash"
      })
  void tablesAndColumnsOfAnyName(String name) throws SQLException {
    String quoted = SqlText.identifier(VITESS.newTable(name));
    String column = SqlText.identifier(name);
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + quoted + " (" + column + " FLOAT, `key` INT PRIMARY KEY)",
        "INSERT INTO " + quoted + " VALUES (0.1, 7), (NULL, 8)");

    List<Row> rows = read(VitessRead.from(VITESS.uri(SHOP)).withTable("shop." + quoted));
    assertThat(rows).extracting(row -> row.getInt32("key")).containsExactlyInAnyOrder(7, 8);
    assertThat(rows).extracting(row -> row.getFloat(name)).containsExactlyInAnyOrder(0.1f, null);
    List<Row> filtered =
        read(
            VitessRead.from(VITESS.uri(SHOP))
                .withTable(quoted)
                .withIncrementalKey(name, "0", null)
                .withoutColumns(List.of(name)));
    assertThat(filtered).extracting(row -> row.getInt32("key")).containsExactly(7);
  }

  @Test
  void anotherKeyspaceThanTheUris() throws SQLException {
    String table = VITESS.newTable("elsewhere");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY)",
        "INSERT INTO " + table + " VALUES (1)");

    assertThat(read(VitessRead.from(VITESS.uri(CUSTOMER)).withTable("shop." + table))).hasSize(1);
  }

  @Test
  void namesAreExact() throws SQLException {
    String table = VITESS.newTable("exact");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (Id INT PRIMARY KEY)");
    VitessRead read = VitessRead.from(VITESS.uri(SHOP));

    assertThatThrownBy(() -> read.withTable(table.replace("exact", "EXACT")).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Keyspace shop has no table EXACT_");
    assertThatThrownBy(() -> read.withTable(table).withoutColumns(List.of("id")).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("shop." + table + " has no column id to exclude; it has Id");
  }

  @Test
  void viewsAreReadInOneRange() throws SQLException {
    String table = VITESS.newTable("viewed");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, a VARCHAR(9) COLLATE utf8mb4_bin)",
        "INSERT INTO " + table + " VALUES (1, 'x'), (2, 'y')",
        "CREATE VIEW " + table + "_v AS SELECT a, id * 10 AS tenfold FROM " + table,
        "CREATE VIEW " + table + "_w AS SELECT v.a, t.id FROM " + table + "_v v, " + table + " t");

    List<Row> simple = read(VitessRead.from(VITESS.uri(SHOP)).withTable(table + "_v"));
    assertThat(simple).extracting(row -> row.getString("a")).containsExactlyInAnyOrder("x", "y");
    assertThat(simple)
        .extracting(row -> row.getInt64("tenfold"))
        .containsExactlyInAnyOrder(10L, 20L);
    assertThat(read(VitessRead.from(VITESS.uri(SHOP)).withTable(table + "_w"))).hasSize(4);
  }

  /** Both shards have it, but vtgate doesn't know which of them has which rows. */
  @Test
  void aTableThatTheVschemaDoesNotKnowIsRefused() throws SQLException {
    VITESS.createSharded(VITESS.newTable("known"), "id", "hash", "(id BIGINT PRIMARY KEY)");
    String table = VITESS.newTable("unknown");
    VITESS.execute(CUSTOMER, "CREATE TABLE " + table + " (id INT PRIMARY KEY)");

    assertThatThrownBy(() -> VitessRead.from(VITESS.uri(CUSTOMER)).withTable(table).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Looking up the vindexes of customer." + table + " failed");
  }

  private static List<Row> read(VitessRead read) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, read);
  }
}
