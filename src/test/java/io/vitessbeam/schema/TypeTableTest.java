package io.vitessbeam.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link MysqlType}, its Beam side and what is made of date columns. */
class TypeTableTest {

  @ParameterizedTest
  @EnumSource
  void everyTypeIsFoundByItsName(MysqlType type) {
    assertThat(MysqlType.named(type.name())).isEqualTo(type);
    assertThat(MysqlType.named(type.name().toLowerCase(Locale.ROOT))).isEqualTo(type);
    assertThat(type.beam(typical(type)).type()).isNotNull();
    assertThat(type.duckDb(typical(type))).isNotBlank();
  }

  private static ColumnType typical(MysqlType type) {
    return type == MysqlType.DECIMAL ? ColumnType.decimal(10, 2) : ColumnType.of(type, 9);
  }

  @ParameterizedTest
  @CsvSource({"integer,INT", "point,GEOMETRY", "multipolygon,GEOMETRY", "geomcollection,GEOMETRY"})
  void otherNames(String name, MysqlType type) {
    assertThat(MysqlType.named(name)).isEqualTo(type);
  }

  @Test
  void unknownNames() {
    assertThatThrownBy(() -> MysqlType.named("inet6")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "TINYINT, false, 127, 128",
    "TINYINT, false, -128, -129",
    "TINYINT, true, 255, 32768",
    "SMALLINT, false, -32768, -32769",
    "SMALLINT, true, 65535, 3000000000",
    "MEDIUMINT, false, 8388607, 3000000000",
    "INT, false, -2147483648, 3000000000",
    "INT, true, 4294967295, 9223372036854775808",
    "BIGINT, false, 9223372036854775807, 9223372036854775808",
    "YEAR, false, 2155, 32768",
    "FLOAT, false, 16777216, 16777217",
    "FLOAT, false, 0.1, 0.10000000000000002",
    "FLOAT, false, 0.10000000149011612, 1E39",
    "FLOAT, false, 3.4028234663852886e38, 123456789",
    "FLOAT, false, 1E-45, 1E-46",
    "FLOAT, false, 5.684342E-14, 5.6843423E-14",
  })
  void numbersArriveAsTheyAreOrNotAtAll(
      MysqlType type, boolean unsigned, String held, String other) {
    BeamValue.Decoder decoder =
        type.beam(new ColumnType(type, unsigned, 0, 0, List.of(), false)).decoder();

    assertThat(((Number) decoder.decode(held.getBytes(UTF_8), 0, held.length())).doubleValue())
        .isEqualTo(type == MysqlType.FLOAT ? Float.parseFloat(held) : Double.parseDouble(held));
    assertThatThrownBy(() -> decoder.decode(other.getBytes(UTF_8), 0, other.length()))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("'" + other + "' is not");
  }

  @Test
  void labels() {
    ColumnType type = ColumnType.labelled(MysqlType.ENUM, List.of("a", "b"));
    BeamValue value = type.base().beam(type);
    EnumerationType enumeration = (EnumerationType) value.type().getLogicalType();

    assertThat(enumeration.getValues()).containsExactly("", "a", "b");
    assertThat(value.decoder().decode("b".getBytes(UTF_8), 0, 1))
        .isEqualTo(new EnumerationType.Value(2));
    assertThat(value.decoder().decode(new byte[0], 0, 0)).isEqualTo(new EnumerationType.Value(0));
  }

  @Test
  void labelsThatCannotBeToldApartAreText() {
    for (List<String> labels : List.of(List.of("a", ""), List.of("a?", "b"), List.<String>of())) {
      ColumnType type = ColumnType.labelled(MysqlType.ENUM, labels);
      assertThat(type.base().beam(type).type()).isEqualTo(FieldType.STRING);
    }
  }

  @Property
  void timesSurvive(
      @ForAll @LongRange(min = -3_020_399_999_999L, max = 3_020_399_999_999L) long us) {
    Duration time = Duration.of(us, ChronoUnit.MICROS);

    assertThat(MysqlTime.INSTANCE.toBaseType(time)).isEqualTo(us);
    assertThat(MysqlTime.INSTANCE.toInputType(us)).isEqualTo(time);
  }

  @Test
  void logicalTypesAreTheSameAfterAJourney() throws IOException, ClassNotFoundException {
    assertThat(copy(MysqlTime.INSTANCE)).isSameAs(MysqlTime.INSTANCE);
    assertThat(copy(JsonText.INSTANCE)).isSameAs(JsonText.INSTANCE);
    assertThat(JsonText.INSTANCE.toInputType("{\"b\": 1}")).isEqualTo("{\"b\": 1}");
    assertThat(FieldType.logicalType(MysqlTime.INSTANCE))
        .isEqualTo(FieldType.logicalType(MysqlTime.INSTANCE));
  }

  private static Object copy(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void zeroDates() {
    TableSchema schema =
        new TableSchema(
            "ks",
            "t",
            List.of(
                new Column("id", ColumnType.of(MysqlType.INT), false),
                new Column("d", ColumnType.of(MysqlType.DATE), false),
                new Column("t", ColumnType.temporal(MysqlType.TIMESTAMP, 3), false)),
            List.of("id"));

    assertThat(ZeroDates.FAIL.applyTo(schema)).isEqualTo(schema);
    TableSchema nulls = ZeroDates.NULL.applyTo(schema);
    assertThat(nulls.columns()).extracting(Column::nullable).containsExactly(false, true, true);
    assertThat(nulls.column("t").type().zeroAsNull()).isTrue();
    assertThat(nulls.column("t").type().scale()).isEqualTo(3);
    TableSchema text = ZeroDates.TEXT.applyTo(schema);
    assertThat(text.columns())
        .extracting(column -> column.type().base())
        .containsExactly(MysqlType.INT, MysqlType.VARCHAR, MysqlType.VARCHAR);
    assertThat(text.primaryKey()).containsExactly("id");
  }

  @Test
  void otherColumns() {
    Column a = new Column("a", ColumnType.of(MysqlType.INT), false);
    Column b = new Column("b", ColumnType.of(MysqlType.INT), false);
    TableSchema schema = new TableSchema("ks", "t", List.of(a, b), List.of("b", "a"));

    assertThat(schema.withColumns(List.of(b, a)).primaryKey()).containsExactly("b", "a");
    assertThat(schema.withColumns(List.of(b)).primaryKey()).isEmpty();
    assertThat(schema.indexOf("A")).isEqualTo(-1);
    assertThatThrownBy(() -> schema.withColumns(List.of(a, a)))
        .hasMessage("column a appears twice");
    assertThatThrownBy(() -> new TableSchema("ks", "t", List.of(a), List.of("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
