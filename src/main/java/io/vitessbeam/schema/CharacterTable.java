package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A character set of one to three bytes a character as a tree of tables: those of one of Java's
 * charsets, changed where MySQL reads them otherwise. For any thread.
 */
final class CharacterTable implements CharacterSets.Decoder {

  /** No character has this number. */
  private static final char NONE = '\uffff';

  private static final int MOST_BYTES = 3;

  private final char[] characters = new char[256];
  private final CharacterTable[] longer = new CharacterTable[256];

  private CharacterTable() {
    Arrays.fill(characters, NONE);
  }

  /**
   * Makes the tables.
   *
   * @param base name of Java's charset
   * @param changes {@code A1=02BD} a character, {@code A1-FE=E000} characters of consecutive
   *     numbers, whose last byte alone differs, {@code A1-FE=} none
   * @param checksum of the tables that come out, since versions of Java differ, too
   */
  static CharacterTable of(String base, List<String> changes, String checksum) {
    CharsetDecoder decoder =
        Charset.forName(base)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharacterTable table = new CharacterTable();
    table.fill(decoder, new byte[MOST_BYTES], 0);
    changes.forEach(table::change);
    CRC32 sum = new CRC32();
    table.addTo(sum);
    if (!HexFormat.of().toHexDigits((int) sum.getValue()).equals(checksum)) {
      throw new ConfigurationException(
          "The charset "
              + base
              + " of Java "
              + Runtime.version()
              + " has other characters than expected ("
              + HexFormat.of().toHexDigits((int) sum.getValue())
              + "); run with Java 17, or exclude the columns with this character set");
    }
    return table;
  }

  private void fill(CharsetDecoder decoder, byte[] bytes, int depth) {
    // Only these begin a character of three bytes, all of them in EUC.
    boolean deeper = depth == 0 || (depth == 1 && (bytes[0] & 0xff) == 0x8f);
    for (int b = 0; b < 256; b++) {
      bytes[depth] = (byte) b;
      try {
        CharBuffer text = decoder.reset().decode(ByteBuffer.wrap(bytes, 0, depth + 1));
        characters[b] = text.length() == 1 ? text.get(0) : NONE;
      } catch (CharacterCodingException e) {
        if (deeper && b >= 0x80) {
          CharacterTable table = new CharacterTable();
          table.fill(decoder, bytes, depth + 1);
          longer[b] = table.isEmpty() ? null : table;
        }
      }
    }
  }

  private boolean isEmpty() {
    for (int b = 0; b < 256; b++) {
      if (characters[b] != NONE || longer[b] != null) {
        return false;
      }
    }
    return true;
  }

  private void change(String change) {
    int equals = change.indexOf('=');
    int dash = change.indexOf('-');
    byte[] first = HexFormat.of().parseHex(change.substring(0, dash < 0 ? equals : dash));
    int last = HexFormat.fromHexDigits(change.substring(equals - 2, equals));
    CharacterTable table = this;
    for (int i = 0; i < first.length - 1; i++) {
      int b = first[i] & 0xff;
      if (table.longer[b] == null) {
        table.longer[b] = new CharacterTable();
      }
      table = table.longer[b];
    }
    String target = change.substring(equals + 1);
    int start = first[first.length - 1] & 0xff;
    for (int b = start; b <= last; b++) {
      table.characters[b] =
          target.isEmpty() ? NONE : (char) (HexFormat.fromHexDigits(target) + b - start);
    }
  }

  private void addTo(CRC32 sum) {
    for (int b = 0; b < 256; b++) {
      sum.update(characters[b] >> 8);
      sum.update(characters[b]);
      if (longer[b] != null) {
        longer[b].addTo(sum);
      }
    }
  }

  @Override
  public String decode(byte[] bytes, int offset, int length) throws CharacterCodingException {
    char[] text = new char[length];
    int size = 0;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      int first = i;
      CharacterTable table = this;
      int b = bytes[i] & 0xff;
      while (table.characters[b] == NONE) {
        table = table.longer[b];
        if (table == null || ++i == end) {
          throw new MalformedInputException(i - first);
        }
        b = bytes[i] & 0xff;
      }
      text[size++] = table.characters[b];
    }
    return new String(text, 0, size);
  }
}
