package io.vitessbeam.vstream.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;

/**
 * The images of one changed row within the bytes of a response: slices, no copies. Used again for
 * every row.
 *
 * @see <a href="https://github.com/vitessio/vitess/blob/main/proto/binlogdata.proto">RowChange</a>
 */
public final class RowImages {

  /** The values of a row, as {@code query.Row} holds them. */
  public static final class Image {

    private boolean present;
    private int columns;
    private int[] lengths = new int[32];
    private int[] offsets = new int[32];

    public boolean isPresent() {
      return present;
    }

    public int columns() {
      return columns;
    }

    /** Length of a value, -1 if it is NULL. */
    public int length(int column) {
      return lengths[column];
    }

    public int offset(int column) {
      return offsets[column];
    }

    private void clear() {
      present = false;
      columns = 0;
    }

    private void read(int base, CodedInputStream in) throws IOException {
      present = true;
      columns = 0;
      int size = in.readRawVarint32();
      int limit = in.pushLimit(size);
      int valuesAt = 0;
      int valuesLength = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        if (field == LENGTHS && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
          add(in.readSInt64());
        } else if (field == LENGTHS) {
          int packed = in.pushLimit(in.readRawVarint32());
          while (in.getBytesUntilLimit() > 0) {
            add(in.readSInt64());
          }
          in.popLimit(packed);
        } else if (field == VALUES) {
          valuesLength = in.readRawVarint32();
          valuesAt = base + in.getTotalBytesRead();
          in.skipRawBytes(valuesLength);
        } else {
          in.skipField(tag);
        }
      }
      in.popLimit(limit);
      long at = valuesAt;
      for (int i = 0; i < columns; i++) {
        offsets[i] = (int) at;
        at += Math.max(0, lengths[i]);
      }
      if (at != valuesAt + (long) valuesLength) {
        throw new IOException("the lengths of a row don't fit its values");
      }
    }

    private void add(long length) throws IOException {
      if (length < -1 || length > Integer.MAX_VALUE) {
        throw new IOException("a value has the length " + length);
      }
      if (columns == lengths.length) {
        lengths = Arrays.copyOf(lengths, 2 * columns);
        offsets = Arrays.copyOf(offsets, 2 * columns);
      }
      lengths[columns++] = (int) length;
    }
  }

  private static final int BEFORE = 1;
  private static final int AFTER = 2;
  private static final int DATA_COLUMNS = 3;
  private static final int JSON_PARTIAL_VALUES = 4;
  private static final int LENGTHS = 1;
  private static final int VALUES = 2;
  private static final int BITMAP_COLUMNS = 2;

  private final Image before = new Image();
  private final Image after = new Image();
  private byte[] bytes;
  private byte[] dataColumns;
  private byte[] jsonPartialValues;

  /** Reads a {@code RowChange}, up to the limit of the input, which begins at {@code base}. */
  void read(byte[] response, int base, CodedInputStream in) throws IOException {
    bytes = response;
    before.clear();
    after.clear();
    dataColumns = null;
    jsonPartialValues = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case BEFORE -> before.read(base, in);
        case AFTER -> after.read(base, in);
        case DATA_COLUMNS -> dataColumns = bitmap(in);
        case JSON_PARTIAL_VALUES -> jsonPartialValues = bitmap(in);
        default -> in.skipField(tag);
      }
    }
  }

  private static byte[] bitmap(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    byte[] bits = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == BITMAP_COLUMNS) {
        bits = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return bits;
  }

  /** The array that the images are slices of. */
  public byte[] bytes() {
    return bytes;
  }

  public Image before() {
    return before;
  }

  public Image after() {
    return after;
  }

  /** Whether the after image lacks columns, see {@link #isInAfter}. */
  public boolean isPartial() {
    return dataColumns != null && dataColumns.length > 0;
  }

  /** Whether the after image has a column; the bits come least significant first. */
  public boolean isInAfter(int column) {
    return !isPartial() || isSet(dataColumns, column);
  }

  /** Whether the nth JSON column of the after image is a difference, or is unchanged. */
  public boolean isPartialJson(int jsonColumn) {
    return jsonPartialValues != null && isSet(jsonPartialValues, jsonColumn);
  }

  private static boolean isSet(byte[] bits, int index) {
    return index >> 3 < bits.length && (bits[index >> 3] >> (index & 7) & 1) != 0;
  }
}
