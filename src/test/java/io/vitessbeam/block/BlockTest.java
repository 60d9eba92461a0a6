package io.vitessbeam.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Block}, its builder, its reader and its coder. */
class BlockTest {

  private static final TableSchema SCHEMA =
      new TableSchema(
          "ks",
          "tàble",
          List.of(
              new Column("id", ColumnType.unsigned(MysqlType.BIGINT), false),
              new Column("e", ColumnType.labelled(MysqlType.ENUM, List.of("a", "", "ü")), true),
              new Column("d", ColumnType.decimal(65, 30).withZeroAsNull(), true)),
          List.of("id"));
  private static final Origin ORIGIN = new Origin(5, 3, 7, 11, -1, "0");

  @Provide
  Arbitrary<List<List<byte[]>>> rows() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.integers().between(0, 300)),
            Tuple.of(1, Arbitraries.of(0, 250, 251, 252, 255, 65_535, 65_536)));
    Arbitrary<byte[]> values =
        lengths
            .map(
                length -> {
                  byte[] value = new byte[length];
                  Arrays.fill(value, (byte) (length * 31));
                  return value;
                })
            .injectNull(0.2);
    return values.list().ofSize(3).list().ofMaxSize(8);
  }

  @Property(tries = 200)
  void anyRowsSurvive(@ForAll("rows") List<List<byte[]>> rows, @ForAll @IntRange(max = 99) int room)
      throws IOException {
    BlockBuilder builder = new BlockBuilder(SCHEMA, room);
    for (int repeat = 0; repeat < 2; repeat++) {
      add(builder, rows);
      Block block = builder.build(ORIGIN);

      assertThat(block.rows()).isEqualTo(rows.size());
      assertRows(block, rows);
      Block decoded = decode(encode(block));
      assertRows(decoded, rows);
      assertThat(decoded).isEqualTo(block).hasSameHashCodeAs(block);
      assertThat(decoded.schema()).isEqualTo(SCHEMA);
      assertThat(decoded.origin()).isEqualTo(ORIGIN);
    }
  }

  @Property(tries = 100)
  void wholeRowsCanBeAdded(@ForAll("rows") List<List<byte[]>> rows) {
    BlockBuilder whole = new BlockBuilder(SCHEMA, 1);
    for (List<byte[]> row : rows) {
      BlockBuilder one = new BlockBuilder(SCHEMA, 64);
      add(one, List.of(row));
      Block block = one.build(ORIGIN);
      whole.addRow(block.bytes(), 0, block.length());
      assertThat(values(whole.lastRow())).isDeepEqualTo(row.toArray(byte[][]::new));
    }
    assertRows(whole.build(ORIGIN), rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 24, (1 << 24) - 1, (1 << 24) + 1})
  void valuesOfSixteenMegabytes(int length) {
    byte[] value = new byte[length];
    value[length - 1] = 7;
    List<List<byte[]>> rows = List.of(Arrays.asList(value, null, new byte[] {1}));
    BlockBuilder builder = new BlockBuilder(SCHEMA, 0);
    add(builder, rows);

    assertRows(builder.build(ORIGIN), rows);
  }

  @Test
  void theCoderKeepsBeamsPromises() throws Exception {
    BlockBuilder builder = new BlockBuilder(SCHEMA, 9);
    add(builder, List.of(Arrays.asList(new byte[] {1}, null, new byte[300])));
    Block block = builder.build(ORIGIN);
    Block same = decode(encode(block));

    CoderProperties.coderDecodeEncodeEqual(BlockCoder.of(), block);
    CoderProperties.coderDeterministic(BlockCoder.of(), block, same);
    CoderProperties.coderSerializable(BlockCoder.of());
    CoderProperties.coderDecodeEncodeEqual(
        BlockCoder.of(), Block.closing(SCHEMA, new Origin(5, 0, 1, 5, Long.MAX_VALUE, "0")));
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    BlockBuilder builder = new BlockBuilder(SCHEMA, 9);
    add(builder, List.of(Arrays.asList(new byte[] {1, 2}, null, new byte[] {3})));
    byte[] encoded = encode(builder.build(ORIGIN));

    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> decode(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void corruptBlocksAreNoticed() {
    assertCorrupt(1, 1, 9);
    assertCorrupt(1, 1, 9, 1, 9);
    assertCorrupt(1, 1, 9, 1, 9, 2, 9);
    assertCorrupt(1, 1, 9, 1, 9, 0, 0);
    assertCorrupt(2, 0xfb, 0xfb, 0xfb);
    assertCorrupt(1, 0xff, 0, 0);
    assertCorrupt(1, 0xfc, 0xff, 0xff, 0, 0);
    assertCorrupt(1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0);
    assertCorrupt(1, 0xfe, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0);
  }

  private static void assertCorrupt(int rows, int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    BlockReader reader = new BlockReader(new Block(SCHEMA, ORIGIN, rows, array, array.length));
    assertThatThrownBy(
            () -> {
              while (reader.nextRow()) {
                values(reader);
              }
            })
        .isInstanceOf(DataException.class)
        .hasMessageContaining("A block of ks.tàble doesn't hold the rows it should");
  }

  private static void add(BlockBuilder builder, List<List<byte[]>> rows) {
    for (List<byte[]> row : rows) {
      builder.startRow();
      for (byte[] value : row) {
        if (value == null) {
          builder.addNull();
        } else {
          builder.addValue(value, 0, value.length);
        }
      }
    }
  }

  private static void assertRows(Block block, List<List<byte[]>> expected) {
    BlockReader reader = new BlockReader(block);
    List<byte[][]> rows = new ArrayList<>();
    while (reader.nextRow()) {
      rows.add(values(reader));
    }
    assertThat(rows).hasSize(expected.size());
    for (int i = 0; i < rows.size(); i++) {
      assertThat(Arrays.deepEquals(rows.get(i), expected.get(i).toArray(byte[][]::new))).isTrue();
    }
  }

  private static byte[][] values(BlockReader reader) {
    byte[][] values = new byte[3][];
    for (int i = 0; i < 3; i++) {
      values[i] = reader.value(i);
      assertThat(reader.isNull(i)).isEqualTo(values[i] == null);
    }
    return values;
  }

  private static byte[] encode(Block block) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlockCoder.of().encode(block, out);
    return out.toByteArray();
  }

  private static Block decode(byte[] bytes) throws IOException {
    return BlockCoder.of().decode(new ByteArrayInputStream(bytes));
  }
}
