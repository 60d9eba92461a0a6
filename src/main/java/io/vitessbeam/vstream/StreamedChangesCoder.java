package io.vitessbeam.vstream;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.StreamPositionCoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * The bytes of changes that wait in a runner's state. Deterministic. They begin with the number of
 * their form, so that a later version knows what an older one saved.
 */
public final class StreamedChangesCoder extends AtomicCoder<StreamedChanges> {

  private static final long serialVersionUID = 1L;

  private static final int FORM = 1;

  private final BlockCoder blocks = BlockCoder.of();

  private StreamedChangesCoder() {}

  public static StreamedChangesCoder of() {
    return new StreamedChangesCoder();
  }

  @Override
  public void encode(StreamedChanges changes, OutputStream out) throws IOException {
    out.write(FORM);
    VarInt.encode(changes.plan(), out);
    StringUtf8Coder.of().encode(changes.shard(), out);
    StreamPositionCoder.of().encode(changes.after(), out);
    VarInt.encode(changes.commitMillis(), out);
    VarInt.encode(changes.timeMillis(), out);
    StringUtf8Coder.of().encode(changes.outdated(), out);
    VarInt.encode(changes.blocks().size(), out);
    for (Block block : changes.blocks()) {
      blocks.encode(block, out);
    }
  }

  @Override
  public StreamedChanges decode(InputStream in) throws IOException {
    int form = in.read();
    if (form < 0) {
      throw new EOFException("changes of a stream end before they begin");
    }
    if (form != FORM) {
      throw new CoderException("changes of a stream of the unknown form " + form);
    }
    long plan = VarInt.decodeLong(in);
    String shard = StringUtf8Coder.of().decode(in);
    StreamPosition after = StreamPositionCoder.of().decode(in);
    long commitMillis = VarInt.decodeLong(in);
    long timeMillis = VarInt.decodeLong(in);
    String outdated = StringUtf8Coder.of().decode(in);
    int count = VarInt.decodeInt(in);
    List<Block> decoded = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      decoded.add(blocks.decode(in));
    }
    return new StreamedChanges(plan, shard, decoded, after, commitMillis, timeMillis, outdated);
  }

  /** Runners keep coders in Java's form beside their state; a record has no version there. */
  private record Saved() implements Serializable {
    private Object readResolve() {
      return of();
    }
  }

  private Object writeReplace() {
    return new Saved();
  }
}
