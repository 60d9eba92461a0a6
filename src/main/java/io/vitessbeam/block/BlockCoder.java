package io.vitessbeam.block;

import io.vitessbeam.schema.TableSchema;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Writes a block as its schema (about a kilobyte for a block of hundreds), its origin and its rows.
 * Deterministic. Schemas are kept per coder, so that the blocks of a table share one.
 */
public final class BlockCoder extends AtomicCoder<Block> {

  private static final long serialVersionUID = 1L;

  /** A run reads few tables; past this many schemas the cache starts anew. */
  private static final int CACHED_SCHEMAS = 1000;

  private transient Map<TableSchema, byte[]> encoded = new ConcurrentHashMap<>();
  private transient Map<ByteBuffer, TableSchema> decoded = new ConcurrentHashMap<>();

  private BlockCoder() {}

  public static BlockCoder of() {
    return new BlockCoder();
  }

  @Override
  public void encode(Block block, OutputStream out) throws IOException {
    encodeBytes(schemaBytes(block.schema()), out);
    Origin origin = block.origin();
    VarInt.encode(origin.plan(), out);
    VarInt.encode(origin.range(), out);
    VarInt.encode(origin.ranges(), out);
    VarInt.encode(origin.sequence(), out);
    VarInt.encode(origin.rangeRows(), out);
    encodeBytes(origin.shard().getBytes(StandardCharsets.UTF_8), out);
    VarInt.encode(origin.leftOut(), out);
    VarInt.encode(block.rows(), out);
    VarInt.encode(block.length(), out);
    out.write(block.bytes(), 0, block.length());
    RowMarksCoder.encode(block.marks(), block.rows(), out);
  }

  @Override
  public Block decode(InputStream in) throws IOException {
    TableSchema schema = schema(decodeBytes(in));
    Origin origin =
        new Origin(
            VarInt.decodeLong(in),
            VarInt.decodeInt(in),
            VarInt.decodeInt(in),
            VarInt.decodeLong(in),
            VarInt.decodeLong(in),
            new String(decodeBytes(in), StandardCharsets.UTF_8),
            VarInt.decodeLong(in));
    int rows = VarInt.decodeInt(in);
    byte[] bytes = decodeBytes(in);
    return new Block(schema, origin, rows, bytes, bytes.length, RowMarksCoder.decode(rows, in));
  }

  private byte[] schemaBytes(TableSchema schema) {
    if (encoded.size() > CACHED_SCHEMAS) {
      encoded.clear();
    }
    return encoded.computeIfAbsent(schema, TableSchemaCoder::encode);
  }

  private TableSchema schema(byte[] bytes) throws IOException {
    ByteBuffer key = ByteBuffer.wrap(bytes);
    TableSchema schema = decoded.get(key);
    if (schema == null) {
      if (decoded.size() > CACHED_SCHEMAS) {
        decoded.clear();
      }
      schema = TableSchemaCoder.decode(bytes);
      decoded.put(key, schema);
    }
    return schema;
  }

  private static void encodeBytes(byte[] bytes, OutputStream out) throws IOException {
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  private static byte[] decodeBytes(InputStream in) throws IOException {
    int length = VarInt.decodeInt(in);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a block ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** Runners keep coders in Java's form beside their state; a record has no version there. */
  private record Saved() implements Serializable {
    private Object readResolve() {
      return new BlockCoder();
    }
  }

  private Object writeReplace() {
    return new Saved();
  }
}
