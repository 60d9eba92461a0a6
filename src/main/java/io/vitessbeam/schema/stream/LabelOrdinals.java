package io.vitessbeam.schema.stream;

import io.vitessbeam.schema.WireNumbers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The values of an ENUM or a SET whose numbers the stream sends instead of their labels, as Vitess
 * did before version 20.
 */
final class LabelOrdinals {

  private final byte[][] labels;

  LabelOrdinals(List<String> labels) {
    this.labels =
        labels.stream().map(label -> label.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  /** The label of an index that counts from 1; 0 is the empty value of an invalid one. */
  byte[] ofEnum(byte[] bytes, int offset, int length) {
    long index = WireNumbers.parseUnsignedLong(bytes, offset, length);
    if (index < 0 || index > labels.length) {
      throw new NumberFormatException(
          "it has "
              + labels.length
              + " labels, none of the number "
              + Long.toUnsignedString(index));
    }
    return index == 0 ? new byte[0] : labels[(int) index - 1].clone();
  }

  /** The labels of the bits of a mask, joined by commas. */
  byte[] ofSet(byte[] bytes, int offset, int length) {
    long mask = WireNumbers.parseUnsignedLong(bytes, offset, length);
    int highest = Long.SIZE - Long.numberOfLeadingZeros(mask);
    if (highest > labels.length) {
      throw new NumberFormatException(
          "it has " + labels.length + " members, none of the number " + highest);
    }
    int size = -1;
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      size += labels[Long.numberOfTrailingZeros(rest)].length + 1;
    }
    byte[] value = new byte[Math.max(size, 0)];
    int at = 0;
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      if (at > 0 || rest != mask) {
        value[at++] = ',';
      }
      byte[] label = labels[Long.numberOfTrailingZeros(rest)];
      System.arraycopy(label, 0, value, at, label.length);
      at += label.length;
    }
    return value;
  }
}
