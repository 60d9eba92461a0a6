package io.vitessbeam.schema.stream;

import io.vitessbeam.schema.CharacterSets;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The value of an ENUM or a SET: VStream's copy sends it in the column's character set, its stream
 * in UTF-8. Where that is not the same, the labels tell which of the two it is.
 */
final class LabelText {

  private static final CharacterSets.Decoder UTF_8 = CharacterSets.named("utf8mb4");

  private final Set<String> labels;
  private final boolean set;
  private final CharacterSets.Decoder own;
  private final boolean copy;

  /**
   * Values of one column.
   *
   * @param set whether a value may be several labels with commas between them
   * @param own decoder of the column's character set
   */
  LabelText(List<String> labels, boolean set, CharacterSets.Decoder own, boolean copy) {
    this.labels = new HashSet<>(labels);
    this.set = set;
    this.own = own;
    this.copy = copy;
  }

  /**
   * The value in UTF-8.
   *
   * @throws CharacterCodingException if the bytes are no text in the form that was to be expected
   * @throws IllegalArgumentException if they are none of the labels
   */
  byte[] of(byte[] bytes, int offset, int length) throws CharacterCodingException {
    boolean isOwn = isLabel(own, bytes, offset, length);
    boolean isUtf8 = isLabel(UTF_8, bytes, offset, length);
    if (isUtf8 && !(copy && isOwn)) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
    // A label of the copy may be one that information_schema can't print.
    if (isOwn || copy) {
      return own.decode(bytes, offset, length).getBytes(StandardCharsets.UTF_8);
    }
    throw new IllegalArgumentException(
        "'" + UTF_8.decode(bytes, offset, length) + "' is none of its labels");
  }

  private boolean isLabel(CharacterSets.Decoder decoder, byte[] bytes, int offset, int length) {
    try {
      String text = decoder.decode(bytes, offset, length);
      return text.isEmpty()
          || labels.contains(text)
          || (set && labels.containsAll(List.of(text.split(",", -1))));
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
