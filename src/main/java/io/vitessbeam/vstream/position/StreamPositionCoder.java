package io.vitessbeam.vstream.position;

import com.google.protobuf.ByteString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;

/**
 * The bytes of a position in a runner's checkpoint. Deterministic. They begin with the number of
 * their form, so that a later version knows what an older one saved.
 */
public final class StreamPositionCoder extends AtomicCoder<StreamPosition> {

  private static final long serialVersionUID = 1L;

  /** In the stream's own shard. */
  private static final int PLAIN = 1;

  /** With successors. */
  private static final int RESHARDED = 2;

  private static final int COPIED = 1;
  private static final int DONE = 2;

  private static final StreamPositionCoder INSTANCE = new StreamPositionCoder();

  private StreamPositionCoder() {}

  public static StreamPositionCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(StreamPosition position, OutputStream out) throws IOException {
    out.write(position.successors().isEmpty() ? PLAIN : RESHARDED);
    out.write((position.copied() ? COPIED : 0) | (position.done() ? DONE : 0));
    encodeText(position.gtid(), out);
    encodeBytes(position.lastKeys().toByteArray(), out);
    VarInt.encode(position.skip(), out);
    VarInt.encode(position.blocks(), out);
    VarInt.encode(position.rows(), out);
    VarInt.encode(position.broken().size(), out);
    for (Map.Entry<String, String> table : new TreeMap<>(position.broken()).entrySet()) {
      encodeText(table.getKey(), out);
      encodeText(table.getValue(), out);
    }
    if (!position.successors().isEmpty()) {
      encodeSuccessors(position.successors(), out);
    }
  }

  private static void encodeSuccessors(List<Successor> successors, OutputStream out)
      throws IOException {
    VarInt.encode(successors.size(), out);
    for (Successor successor : successors) {
      encodeText(successor.shard(), out);
      encodeText(successor.gtid(), out);
      VarInt.encode(successor.skip(), out);
      VarInt.encode(successor.sinceMillis(), out);
    }
  }

  @Override
  public StreamPosition decode(InputStream in) throws IOException {
    int form = in.read();
    int flags = in.read();
    if (flags < 0) {
      throw new EOFException("a stream's position ends before it begins");
    }
    if ((form != PLAIN && form != RESHARDED) || (flags & ~(COPIED | DONE)) != 0) {
      throw new CoderException("a stream's position of the unknown form " + form + "/" + flags);
    }
    return new StreamPosition(
        decodeText(in),
        ByteString.copyFrom(decodeBytes(in)),
        (flags & COPIED) != 0,
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        decodeBroken(in),
        form == PLAIN ? List.of() : decodeSuccessors(in),
        (flags & DONE) != 0);
  }

  private static Map<String, String> decodeBroken(InputStream in) throws IOException {
    int tables = VarInt.decodeInt(in);
    Map<String, String> broken = new HashMap<>();
    for (int i = 0; i < tables; i++) {
      String table = decodeText(in);
      broken.put(table, decodeText(in));
    }
    return broken;
  }

  private static List<Successor> decodeSuccessors(InputStream in) throws IOException {
    int count = VarInt.decodeInt(in);
    List<Successor> successors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      successors.add(
          new Successor(
              decodeText(in), decodeText(in), VarInt.decodeLong(in), VarInt.decodeLong(in)));
    }
    return successors;
  }

  private static void encodeText(String text, OutputStream out) throws IOException {
    encodeBytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  private static String decodeText(InputStream in) throws IOException {
    return new String(decodeBytes(in), StandardCharsets.UTF_8);
  }

  private static void encodeBytes(byte[] bytes, OutputStream out) throws IOException {
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  private static byte[] decodeBytes(InputStream in) throws IOException {
    int length = VarInt.decodeInt(in);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a position ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** Runners keep coders in Java's form beside their state; a record has no version there. */
  private record Saved() implements Serializable {
    private Object readResolve() {
      return INSTANCE;
    }
  }

  private Object writeReplace() {
    return new Saved();
  }
}
