package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.SqlText;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the tables of a load, 47 characters at most. They hold the digest of run and table,
 * and the mark of the plan by which the table is read: one that is read anew is staged anew.
 */
public record LoadNames(String digest, String mark) {

  /** Added to the staged rows: their number, unique and in the order in which they were read. */
  public static final String ROW = "_vitessbeam_row";

  /** Added to the staged rows: how many bytes they have, so that transactions stay small. */
  public static final String BYTES = "_vitessbeam_bytes";

  public static final String CHUNK = "_vitessbeam_chunk";

  private static final String PREFIX = "_vitessbeam_";
  private static final Pattern OF_LOADS =
      Pattern.compile(
          PREFIX + "(?:staging|ledger|shaped|old|bounds\\d)_([0-9a-f]{16})_[0-9a-f]{8}");

  /** The columns take the place of rows, so they can't be of a source. */
  public static boolean isReserved(String column) {
    return isAdded(column.toLowerCase(Locale.ROOT)) || column.equalsIgnoreCase(CHUNK);
  }

  /** Whether a column of a staging table is none of the source's. */
  public static boolean isAdded(String column) {
    return column.equals(ROW) || column.equals(BYTES);
  }

  /**
   * Passes if a server can hold a name: MySQL's dictionary has three bytes a character.
   *
   * @param what it names, for the message
   * @throws ConfigurationException with the name
   */
  public static void requireHeld(String what, String name) {
    if (name.codePoints().anyMatch(point -> point > Character.MAX_VALUE)) {
      throw new ConfigurationException(
          "The name of %s, %s, has a character above U+FFFF, which MySQL makes a question mark in a name; choose another name"
              .formatted(what, name));
    }
  }

  public String staging() {
    return of("staging");
  }

  public String ledger() {
    return of("ledger");
  }

  /** The rows without duplicates, as they are to be published. */
  public String shaped() {
    return of("shaped");
  }

  /** The former target. */
  String old() {
    return of("old");
  }

  public String bounds(int number) {
    return of("bounds" + number);
  }

  private String of(String kind) {
    return PREFIX + kind + "_" + digest + "_" + mark;
  }

  /** The digest of the load that a table is of, if it is of one. */
  static Optional<String> digestOf(String table) {
    Matcher matcher = OF_LOADS.matcher(table);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  public static String quoted(String name) {
    return SqlText.identifier(name);
  }
}
