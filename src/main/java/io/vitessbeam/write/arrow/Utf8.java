package io.vitessbeam.write.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks text without decoding it; DuckDB takes the bytes of an Arrow stream on trust. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  static boolean isAscii(byte[] bytes, int offset, int length) {
    return asciiEnd(bytes, offset, offset + length) == offset + length;
  }

  static boolean isValid(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = asciiEnd(bytes, offset, end);
    while (i < end) {
      int first = bytes[i];
      if (first >= 0) {
        i = asciiEnd(bytes, i, end);
        continue;
      }
      int size = size(first & 0xff);
      if (size == 0 || end - i < size || !continues(bytes, i, size)) {
        return false;
      }
      i += size;
    }
    return true;
  }

  /** Index of the first byte that isn't ASCII, else the end. */
  private static int asciiEnd(byte[] bytes, int offset, int end) {
    int i = offset;
    while (end - i >= 8 && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += 8;
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** Bytes of the character that starts with a byte; 0 if none does. */
  private static int size(int first) {
    if (first < 0xc2) {
      return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  }

  private static boolean continues(byte[] bytes, int at, int size) {
    for (int i = at + 1; i < at + size; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return false;
      }
    }
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    // Overlong forms, surrogates and what is past U+10FFFF.
    return switch (first) {
      case 0xe0 -> second >= 0xa0;
      case 0xed -> second < 0xa0;
      case 0xf0 -> second >= 0x90;
      case 0xf4 -> second < 0x90;
      default -> true;
    };
  }
}
