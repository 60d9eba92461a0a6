package io.vitessbeam.block;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The bytes of {@link RowMarks}; a single zero stands for none. */
final class RowMarksCoder {

  private static final int NONE = 0;
  private static final int COMPLETE = 1;
  private static final int WITH_ABSENT = 2;

  private RowMarksCoder() {}

  static void encode(RowMarks marks, int rows, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    if (marks == null) {
      out.writeByte(NONE);
      return;
    }
    out.writeByte(marks.hasAbsent() ? WITH_ABSENT : COMPLETE);
    for (int row = 0; row < rows; row++) {
      out.writeByte(marks.kind(row).code());
      out.writeLong(marks.rank(row));
      out.writeInt(marks.number(row));
      out.writeInt((int) marks.commitSeconds(row));
      if (marks.hasAbsent()) {
        encode(marks.absent(row), out);
      }
    }
  }

  private static void encode(long[] bits, DataOutputStream out) throws IOException {
    out.writeShort(bits == null ? 0 : bits.length);
    if (bits != null) {
      for (long word : bits) {
        out.writeLong(word);
      }
    }
  }

  static RowMarks decode(int rows, InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int form = in.readUnsignedByte();
    if (form == NONE) {
      return null;
    }
    byte[] kinds = new byte[rows];
    long[] ranks = new long[rows];
    int[] numbers = new int[rows];
    int[] commitSeconds = new int[rows];
    long[][] absent = form == WITH_ABSENT ? new long[rows][] : null;
    for (int row = 0; row < rows; row++) {
      kinds[row] = in.readByte();
      ranks[row] = in.readLong();
      numbers[row] = in.readInt();
      commitSeconds[row] = in.readInt();
      if (absent != null) {
        absent[row] = decodeBits(in);
      }
    }
    return new RowMarks(kinds, ranks, numbers, commitSeconds, absent);
  }

  private static long[] decodeBits(DataInputStream in) throws IOException {
    int words = in.readUnsignedShort();
    if (words == 0) {
      return null;
    }
    long[] bits = new long[words];
    for (int i = 0; i < words; i++) {
      bits[i] = in.readLong();
    }
    return bits;
  }
}
