package io.vitessbeam.schema;

import static io.vitessbeam.schema.ReadRows.texts;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestVitess;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.junit.jupiter.api.Test;

/**
 * Type by type: what the OLAP workload, VStream's copy and its stream send of the same row is the
 * same value after the conversion, and the one that was written.
 */
class StreamValuesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyTypeHasTheSameValueInAllThree() throws SQLException {
    List<TypedColumn> columns = EveryType.streamed();
    String position = StreamedRows.position(VITESS);
    String table = EveryTypeTable.create(VITESS, columns);
    ReadRows rows = ReadRows.of(table, position, EveryTypeTable.ROWS);

    assertThat(columns).hasSizeGreaterThan(70);
    assertThat(List.of(rows.olap().keySet(), rows.copied().keySet(), rows.streamed().keySet()))
        .containsOnly(Set.of(0, 1, 2, 3));
    for (TypedColumn typed : columns) {
      Column column = rows.schema().column(typed.name());
      if (!typed.definition().contains("GENERATED")) {
        assertThat(rows.olap().get(0).get(typed.name())).isNull();
        assertThat(rows.copied().get(0).get(typed.name())).isNull();
        assertThat(rows.streamed().get(0).get(typed.name())).isNull();
      }
      for (int row = 1; row < EveryTypeTable.ROWS; row++) {
        Object expected = typed.at(row - 1).expected();
        String what = typed.definition() + " " + typed.at(row - 1).sql();
        assertSame("stream of " + what, column, rows.streamed().get(row), expected);
        if (StreamColumn.whyNotCopiedByVStream(column).isEmpty()) {
          assertSame("copy of " + what, column, rows.copied().get(row), expected);
          assertSame("OLAP read of " + what, column, rows.olap().get(row), expected);
        }
      }
    }
  }

  /** Why a FLOAT is refused, and that the stream need not be. */
  @Test
  void aFloatIsWholeInTheStreamOnly() throws SQLException {
    ReadRows rows = ReadRows.of("floats", "f FLOAT", "(1, '16777217')", "(2, '123456.789')");

    assertThat(texts(rows.copied(), "f")).containsExactly("16777200", "123457");
    assertThat(texts(rows.streamed(), "f")).containsExactly("1.6777216E+07", "1.2345679E+05");
  }

  @Test
  void imagesOfUpdatesAndDeletesHaveTheSameForm() throws SQLException {
    List<TypedColumn> columns = EveryType.streamed();
    String table = EveryTypeTable.create(VITESS, columns);
    TableSchema schema = ReadRows.schema(table);
    Collations collations = ReadRows.collations(table);
    String position = StreamedRows.position(VITESS);
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET id = 11 WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2");

    StreamedRows changes = StreamedRows.stream(VITESS, table, position, 2);
    List<Map<String, byte[]>> images = new ArrayList<>();
    images.add(changes.convert(changes.changes().get(0).getBefore(), schema, collations));
    images.add(changes.convert(changes.changes().get(0).getAfter(), schema, collations));
    images.add(changes.convert(changes.changes().get(1).getBefore(), schema, collations));

    int[] numbers = {1, 1, 2};
    for (TypedColumn typed : columns) {
      for (int i = 0; i < numbers.length; i++) {
        Object expected = typed.at(numbers[i] - 1).expected();
        assertSame(typed.definition(), schema.column(typed.name()), images.get(i), expected);
      }
    }
  }

  @Test
  void datesThatNoCalendarHas() throws SQLException {
    ReadRows rows =
        ReadRows.of(
            "zero_dates",
            "d DATE NULL, dt DATETIME(6) NULL, ts TIMESTAMP(3) NULL",
            "(1, '0000-00-00', '0000-00-00', '0000-00-00')",
            "(2, '2024-00-00', '2024-02-00 01:02:03.000004', '2024-02-29 23:59:59.125')",
            "(3, NULL, NULL, NULL)");

    for (Column column : ZeroDates.NULL.applyTo(rows.schema()).columns().subList(1, 4)) {
      String name = column.name();
      assertThat(texts(rows.copied(), name)).isEqualTo(texts(rows.olap(), name));
      assertThat(texts(rows.streamed(), name)).isEqualTo(texts(rows.olap(), name));
      assertThat(decode(column, rows.streamed().get(1).get(name))).as(name).isNull();
    }
    assertThat(texts(rows.streamed(), "d")).containsExactly("0000-00-00", "2024-00-00", null);
    assertThat(texts(rows.streamed(), "dt").get(1)).isEqualTo("2024-02-00 01:02:03.000004");
    assertThatThrownBy(() -> decode(rows.schema().column("d"), rows.streamed().get(1).get("d")))
        .hasMessageContaining("0000-00-00");
  }

  @Test
  void valuesOfMegabytes() throws SQLException {
    ReadRows rows =
        ReadRows.of(
            "large",
            "t LONGTEXT CHARACTER SET utf8mb4, l LONGTEXT CHARACTER SET latin1, b LONGBLOB",
            "(1, REPEAT('😀', 1000000), NULL, NULL)",
            "(2, NULL, REPEAT('é', 3000000), REPEAT(X'00FF', 1500000))");
    byte[] blob = new byte[3_000_000];
    for (int i = 1; i < blob.length; i += 2) {
      blob[i] = (byte) 0xff;
    }

    for (Map<Integer, Map<String, byte[]>> values :
        List.of(rows.olap(), rows.copied(), rows.streamed())) {
      assertThat(values.get(1).get("t")).isEqualTo("😀".repeat(1_000_000).getBytes(UTF_8));
      assertThat(values.get(2).get("l")).isEqualTo("é".repeat(3_000_000).getBytes(UTF_8));
      assertThat(Arrays.equals(values.get(2).get("b"), blob)).isTrue();
    }
  }

  private static void assertSame(
      String what, Column column, Map<String, byte[]> row, Object expected) {
    Object value = decode(column, row.get(column.name()));
    if (column.type().base() == MysqlType.JSON) {
      assertThat(json(value)).as(what).isEqualTo(json(expected));
    } else {
      assertThat(value).as(what).isEqualTo(expected);
    }
  }

  static Object json(Object text) {
    try {
      return JSON.readTree((String) text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private static Object decode(Column column, byte[] value) {
    BeamValue beam = column.type().base().beam(column.type());
    Object decoded = beam.decoder().decode(value, 0, value.length);
    return beam.type().getLogicalType() instanceof EnumerationType labels
        ? labels.toString((EnumerationType.Value) decoded)
        : decoded;
  }
}
