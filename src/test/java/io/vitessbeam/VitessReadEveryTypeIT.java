package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A column of every MySQL type, value by value, on both embedded runners. */
class VitessReadEveryTypeIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final List<TypedColumn> COLUMNS = EveryType.columns();

  private static final int ROWS = EveryTypeTable.ROWS;

  private static String table;

  @BeforeAll
  static void fill() throws SQLException {
    table = EveryTypeTable.create(VITESS, COLUMNS);
  }

  @ParameterizedTest
  @EnumSource
  void everyValueIsWhatTheTypeSays(EmbeddedRunner runner) {
    Map<Integer, Row> rows = read(runner);

    assertThat(rows).hasSize(ROWS);
    for (int i = 0; i < COLUMNS.size(); i++) {
      TypedColumn column = COLUMNS.get(i);
      if (!column.definition().contains("GENERATED")) {
        assertThat(rows.get(0).<Object>getValue(column.name())).as(column.definition()).isNull();
      }
      for (int row = 1; row < ROWS; row++) {
        assertThat(value(rows.get(row), column.name()))
            .as(column.definition() + " " + column.at(row - 1).sql())
            .isEqualTo(column.at(row - 1).expected());
      }
    }
  }

  @Test
  void everyValueIsWhatTheDriverSays() throws SQLException {
    Map<Integer, Row> rows = read(EmbeddedRunner.DIRECT);
    try (Connection connection = VITESS.connect(SHOP);
        Statement statement = connection.createStatement();
        ResultSet oracle = statement.executeQuery("SELECT * FROM " + table + " WHERE id > 0")) {
      while (oracle.next()) {
        Row row = rows.get(oracle.getInt("id"));
        for (TypedColumn column : COLUMNS) {
          Object value = value(row, column.name());
          assertThat(value).as(column.definition()).isEqualTo(driverValue(oracle, column, value));
        }
      }
    }
  }

  @Test
  void valuesOfTenMegabytesSurvive() throws SQLException {
    String table = VITESS.newTable("large_values");
    VITESS.execute(
        SHOP + ":0",
        "CREATE table " + table + " (id INT PRIMARY KEY, t LONGTEXT, b LONGBLOB)",
        "INSERT INTO " + table + " VALUES (1, REPEAT('😀', 2621440), NULL)",
        "INSERT INTO " + table + " VALUES (2, '', REPEAT(X'00FF', 5242880))",
        "INSERT INTO " + table + " VALUES (3, 'end', X'01')");
    Map<Integer, Row> rows = byId(TestPipelines.read(EmbeddedRunner.DIRECT, of(table)));

    assertThat(rows).hasSize(3);
    assertThat(rows.get(1).getString("t").equals("😀".repeat(2621440))).isTrue();
    byte[] blob = rows.get(2).getBytes("b");
    assertThat(blob).hasSize(10 << 20);
    assertThat(Arrays.copyOf(blob, 4)).containsExactly(0, 255, 0, 255);
    assertThat(rows.get(3).getString("t")).isEqualTo("end");
  }

  private static VitessRead of(String table) {
    return VitessRead.from(VITESS.uri(SHOP)).withTable(table);
  }

  private static Map<Integer, Row> read(EmbeddedRunner runner) {
    return byId(TestPipelines.read(runner, of(table)));
  }

  private static Map<Integer, Row> byId(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(row -> row.getInt32("id"), row -> row));
  }

  private static Object value(Row row, String column) {
    Field field = row.getSchema().getField(column);
    Object value = row.getValue(column);
    return field.getType().getLogicalType() instanceof EnumerationType labels
        ? labels.toString((EnumerationType.Value) value)
        : value;
  }

  /** What the driver gives for a type of value; the value itself where it has no such getter. */
  private static Object driverValue(ResultSet row, TypedColumn column, Object value)
      throws SQLException {
    String name = column.name();
    if (value instanceof byte[]) {
      return row.getBytes(name);
    }
    if (value instanceof String) {
      return new String(row.getBytes(name), UTF_8);
    }
    if (value instanceof BigDecimal) {
      return row.getBigDecimal(name);
    }
    if (value instanceof LocalDate) {
      return row.getObject(name, LocalDate.class);
    }
    if (value instanceof LocalDateTime) {
      return row.getObject(name, LocalDateTime.class);
    }
    if (value instanceof Double) {
      return row.getDouble(name);
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).getClass().cast(narrow(row.getLong(name), (Number) value));
    }
    return value instanceof Long ? (Object) row.getLong(name) : value;
  }

  private static Number narrow(long value, Number like) {
    return like instanceof Byte
        ? (Number) (byte) value
        : like instanceof Short ? (Number) (short) value : (Number) (int) value;
  }
}
