package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.SQLException;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Left-out columns, limits and intervals, in an unsharded and in a sharded keyspace. */
class VitessReadOptionsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String TABLE = VITESS.newTable("options");
  private static final String DEFINITION =
      "(id BIGINT PRIMARY KEY, name VARCHAR(9), day DATE, at DATETIME(3))";

  @BeforeAll
  static void fill() throws SQLException {
    VITESS.execute(SHOP, "CREATE TABLE " + TABLE + " " + DEFINITION);
    VITESS.createSharded(TABLE, "id", "hash", DEFINITION);
    for (String keyspace : List.of(SHOP, CUSTOMER)) {
      StringBuilder rows = new StringBuilder();
      for (int day = 1; day <= 28; day++) {
        String date = "'2024-02-" + (day < 10 ? "0" : "") + day;
        rows.append(day == 1 ? "" : ", ")
            .append("(" + day + ", 'n" + day + "', " + date + "', " + date + " 12:00:00.500')");
      }
      VITESS.execute(keyspace, "INSERT INTO " + TABLE + " (id, name, day, at) VALUES " + rows);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void withoutColumns(String keyspace) {
    List<Row> rows = read(of(keyspace).withoutColumns(List.of("day", "at")));

    assertThat(rows).hasSize(28);
    assertThat(rows.get(0).getSchema().getFieldNames()).containsExactly("id", "name");
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void withoutTheKey(String keyspace) {
    List<Row> rows = read(of(keyspace).withoutColumns(List.of("id", "day", "at")));

    assertThat(rows).extracting(row -> row.getString("name")).hasSize(28).doesNotHaveDuplicates();
  }

  @Test
  void notWithoutAll() {
    assertThatThrownBy(() -> of(SHOP).withoutColumns(List.of("id", "name", "day", "at")).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("All columns of shop." + TABLE + " are excluded; leave one at least");
  }

  @ParameterizedTest
  @CsvSource({
    "shop,0,0",
    "shop,1,1",
    "shop,100,28",
    "customer,0,0",
    "customer,5,5",
    "customer,100,28"
  })
  void limit(String keyspace, int limit, int expected) {
    List<Row> rows = read(of(keyspace).withLimit(limit));

    assertThat(rows)
        .extracting(row -> row.getInt64("id"))
        .hasSize(expected)
        .doesNotHaveDuplicates();
    if (keyspace.equals(SHOP) && limit == 1) {
      assertThat(rows.get(0).getInt64("id")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop,id,3,5",
    "shop,day,2024-02-03,2024-02-05",
    "shop,at,2024-02-03 12:00:00.5,2024-02-05 12:00:00.5",
    "customer,id,3,5",
    "customer,day,2024-02-03,2024-02-05",
    "customer,at,2024-02-03 12:00:00.5,2024-02-05 12:00:00.5"
  })
  void bothEndsOfAnIntervalAreInIt(String keyspace, String column, String from, String to) {
    assertThat(read(of(keyspace).withIncrementalKey(column, from, to)))
        .extracting(row -> row.getInt64("id"))
        .containsExactlyInAnyOrder(3L, 4L, 5L);
    assertThat(read(of(keyspace).withIncrementalKey(column, from, null))).hasSize(26);
    assertThat(read(of(keyspace).withIncrementalKey(column, null, to))).hasSize(5);
    assertThat(read(of(keyspace).withIncrementalKey(column, from, to).withLimit(2))).hasSize(2);
  }

  @Test
  void aBoundIsAValueAndNoSql() {
    assertThat(read(of(SHOP).withIncrementalKey("name", "n9' OR 1=1 -- ", "zz'\\"))).isEmpty();
    assertThatThrownBy(() -> of(SHOP).withIncrementalKey("nothing", "1", null).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("has no column nothing to use as incremental key; it has id, name");
  }

  private static VitessRead of(String keyspace) {
    return VitessRead.from(VITESS.uri(keyspace)).withTable(TABLE);
  }

  private static List<Row> read(VitessRead read) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, read);
  }
}
