package io.vitessbeam.schema;

import io.vitessbeam.DataException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** MySQL's character sets, by their MySQL names. */
final class CharacterSets {

  private CharacterSets() {}

  /** Reads text of one character set. For any thread. */
  interface Decoder {

    /**
     * The text of some bytes.
     *
     * @throws CharacterCodingException if they are none in the character set
     */
    String decode(byte[] bytes, int offset, int length) throws CharacterCodingException;
  }

  /** Whether the bytes of the character set's texts are those of UTF-8. */
  static boolean isUtf8(String name) {
    return switch (name) {
      case "utf8mb4", "utf8mb3", "utf8", "ascii", "binary" -> true;
      default -> false;
    };
  }

  /**
   * The decoder of a character set.
   *
   * @throws DataException if it is unknown
   */
  static Decoder named(String name) {
    return of(
        switch (name) {
          case "utf8mb4", "utf8mb3", "utf8" -> StandardCharsets.UTF_8;
          case "latin1" -> Charset.forName("windows-1252");
          case "utf16", "ucs2" -> StandardCharsets.UTF_16BE;
          case "sjis", "cp932" -> Charset.forName("windows-31j");
          default -> throw new DataException("The character set " + name + " is not supported");
        });
  }

  private static Decoder of(Charset charset) {
    return (bytes, offset, length) -> {
      CharBuffer text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, offset, length));
      return text.toString();
    };
  }
}
