package io.vitessbeam.write.mysql.staging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What MySQL's JSON does not hold, and would change without a word: of a key that comes twice it
 * keeps one value, and of a number that is no integer of 64 bits the nearest double.
 */
final class JsonFit {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = new BigDecimal("18446744073709551615");

  /** Decimal digits that are the same after a journey through a double. */
  private static final int SAFE_DIGITS = 15;

  /** Digits that tell all doubles apart. */
  private static final int MOST_DIGITS = 17;

  private JsonFit() {}

  /** Why a document would not stay as it is, as a clause; what is no JSON is left to MySQL. */
  static Optional<String> misfit(byte[] bytes, int offset, int length) {
    Deque<Set<String>> keys = new ArrayDeque<>();
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      JsonToken token = parser.nextToken();
      for (; token != null; token = parser.nextToken()) {
        switch (token) {
          case START_OBJECT -> keys.push(new HashSet<>());
          case END_OBJECT -> keys.pop();
          case FIELD_NAME -> {
            if (!keys.getFirst().add(parser.currentName())) {
              return Optional.of(
                  "has the key '%s' twice, of which MySQL's JSON keeps one"
                      .formatted(parser.currentName()));
            }
          }
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            if (!isHeld(parser.getText(), token == JsonToken.VALUE_NUMBER_INT)) {
              return Optional.of(
                  "has the number %s, which MySQL's JSON would round".formatted(parser.getText()));
            }
          }
          default -> {}
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isHeld(String text, boolean integer) {
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    if (integer && number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0) {
      return true;
    }
    double nearest = Double.parseDouble(text);
    int digits = number.precision();
    if (nearest == 0 || !Double.isFinite(nearest) || digits > MOST_DIGITS) {
      return number.signum() == 0;
    }
    boolean exact = digits <= SAFE_DIGITS && Math.abs(nearest) >= Double.MIN_NORMAL;
    return (exact || isShortest(number, digits, nearest)) && JsonDouble.read(text) == nearest;
  }

  /** MySQL prints a double with the fewest digits that tell it apart. */
  private static boolean isShortest(BigDecimal number, int digits, double nearest) {
    return rounded(nearest, digits).compareTo(number) == 0
        && (digits == 1 || rounded(nearest, digits - 1).doubleValue() != nearest);
  }

  private static BigDecimal rounded(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits));
  }
}
