package io.vitessbeam.write.adapt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be done to the values of a column that is not to be seen as it is; named as in ingestr.
 */
public enum MaskFunction {
  HASH(Parameter.NOTHING, "", ""),
  SHA256(Parameter.NOTHING, "", ""),
  MD5(Parameter.NOTHING, "", ""),
  HMAC(Parameter.TEXT, "key", ""),
  UUID(Parameter.NOTHING, "", ""),
  EMAIL(Parameter.NOTHING, "", ""),
  PHONE(Parameter.NOTHING, "", ""),
  CREDIT_CARD(Parameter.NOTHING, "", ""),
  SSN(Parameter.NOTHING, "", ""),
  REDACT(Parameter.NOTHING, "", ""),
  STARS(Parameter.NOTHING, "", ""),
  FIXED(Parameter.TEXT, "text", "MASKED"),
  PARTIAL(Parameter.COUNT, "characters", "2"),
  FIRST_LETTER(Parameter.NOTHING, "", ""),
  RANDOM(Parameter.NOTHING, "", ""),
  ROUND(Parameter.NUMBER, "step", ""),
  RANGE(Parameter.NUMBER, "width", ""),
  NOISE(Parameter.NUMBER, "part", "0.1"),
  DATE_SHIFT(Parameter.COUNT, "days", "30"),
  YEAR_ONLY(Parameter.NOTHING, "", ""),
  MONTH_YEAR(Parameter.NOTHING, "", "");

  /** What a parameter has to be. */
  enum Parameter {
    NOTHING,
    TEXT,
    COUNT,
    NUMBER
  }

  private final Parameter needs;
  private final String parameterName;
  private final String defaultParameter;

  MaskFunction(Parameter needs, String parameterName, String defaultParameter) {
    this.needs = needs;
    this.parameterName = parameterName;
    this.defaultParameter = defaultParameter;
  }

  static Optional<MaskFunction> named(String text) {
    return Arrays.stream(values()).filter(function -> function.text().equals(text)).findFirst();
  }

  /** As users write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  Parameter needs() {
    return needs;
  }

  String parameterName() {
    return parameterName;
  }

  /** Empty if there is none. */
  String defaultParameter() {
    return defaultParameter;
  }

  /** Whether two values stay two, so that a key can be masked so. */
  boolean keepsApart() {
    return switch (this) {
      case HASH, SHA256, MD5, HMAC, UUID -> true;
      default -> false;
    };
  }
}
