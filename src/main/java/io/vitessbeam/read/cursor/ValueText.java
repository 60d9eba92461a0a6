package io.vitessbeam.read.cursor;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;

/**
 * How the text of a value, as a source other than MySQL prints it, becomes what MySQL prints. What
 * MySQL's type can't hold is an error, never another value.
 *
 * <p>Values are changed where they stand, and never become longer. One call per value: nothing is
 * allocated unless it fails.
 */
public enum ValueText {
  /** As it is. */
  PLAIN {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      return length;
    }
  },
  /** Neither NaN nor infinite, and no more digits than the column has. */
  DECIMAL {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      return Numbers.decimal(bytes, offset, length, type);
    }
  },
  /** Neither NaN nor infinite. */
  FLOATING {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      byte last = bytes[offset + length - 1];
      if (!isDigit(last)) {
        throw new DataException("MySQL's numbers are neither NaN nor infinite");
      }
      return length;
    }
  },
  /** {@code YYYY-MM-DD}. */
  DATE {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      if (length != 10 || bytes[offset + 4] != '-' || !isDigit(bytes[offset + 9])) {
        throw notInCalendar();
      }
      return length;
    }
  },
  /** {@code YYYY-MM-DD hh:mm:ss[.ffffff]}. */
  DATETIME {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      if (length < 19
          || bytes[offset + 4] != '-'
          || bytes[offset + 10] != ' '
          || bytes[offset + 13] != ':'
          || !isDigit(bytes[offset + length - 1])) {
        throw notInCalendar();
      }
      return 19 + Numbers.fraction(bytes, offset + 19, length - 19);
    }
  },
  /** The same with the zone UTC behind it, which goes away. */
  TIMESTAMP {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      int end = offset + length;
      if (length < 3 || bytes[end - 3] != '+' || bytes[end - 2] != '0' || bytes[end - 1] != '0') {
        throw notInCalendar();
      }
      return DATETIME.accept(bytes, offset, length - 3, type);
    }
  },
  /** {@code hh:mm:ss[.ffffff]}. */
  TIME {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      if (length < 8 || bytes[offset + 2] != ':' || bytes[offset + 5] != ':') {
        throw new DataException("it is not a time of day");
      }
      return 8 + Numbers.fraction(bytes, offset + 8, length - 8);
    }
  },
  /** Without the numbers NaN and Infinity, which JSON doesn't have. */
  JSON {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      boolean quoted = false;
      for (int i = offset; i < offset + length; i++) {
        byte c = bytes[i];
        if (c == '"') {
          quoted = !quoted;
        } else if (c == '\\' && quoted) {
          i++;
        } else if (!quoted && (c == 'N' || c == 'I')) {
          throw new DataException("JSON's numbers are neither NaN nor infinite");
        }
      }
      return length;
    }
  },
  /** {@code \x00ff}: bytes in hexadecimal. */
  HEX {
    @Override
    int accept(byte[] bytes, int offset, int length, ColumnType type) {
      if (length < 2 || length % 2 != 0 || bytes[offset] != '\\' || bytes[offset + 1] != 'x') {
        throw new DataException("it is not in hexadecimal");
      }
      int to = offset;
      for (int from = offset + 2; from < offset + length; from += 2) {
        bytes[to++] =
            (byte) (Character.digit(bytes[from], 16) << 4 | Character.digit(bytes[from + 1], 16));
      }
      return to - offset;
    }
  };

  /**
   * Makes MySQL's text of a value.
   *
   * @return the length that the value has now, at the same offset
   * @throws DataException with a clause that says why MySQL can't hold it
   */
  abstract int accept(byte[] bytes, int offset, int length, ColumnType type);

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static DataException notInCalendar() {
    return new DataException("MySQL has dates of the years 0 to 9999 only");
  }

  /** Digits that don't count are dropped; others that have no place are an error. */
  private static final class Numbers {

    static int decimal(byte[] bytes, int offset, int length, ColumnType type) {
      int end = offset + length;
      int i = offset < end && bytes[offset] == '-' ? offset + 1 : offset;
      while (i < end && bytes[i] == '0') {
        i++;
      }
      int digits = i;
      while (i < end && isDigit(bytes[i])) {
        i++;
      }
      if ((i < end && bytes[i] != '.') || !isDigit(bytes[end - 1])) {
        throw new DataException("MySQL's DECIMAL is neither NaN nor infinite");
      }
      int most = end;
      int scale = i + 1 + type.scale();
      while (most > scale && bytes[most - 1] == '0') {
        most--;
      }
      if (i - digits > type.length() - type.scale() || most > scale) {
        throw new DataException(
            "it has more digits than DECIMAL(" + type.length() + ", " + type.scale() + ")");
      }
      // Without a fraction there is no place for a point.
      return Math.min(end, type.scale() == 0 && i < end ? i : most) - offset;
    }

    /** The length of a fraction of a second with its point, six digits at most. */
    static int fraction(byte[] bytes, int offset, int length) {
      int kept = length;
      while (kept > 7 && bytes[offset + kept - 1] == '0') {
        kept--;
      }
      if (kept > 7) {
        throw new DataException("MySQL has no parts of a second below a microsecond");
      }
      return kept;
    }
  }
}
