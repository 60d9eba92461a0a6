package io.vitessbeam.write.adapt;

import java.util.Random;
import java.util.function.IntPredicate;

/** Texts of which a part is shown. A character is a code point. */
final class TextMasks {

  private static final int LAST_DIGITS = 4;

  /** The subscriber's number, behind country and area. */
  private static final int DIGITS_OF_SUBSCRIBER = 7;

  private TextMasks() {}

  /** {@code j******e@example.com}; a text without an at sign is hidden as a whole. */
  static String email(String value) {
    int at = value.lastIndexOf('@');
    if (at < 0) {
      return stars(value);
    }
    String local = value.substring(0, at);
    int characters = local.codePointCount(0, local.length());
    return partial(local, characters > 1 ? 1 : 0, characters > 2 ? 1 : 0) + value.substring(at);
  }

  /** {@code +1-555-***-****}; a number without country or area is hidden as a whole. */
  static String phone(String value) {
    return hideDigits(value, digit -> digit < DIGITS_OF_SUBSCRIBER);
  }

  /** {@code ***-**-6789}; a number of four digits or fewer is hidden as a whole. */
  static String lastFourDigits(String value) {
    boolean longer = value.chars().filter(Character::isDigit).count() > LAST_DIGITS;
    return hideDigits(value, digit -> !longer || digit >= LAST_DIGITS);
  }

  /**
   * Stars for digits, and for letters, which are none of such a number.
   *
   * @param hidden by how many digits stand behind one
   */
  private static String hideDigits(String value, IntPredicate hidden) {
    StringBuilder masked = new StringBuilder(value).reverse();
    int digits = 0;
    for (int i = 0; i < masked.length(); i++) {
      char c = masked.charAt(i);
      if (Character.isDigit(c)) {
        if (hidden.test(digits)) {
          masked.setCharAt(i, '*');
        }
        digits++;
      } else if (Character.isLetter(c)) {
        masked.setCharAt(i, '*');
      }
    }
    return masked.reverse().toString();
  }

  static String stars(String value) {
    return "*".repeat(value.codePointCount(0, value.length()));
  }

  /** Shows some characters at each end; what would be shown as a whole is hidden as a whole. */
  static String partial(String value, int first, int last) {
    int characters = value.codePointCount(0, value.length());
    if (characters <= first + last) {
      return stars(value);
    }
    return value.substring(0, value.offsetByCodePoints(0, first))
        + "*".repeat(characters - first - last)
        + value.substring(value.offsetByCodePoints(value.length(), -last));
  }

  /** Letters and digits for letters and digits; all else stays. */
  static String random(String value, Random random) {
    StringBuilder masked = new StringBuilder();
    value
        .codePoints()
        .map(
            c ->
                Character.isDigit(c)
                    ? '0' + random.nextInt(10)
                    : Character.isUpperCase(c)
                        ? 'A' + random.nextInt(26)
                        : Character.isLetter(c) ? 'a' + random.nextInt(26) : c)
        .forEach(masked::appendCodePoint);
    return masked.toString();
  }
}
