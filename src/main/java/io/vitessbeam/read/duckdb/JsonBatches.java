package io.vitessbeam.read.duckdb;

import io.vitessbeam.VitessBeamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** JSON lines as Arrow batches with a column of text for every key. For one pass. */
final class JsonBatches extends ArrowReader {

  private static final int BATCH_BYTES = 16 << 20;
  private static final int BATCH_ROWS = 8192;

  /** So that thousands of keys don't make large batches of NULLs. */
  private static final int BATCH_VALUES = 1 << 20;

  private final JsonTable table;
  private final JsonLines lines;
  private final JsonKeys keys;
  private final boolean[] strings;
  private final JsonMembers members = new JsonMembers();
  private VarCharVector[] vectors;
  private long bytes;
  private RuntimeException failure;

  JsonBatches(BufferAllocator allocator, JsonTable table, JsonLines lines) {
    super(allocator);
    this.table = table;
    this.lines = lines;
    List<JsonTable.Key> all = table.keys();
    this.keys = new JsonKeys(all.stream().map(JsonTable.Key::name).toList());
    this.strings = new boolean[all.size()];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = all.get(i).strings();
    }
  }

  /** What ended the stream before its time, if it failed. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      return fill(getVectorSchemaRoot());
    } catch (VitessBeamException e) {
      failure = table.broken(e);
      throw failure;
    } catch (IOException e) {
      failure = DuckDbSession.broken("Reading " + table.name(), e);
      throw failure;
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private boolean fill(VectorSchemaRoot root) throws IOException {
    if (vectors == null) {
      vectors =
          root.getFieldVectors().stream()
              .map(VarCharVector.class::cast)
              .toArray(VarCharVector[]::new);
    }
    int most = Math.max(1, Math.min(BATCH_ROWS, BATCH_VALUES / vectors.length));
    for (VarCharVector vector : vectors) {
      // New memory: what the batch before has may still be looked at.
      vector.clear();
      vector.setInitialCapacity(most, 16);
      vector.allocateNew();
    }
    int rows = 0;
    int batchBytes = 0;
    while (rows < most && batchBytes < BATCH_BYTES && lines.next()) {
      byte[] line = lines.line();
      batchBytes += line.length;
      add(line, rows);
      for (int i = 0; i < table.partitions().size(); i++) {
        byte[] value = lines.value(i + 1);
        if (value != null) {
          vectors[strings.length + i].setSafe(rows, value);
        }
      }
      rows++;
    }
    root.setRowCount(rows);
    bytes += batchBytes;
    return rows > 0;
  }

  private void add(byte[] json, int row) {
    members.read(json);
    keys.begin();
    for (int i = 0; i < members.count(); i++) {
      int key = keys.number(json, members.keyBegin(i), members.keyEnd(i));
      int begin = members.valueBegin(i);
      int end = members.valueEnd(i);
      if (strings[key] && json[begin] == '"') {
        addString(json, begin + 1, end - 1, vectors[key], row);
      } else if (JsonTable.Kind.of(json, begin, end) != JsonTable.Kind.NULL) {
        vectors[key].setSafe(row, json, begin, end - begin);
      }
    }
  }

  private static void addString(byte[] json, int begin, int end, VarCharVector to, int row) {
    if (JsonStrings.isEscaped(json, begin, end)) {
      to.setSafe(row, JsonStrings.of(json, begin, end).getBytes(StandardCharsets.UTF_8));
    } else {
      to.setSafe(row, json, begin, end - begin);
    }
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  protected void closeReadSource() {
    lines.close();
  }

  @Override
  protected Schema readSchema() {
    return new Schema(
        IntStream.range(0, table.keys().size() + table.partitions().size())
            .mapToObj(i -> Field.nullable("c" + i, ArrowType.Utf8.INSTANCE))
            .toList());
  }
}
