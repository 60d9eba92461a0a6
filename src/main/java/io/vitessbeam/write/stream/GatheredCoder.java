package io.vitessbeam.write.stream;

import io.vitessbeam.Vgtid.ShardGtid;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * The bytes of {@link Gathered} in a runner's state. Deterministic. They begin with the number of
 * their form, so that a later version knows what an older one saved.
 */
final class GatheredCoder extends AtomicCoder<Gathered> {

  private static final long serialVersionUID = 1L;

  private static final int FORM = 1;

  @Override
  public void encode(Gathered gathered, OutputStream out) throws IOException {
    out.write(FORM);
    VarInt.encode(gathered.plan(), out);
    VarInt.encode(gathered.dueMillis(), out);
    VarInt.encode(gathered.rows(), out);
    VarInt.encode(gathered.bytes(), out);
    VarInt.encode(gathered.shards().size(), out);
    for (Map.Entry<String, Gathered.Applied> shard : new TreeMap<>(gathered.shards()).entrySet()) {
      StringUtf8Coder.of().encode(shard.getKey(), out);
      encode(shard.getValue(), out);
    }
  }

  private static void encode(Gathered.Applied applied, OutputStream out) throws IOException {
    VarInt.encode(applied.blocks(), out);
    StringUtf8Coder.of().encode(applied.gtid(), out);
    out.write(applied.resharded() ? 1 : 0);
    VarInt.encode(applied.successors().size(), out);
    for (ShardGtid successor : applied.successors()) {
      StringUtf8Coder.of().encode(successor.shard(), out);
      StringUtf8Coder.of().encode(successor.gtid(), out);
    }
  }

  @Override
  public Gathered decode(InputStream in) throws IOException {
    int form = in.read();
    if (form < 0) {
      throw new EOFException("what was gathered ends before it begins");
    }
    if (form != FORM) {
      throw new CoderException("what was gathered has the unknown form " + form);
    }
    long plan = VarInt.decodeLong(in);
    long dueMillis = VarInt.decodeLong(in);
    long rows = VarInt.decodeLong(in);
    long bytes = VarInt.decodeLong(in);
    int count = VarInt.decodeInt(in);
    Map<String, Gathered.Applied> shards = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String shard = StringUtf8Coder.of().decode(in);
      shards.put(shard, decodeApplied(in));
    }
    return new Gathered(plan, dueMillis, rows, bytes, shards);
  }

  private static Gathered.Applied decodeApplied(InputStream in) throws IOException {
    long blocks = VarInt.decodeLong(in);
    String gtid = StringUtf8Coder.of().decode(in);
    boolean resharded = in.read() == 1;
    int count = VarInt.decodeInt(in);
    List<ShardGtid> successors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String shard = StringUtf8Coder.of().decode(in);
      successors.add(new ShardGtid(shard, StringUtf8Coder.of().decode(in)));
    }
    return new Gathered.Applied(blocks, gtid, resharded, successors);
  }

  /** Runners keep coders in Java's form beside their state; a record has no version there. */
  private record Saved() implements Serializable {
    private Object readResolve() {
      return new GatheredCoder();
    }
  }

  private Object writeReplace() {
    return new Saved();
  }
}
