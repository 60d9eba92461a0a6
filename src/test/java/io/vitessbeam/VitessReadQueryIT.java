package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of queries. */
class VitessReadQueryIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String ORDERS = VITESS.newTable("orders");
  private static final String SPREAD = VITESS.newTable("spread_query");

  @BeforeAll
  static void fill() throws SQLException {
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + ORDERS
            + " (id INT PRIMARY KEY, parent INT, price DECIMAL(10,2) NOT NULL, weight FLOAT,"
            + " label VARCHAR(20) COLLATE utf8mb4_bin, day DATE)",
        "INSERT INTO "
            + ORDERS
            + " VALUES (1, NULL, 10.50, 16777216, 'é', '2024-01-01'),"
            + " (2, 1, 0.25, '123456.79', NULL, '2024-01-02')");
    VITESS.createSharded(SPREAD, "id", "hash", "(id BIGINT PRIMARY KEY, n INT)");
    VITESS.execute(
        CUSTOMER, "INSERT INTO " + SPREAD + " (id, n) VALUES (1, 5), (2, 6), (3, 5), (4, 6)");
  }

  @Test
  void joins() {
    List<Row> rows =
        read(
            "SELECT c.id, p.price, c.weight AS `the weight`, p.label, p.day FROM "
                + ORDERS
                + " c JOIN "
                + ORDERS
                + " p ON p.id = c.parent; ");

    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat(row.getInt32("id")).isEqualTo(2);
    assertThat(row.<BigDecimal>getLogicalTypeValue("price", BigDecimal.class)).isEqualTo("10.50");
    assertThat(row.getFloat("the weight")).isEqualTo(123456.79f);
    assertThat(row.getString("label")).isEqualTo("é");
  }

  @Test
  void floatsKeepAllDigits() {
    assertThat(read("SELECT weight FROM " + ORDERS))
        .extracting(row -> row.getFloat(0))
        .containsExactlyInAnyOrder(16777216f, 123456.79f);
  }

  @Test
  void aggregatesOverShards() {
    List<Row> rows =
        TestPipelines.read(
            EmbeddedRunner.DIRECT,
            VitessRead.from(VITESS.uri(CUSTOMER))
                .withQuery("SELECT n, COUNT(*) AS c FROM " + SPREAD + " GROUP BY n"));

    assertThat(rows).extracting(row -> row.getInt32("n")).containsExactlyInAnyOrder(5, 6);
    assertThat(rows).extracting(row -> row.getInt64("c")).containsExactly(2L, 2L);
  }

  @Test
  void placeholdersOfAnInterval() {
    VitessRead read =
        VitessRead.from(VITESS.uri(SHOP))
            .withQuery("SELECT id FROM " + ORDERS + " WHERE day >= :interval_start");

    assertThatThrownBy(read::schema)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("The query has :interval_start, and no such bound of the interval is given");
    assertThat(
            TestPipelines.read(
                EmbeddedRunner.DIRECT, read.withIncrementalKey(null, "2024-01-02", null)))
        .hasSize(1);
  }

  @Test
  void twoColumnsOfOneName() {
    assertThatThrownBy(() -> read("SELECT id, price AS id FROM " + ORDERS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("The query gives two columns named id; name one otherwise with AS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM %s",
        "INSERT INTO %s (id, price) VALUES (9, 9)",
        "WITH x AS (SELECT 1) DELETE FROM %s",
        "SELECT 1; DELETE FROM %s",
        "/* SELECT */ DELETE FROM %s"
      })
  void nothingIsWritten(String statement) {
    assertThatThrownBy(() -> read(String.format(statement, ORDERS)))
        .isInstanceOf(ConfigurationException.class);
    assertThat(read("SELECT id FROM " + ORDERS)).hasSize(2);
  }

  @Test
  void anErrorOfTheQueryIsTheUsers() {
    assertThatThrownBy(() -> read("SELECT nothing FROM " + ORDERS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("The query failed")
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> read("SELECT 1 FROM no_such_table"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no_such_table");
    assertThatThrownBy(() -> read("SELECT FROM WHERE"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("syntax");
  }

  @Test
  void whatOnlyTablesHave() {
    VitessRead query = VitessRead.from(VITESS.uri(SHOP)).withQuery("SELECT 1 AS one");

    assertThatThrownBy(query.withLimit(1)::schema)
        .hasMessage("a limit can't be set for a query; write it into the query");
    assertThatThrownBy(query.withoutColumns(List.of("one"))::schema)
        .hasMessage("columns can't be excluded from a query; write it into the query");
    assertThatThrownBy(query.withTable("t")::schema)
        .hasMessage("Give either a table or a query to read");
  }

  private static List<Row> read(String query) {
    return TestPipelines.read(
        EmbeddedRunner.DIRECT, VitessRead.from(VITESS.uri(SHOP)).withQuery(query));
  }
}
