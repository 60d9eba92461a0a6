package io.vitessbeam.write;

import io.vitessbeam.DataException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;

/**
 * Two keys that differ and that a table of a destination takes for one. The rule is the same
 * everywhere: keys are the same if they are equal byte for byte, numbers by value, and a
 * destination that can't hold two of them apart gets neither.
 */
public final class IndistinctKeys {

  private IndistinctKeys() {}

  /**
   * Two rows of a load that would become one.
   *
   * @param columns names of the key's columns
   * @param first values of one, as text
   * @param where the columns of the destination that can't tell them apart, and how they compare
   * @param remedy what to do
   */
  public static DataException ofLoad(
      String table,
      List<String> columns,
      String first,
      String second,
      String where,
      String remedy) {
    return new DataException(
        "%s is not published: rows come with the keys (%s) = (%s) and (%s), which are two keys, and one for %s: %s"
            .formatted(
                table,
                String.join(", ", columns),
                shown(first, second),
                shown(second, first),
                where,
                remedy));
  }

  /**
   * A row of a load that would take the place of another key's row.
   *
   * @param staged the key that comes
   * @param present the key of the row that is there
   */
  public static DataException ofTable(
      String table,
      List<String> columns,
      String staged,
      String present,
      String where,
      String remedy) {
    return new DataException(
        "%s is not published: a row comes with the key (%s) = (%s), the table has one with (%s), which is another key, and the same for %s: %s"
            .formatted(
                table,
                String.join(", ", columns),
                shown(staged, present),
                shown(present, staged),
                where,
                remedy));
  }

  /** With its bytes, where both look the same. */
  private static String shown(String key, String other) {
    boolean alike =
        Normalizer.normalize(key, Normalizer.Form.NFKC)
            .equals(Normalizer.normalize(other, Normalizer.Form.NFKC));
    return alike
        ? key + " = 0x" + HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8))
        : key;
  }
}
