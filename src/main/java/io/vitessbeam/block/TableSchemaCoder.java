package io.vitessbeam.block;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a {@link TableSchema}: equal schemas give equal bytes. */
final class TableSchemaCoder {

  private TableSchemaCoder() {}

  static byte[] encode(TableSchema schema) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(schema.keyspace());
      out.writeUTF(schema.table());
      out.writeInt(schema.columns().size());
      for (Column column : schema.columns()) {
        out.writeUTF(column.name());
        out.writeBoolean(column.nullable());
        encode(column.type(), out);
      }
      encode(schema.primaryKey(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static TableSchema decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    String keyspace = in.readUTF();
    String table = in.readUTF();
    int count = in.readInt();
    List<Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      boolean nullable = in.readBoolean();
      columns.add(new Column(name, decodeType(in), nullable));
    }
    return new TableSchema(keyspace, table, columns, decodeStrings(in));
  }

  private static void encode(ColumnType type, DataOutputStream out) throws IOException {
    out.writeUTF(type.base().name());
    out.writeBoolean(type.unsigned());
    out.writeLong(type.length());
    out.writeInt(type.scale());
    encode(type.labels(), out);
    out.writeBoolean(type.zeroAsNull());
  }

  private static ColumnType decodeType(DataInputStream in) throws IOException {
    return new ColumnType(
        MysqlType.valueOf(in.readUTF()),
        in.readBoolean(),
        in.readLong(),
        in.readInt(),
        decodeStrings(in),
        in.readBoolean());
  }

  private static void encode(List<String> strings, DataOutputStream out) throws IOException {
    out.writeInt(strings.size());
    for (String string : strings) {
      out.writeUTF(string);
    }
  }

  private static List<String> decodeStrings(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<String> strings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      strings.add(in.readUTF());
    }
    return strings;
  }
}
