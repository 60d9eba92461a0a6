package io.vitessbeam.vstream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.decode.ChangeBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and keys as Debezium's Vitess connector gives them, by what Vitess sends. */
class ChangeJsonTest {

  private static final Origin ORIGIN = new Origin(77, 0, 1, 0, -1, "80-");

  static Stream<Arguments> values() {
    ColumnType bits = ColumnType.of(MysqlType.BIT, 12);
    return Stream.of(
        Arguments.of(ColumnType.of(MysqlType.TINYINT), "-5", "-5"),
        Arguments.of(ColumnType.of(MysqlType.INT), "00000042", "42"),
        Arguments.of(ColumnType.unsigned(MysqlType.INT), "4294967295", "4294967295"),
        Arguments.of(
            ColumnType.of(MysqlType.BIGINT), "-9223372036854775808", "-9223372036854775808"),
        Arguments.of(
            ColumnType.unsigned(MysqlType.BIGINT),
            "018446744073709551615",
            "\"18446744073709551615\""),
        Arguments.of(ColumnType.decimal(10, 3), "-0.500", "\"-0.500\""),
        Arguments.of(ColumnType.decimal(10, 3), ".500", "\"0.500\""),
        Arguments.of(ColumnType.of(MysqlType.FLOAT), "1E-01", "0.1"),
        Arguments.of(ColumnType.of(MysqlType.DOUBLE), "1E+300", "1.0E300"),
        Arguments.of(ColumnType.of(MysqlType.YEAR), "0000", "0"),
        Arguments.of(ColumnType.of(MysqlType.DATE), "1969-12-31", "-1"),
        Arguments.of(ColumnType.temporal(MysqlType.DATETIME, 0), "1970-01-01 00:00:01", "1000"),
        Arguments.of(ColumnType.temporal(MysqlType.DATETIME, 3), "1969-12-31 23:59:59.999", "-1"),
        Arguments.of(
            ColumnType.temporal(MysqlType.DATETIME, 6), "1970-01-01 00:00:01.000002", "1000002"),
        Arguments.of(
            ColumnType.temporal(MysqlType.TIMESTAMP, 0),
            "2024-02-29 12:00:00",
            "\"2024-02-29T12:00:00Z\""),
        Arguments.of(
            ColumnType.temporal(MysqlType.TIMESTAMP, 3),
            "2024-02-29 12:00:00.120",
            "\"2024-02-29T12:00:00.120Z\""),
        Arguments.of(ColumnType.temporal(MysqlType.TIME, 6), "-838:59:59.000001", "-3020399000001"),
        Arguments.of(ColumnType.of(MysqlType.VARCHAR, 9), "ü \"x\"\n", "\"ü \\\"x\\\"\\n\""),
        Arguments.of(ColumnType.labelled(MysqlType.ENUM, List.of("a", "b")), "b", "\"b\""),
        Arguments.of(ColumnType.labelled(MysqlType.SET, List.of("a", "b")), "a,b", "\"a,b\""),
        Arguments.of(ColumnType.of(MysqlType.JSON), "{\"a\": 1}", "\"{\\\"a\\\": 1}\""),
        Arguments.of(ColumnType.of(MysqlType.BIT, 1), "0x01", "true"),
        Arguments.of(bits, "0x0102", "\"AgE=\""),
        Arguments.of(ColumnType.of(MysqlType.VARBINARY, 9), "0x00ff", "\"AP8=\""),
        Arguments.of(
            ColumnType.of(MysqlType.GEOMETRY),
            "0xe61000000101",
            "{\"wkb\":\"AQE=\",\"srid\":4326}"),
        Arguments.of(ColumnType.of(MysqlType.VECTOR), "0x0000803f000000c0", "[1.0,-2.0]"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesOfEveryType(ColumnType type, String sent, String json) {
    TableSchema table = table(new Column("v", type, true));
    byte[] bytes =
        sent.startsWith("0x") ? HexFormat.of().parseHex(sent.substring(2)) : sent.getBytes(UTF_8);
    Block block = rows(table, RowKind.INSERT, bytes, null);
    BlockReader reader = new BlockReader(block);
    ChangeJson writer = new ChangeJson(table);

    reader.nextRow();
    assertThat(writer.row(reader, block.marks(), 0)).isEqualTo("{\"v\":" + json + "}");
    reader.nextRow();
    assertThat(writer.row(reader, block.marks(), 1)).isEqualTo("{\"v\":null}");
  }

  @Test
  void everyTypeIsTried() {
    List<MysqlType> same =
        List.of(
            MysqlType.SMALLINT,
            MysqlType.MEDIUMINT,
            MysqlType.CHAR,
            MysqlType.TINYTEXT,
            MysqlType.TEXT,
            MysqlType.MEDIUMTEXT,
            MysqlType.LONGTEXT,
            MysqlType.BINARY,
            MysqlType.TINYBLOB,
            MysqlType.BLOB,
            MysqlType.MEDIUMBLOB,
            MysqlType.LONGBLOB);
    Stream<MysqlType> tried = values().map(value -> ((ColumnType) value.get()[0]).base());

    assertThat(Stream.concat(tried, same.stream())).contains(MysqlType.values());
  }

  @Test
  void datesThatAreNone() {
    ColumnType type = ColumnType.of(MysqlType.DATE);
    byte[] zero = "0000-00-00".getBytes(UTF_8);
    TableSchema strict = table(new Column("d", type, true));
    TableSchema tolerant = table(new Column("d", type.withZeroAsNull(), true));

    assertThat(first(tolerant, rows(tolerant, RowKind.INSERT, zero))).isEqualTo("{\"d\":null}");
    assertThatThrownBy(() -> first(strict, rows(strict, RowKind.INSERT, zero)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column d of shop.t holds '0000-00-00'");
  }

  /** binlog_row_image=NOBLOB. */
  @Test
  void valuesThatDidNotCome() {
    TableSchema table =
        table(
            new Column("text", ColumnType.of(MysqlType.TEXT), true),
            new Column("bytes", ColumnType.of(MysqlType.BLOB), true),
            new Column("place", ColumnType.of(MysqlType.GEOMETRY), true));
    ChangeBuilder builder = new ChangeBuilder(table, 16);
    builder.startRow(RowKind.UPDATE);
    for (int column = 0; column < 3; column++) {
      builder.values().addNull();
      builder.markAbsent(column);
    }
    builder.commit(5, 1, "g");

    assertThat(first(table, builder.buildCommitted(ORIGIN)))
        .isEqualTo(
            "{\"text\":\"__debezium_unavailable_value\","
                + "\"bytes\":\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"}");
  }

  @Test
  void keys() {
    Column a = new Column("a", ColumnType.of(MysqlType.VARBINARY, 4), false);
    Column b = new Column("b", ColumnType.of(MysqlType.INT), false);
    TableSchema keyed = new TableSchema("shop", "t", List.of(a, b), List.of("b", "a"));
    ChangeBuilder builder = new ChangeBuilder(keyed, 16);
    builder.startRow(RowKind.INSERT);
    builder.values().addValue(new byte[] {1}, 0, 1);
    builder.values().addValue("7".getBytes(UTF_8), 0, 1);
    builder.commit(5, 1, "g");
    BlockReader reader = new BlockReader(builder.buildCommitted(ORIGIN));
    reader.nextRow();

    assertThat(new ChangeJson(keyed).key(reader)).isEqualTo("{\"b\":7,\"a\":\"AQ==\"}");
    assertThat(new ChangeJson(table(a, b)).key(reader)).isEqualTo("null");
  }

  private static String first(TableSchema table, Block block) {
    BlockReader reader = new BlockReader(block);
    reader.nextRow();
    return new ChangeJson(table).row(reader, block.marks(), 0);
  }

  private static TableSchema table(Column... columns) {
    return new TableSchema("shop", "t", List.of(columns), List.of());
  }

  /** Rows of one column; null for NULL. */
  private static Block rows(TableSchema table, RowKind kind, byte[]... values) {
    ChangeBuilder builder = new ChangeBuilder(table, 16);
    for (byte[] value : values) {
      builder.startRow(kind);
      if (value == null) {
        builder.values().addNull();
      } else {
        builder.values().addValue(value, 0, value.length);
      }
    }
    builder.commit(5, 1_704_067_200, "MySQL56/x:1-5");
    return builder.buildCommitted(ORIGIN);
  }
}
