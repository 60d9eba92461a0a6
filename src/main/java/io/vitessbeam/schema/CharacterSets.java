package io.vitessbeam.schema;

import io.vitessbeam.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** MySQL's character sets, by their MySQL names. */
public final class CharacterSets {

  private static final String TABLES = "character-sets.txt";

  /** Decoders never change and are as many as MySQL has character sets. */
  private static final Map<String, Decoder> DECODERS = new ConcurrentHashMap<>();

  private CharacterSets() {}

  /** Reads text of one character set. For any thread. */
  public interface Decoder {

    /**
     * The text of some bytes.
     *
     * @throws CharacterCodingException if they are none in the character set
     */
    String decode(byte[] bytes, int offset, int length) throws CharacterCodingException;
  }

  /** Whether the bytes of all texts are UTF-8 as they are. */
  public static boolean isUtf8(String name) {
    return switch (name) {
      case "utf8mb4", "utf8mb3", "utf8", "ascii", "binary" -> true;
      default -> false;
    };
  }

  /** Whether it has characters of four bytes in UTF-8. */
  public static boolean isBeyondUtf8mb3(String name) {
    return switch (name) {
      case "utf8mb4", "utf16", "utf16le", "utf32", "gb18030" -> true;
      default -> false;
    };
  }

  /**
   * The decoder of a character set.
   *
   * @throws DataException if it is unknown
   */
  public static Decoder named(String name) {
    return DECODERS.computeIfAbsent(name, CharacterSets::make);
  }

  private static Decoder make(String name) {
    return switch (name) {
      case "utf8mb4", "utf8mb3", "utf8" -> of(StandardCharsets.UTF_8);
      case "ascii" -> of(StandardCharsets.US_ASCII);
      case "ucs2", "utf16" -> of(StandardCharsets.UTF_16BE);
      case "utf16le" -> of(StandardCharsets.UTF_16LE);
      case "utf32" -> of(Charset.forName("UTF-32BE"));
      default -> {
        List<String> line =
            line(name)
                .orElseThrow(
                    () ->
                        new DataException(
                            "The character set " + name + " is not supported; exclude the column"));
        List<String> changes = line.subList(3, line.size());
        yield name.equals("gb18030")
            ? gb18030(Charset.forName(line.get(1)), changes)
            : CharacterTable.of(line.get(1), changes, line.get(2));
      }
    };
  }

  /** The words of a character set's line: name, Java's charset, checksum, what is different. */
  private static Optional<List<String>> line(String name) {
    try (InputStream in = CharacterSets.class.getResourceAsStream(TABLES);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(line -> Arrays.asList(line.split(" ")))
          .filter(words -> words.get(0).equals(name))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Decoder of(Charset charset) {
    return (bytes, offset, length) ->
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes, offset, length))
            .toString();
  }

  /**
   * Too large for tables, and Java has all of its characters, of which versions of Java exchange
   * some with private ones; those are changed after decoding.
   */
  private static Decoder gb18030(Charset charset, List<String> changes) {
    Map<Character, Character> exchanged = new HashMap<>();
    for (String change : changes) {
      int equals = change.indexOf('=');
      byte[] bytes = HexFormat.of().parseHex(change.substring(0, equals));
      exchanged.put(
          new String(bytes, charset).charAt(0),
          (char) Integer.parseInt(change.substring(equals + 1), 16));
    }
    Decoder java = of(charset);
    return (bytes, offset, length) -> {
      String text = java.decode(bytes, offset, length);
      StringBuilder changed = new StringBuilder(text);
      for (int i = 0; i < text.length(); i++) {
        changed.setCharAt(i, exchanged.getOrDefault(text.charAt(i), text.charAt(i)));
      }
      return changed.toString();
    };
  }
}
