package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeValuesTest {

  private static final int MB = 1 << 20;

  @TempDir private Path directory;

  @Test
  void valuesOfAnySizeBesideEachOther() throws Exception {
    List<byte[]> values = new ArrayList<>();
    List<Object> lengths = new ArrayList<>();
    for (int length : new int[] {0, 4096, 4097, 65_535, 65_536, 17 * MB, 3, 64 * MB, 1}) {
      values.add(text(length));
      lengths.add((long) length);
    }

    DatabaseFile database = load(values);

    assertThat(database.query("SELECT length(c) FROM t ORDER BY rowid")).isEqualTo(lengths);
    assertThat(database.query("SELECT count(*) FROM t WHERE c = repeat('x', length(c))"))
        .containsExactly(9L);
  }

  @Test
  void moreRowsThanABatchOrAChunkHolds() throws Exception {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 20_001; i++) {
      values.add(i % 3 == 0 ? null : text(i % 7));
    }

    DatabaseFile database = load(values);

    assertThat(database.query("SELECT count(*), count(c), sum(length(c))::BIGINT FROM t"))
        .containsExactly(
            20_001L,
            values.stream().filter(value -> value != null).count(),
            values.stream().filter(value -> value != null).mapToLong(value -> value.length).sum());
  }

  private DatabaseFile load(List<byte[]> values) {
    DatabaseFile database = new DatabaseFile(directory);
    Column column = new Column("c", ColumnType.of(MysqlType.LONGTEXT), true);
    List<Block> blocks = Rows.ofColumn(column, values);
    database.load("run", "t", blocks);
    return database;
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) 'x');
    return text;
  }
}
