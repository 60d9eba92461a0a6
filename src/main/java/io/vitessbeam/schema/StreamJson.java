package io.vitessbeam.schema;

import java.util.Arrays;

/**
 * JSON as Vitess rebuilds it from the binary log. Before 24.0.3 it prints a DECIMAL in it without
 * the zero before the point, {@code -.5}, which is not JSON.
 */
final class StreamJson {

  private StreamJson() {}

  /** The document in an array of its own, with the zeros that are missing; else unchanged. */
  static byte[] repair(byte[] bytes, int offset, int length) {
    int missing = missingZeros(bytes, offset, length, null);
    if (missing == 0) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
    byte[] repaired = new byte[length + missing];
    missingZeros(bytes, offset, length, repaired);
    return repaired;
  }

  /** Counts the missing zeros; copies the document with them if there is a target. */
  private static int missingZeros(byte[] bytes, int offset, int length, byte[] target) {
    int missing = 0;
    boolean inText = false;
    byte before = 0;
    for (int i = offset; i < offset + length; i++) {
      byte c = bytes[i];
      if (c == '"') {
        inText = !inText;
      } else if (c == '.' && !inText && (before < '0' || before > '9')) {
        if (target != null) {
          target[i - offset + missing] = '0';
        }
        missing++;
      }
      if (target != null) {
        target[i - offset + missing] = c;
      }
      if (c == '\\' && inText && i + 1 < offset + length) {
        // The escaped byte may be a quote, which then ends nothing.
        i++;
        if (target != null) {
          target[i - offset + missing] = bytes[i];
        }
      }
      before = c;
    }
    return missing;
  }
}
