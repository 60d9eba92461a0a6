package io.vitessbeam.block;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.beam.sdk.util.VarInt;

/** The bytes of {@link RowMarks}; a single zero stands for none. */
final class RowMarksCoder {

  private static final int NONE = 0;
  private static final int COMPLETE = 1;
  private static final int WITH_ABSENT = 2;

  /** Beside one of the others. */
  private static final int WITH_GTIDS = 4;

  private RowMarksCoder() {}

  static void encode(RowMarks marks, int rows, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    if (marks == null) {
      out.writeByte(NONE);
      return;
    }
    out.writeByte(
        (marks.hasAbsent() ? WITH_ABSENT : COMPLETE) | (marks.hasGtids() ? WITH_GTIDS : 0));
    for (int row = 0; row < rows; row++) {
      out.writeByte(marks.kind(row).code());
      out.writeLong(marks.rank(row));
      out.writeInt(marks.number(row));
      out.writeInt((int) marks.commitSeconds(row));
      if (marks.hasAbsent()) {
        encode(marks.absent(row), out);
      }
    }
    if (marks.hasGtids()) {
      encodeGtids(marks, rows, out);
    }
  }

  /** As runs of rows, each set as what differs from the one before: often the last digits. */
  private static void encodeGtids(RowMarks marks, int rows, DataOutputStream out)
      throws IOException {
    String last = "";
    int row = 0;
    while (row < rows) {
      String gtid = marks.gtid(row) == null ? "" : marks.gtid(row);
      int first = row;
      while (row < rows && gtid.equals(marks.gtid(row) == null ? "" : marks.gtid(row))) {
        row++;
      }
      int common = commonPrefix(last, gtid);
      VarInt.encode(row - first, out);
      VarInt.encode(common, out);
      byte[] rest = gtid.substring(common).getBytes(StandardCharsets.UTF_8);
      VarInt.encode(rest.length, out);
      out.write(rest);
      last = gtid;
    }
  }

  private static int commonPrefix(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int at = 0;
    while (at < most && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String[] decodeGtids(int rows, DataInputStream in) throws IOException {
    String[] gtids = new String[rows];
    String last = "";
    for (int row = 0; row < rows; ) {
      int end = row + VarInt.decodeInt(in);
      String common = last.substring(0, VarInt.decodeInt(in));
      byte[] rest = new byte[VarInt.decodeInt(in)];
      in.readFully(rest);
      last = common + new String(rest, StandardCharsets.UTF_8);
      Arrays.fill(gtids, row, end, last);
      row = end;
    }
    return gtids;
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
    long[][] absent = (form & WITH_ABSENT) != 0 ? new long[rows][] : null;
    for (int row = 0; row < rows; row++) {
      kinds[row] = in.readByte();
      ranks[row] = in.readLong();
      numbers[row] = in.readInt();
      commitSeconds[row] = in.readInt();
      if (absent != null) {
        absent[row] = decodeBits(in);
      }
    }
    String[] gtids = (form & WITH_GTIDS) != 0 ? decodeGtids(rows, in) : null;
    return new RowMarks(kinds, ranks, numbers, commitSeconds, absent, gtids);
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
