package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a mask makes of the values of a type: those of this one.
 *
 * @param type of the masked values
 * @param conversion from values of the column's type to them
 */
record MaskedType(ColumnType type, Conversion conversion) {

  private static final int SHA256_DIGITS = 64;
  private static final int MD5_DIGITS = 32;
  private static final int UUID_CHARACTERS = 36;
  private static final int MOST_DIGITS = 65;
  private static final int DIGITS_OF_BIGINT = 20;
  private static final int YEAR_AND_MONTH = 7;

  /** Nothing if the function is not for values of this type. */
  static Optional<MaskedType> of(ColumnMask mask, ColumnType type) {
    return switch (mask.function()) {
      case HASH, SHA256 -> digest(type, "SHA-256", SHA256_DIGITS);
      case MD5 -> digest(type, "MD5", MD5_DIGITS);
      case HMAC ->
          bytesOf(type)
              .map(
                  bytes ->
                      then(bytes, Digests.hmac(mask.parameter().getBytes(UTF_8)), SHA256_DIGITS));
      case UUID -> bytesOf(type).map(bytes -> then(bytes, Digests.uuid(), UUID_CHARACTERS));
      case REDACT -> constant("REDACTED");
      case FIXED -> constant(mask.parameter());
      case EMAIL -> text(type, TextMasks::email);
      case PHONE -> text(type, TextMasks::phone);
      case CREDIT_CARD, SSN -> text(type, TextMasks::lastFourDigits);
      case STARS -> text(type, TextMasks::stars);
      case PARTIAL -> {
        int shown = mask.number().intValueExact();
        yield text(type, value -> TextMasks.partial(value, shown, shown));
      }
      case FIRST_LETTER -> text(type, value -> TextMasks.partial(value, 1, 0));
      case RANDOM -> random(mask, type);
      case ROUND -> number(type, value -> NumberMasks.round(value, mask.number()));
      case NOISE ->
          number(
              type, value -> NumberMasks.noise(value, mask.number(), Digests.chance(mask, value)));
      case RANGE ->
          isNumber(type)
              ? Optional.of(
                  new MaskedType(
                      ColumnType.of(MysqlType.LONGTEXT),
                      printed(type, value -> NumberMasks.range(value, mask.number()))))
              : Optional.empty();
      case DATE_SHIFT ->
          isDate(type)
              ? Optional.of(
                  new MaskedType(
                      type,
                      printed(
                          type,
                          value ->
                              DateMasks.shift(
                                  type,
                                  value,
                                  mask.number().intValueExact(),
                                  Digests.chance(mask, value)))))
              : Optional.empty();
      case YEAR_ONLY ->
          isDate(type)
              ? Optional.of(
                  new MaskedType(ColumnType.of(MysqlType.INT), printed(type, DateMasks::year)))
              : Optional.empty();
      case MONTH_YEAR ->
          isDate(type)
              ? Optional.of(
                  new MaskedType(
                      ColumnType.of(MysqlType.VARCHAR, YEAR_AND_MONTH),
                      printed(type, DateMasks::month)))
              : Optional.empty();
    };
  }

  private static Optional<MaskedType> digest(ColumnType type, String algorithm, int digits) {
    return bytesOf(type).map(bytes -> then(bytes, Digests.of(algorithm), digits));
  }

  private static MaskedType then(Conversion first, Conversion second, int characters) {
    return new MaskedType(
        ColumnType.of(MysqlType.VARCHAR, characters), TextConversions.chain(first, second));
  }

  /** Bytes as they are, all else as its text. */
  private static Optional<Conversion> bytesOf(ColumnType type) {
    return TextConversions.isBytes(type)
        ? Optional.of((bytes, offset, length) -> null)
        : Conversions.between(type, ColumnType.of(MysqlType.LONGTEXT));
  }

  private static Optional<MaskedType> constant(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Optional.of(
        new MaskedType(
            ColumnType.of(MysqlType.VARCHAR, text.codePointCount(0, text.length())),
            (value, offset, length) -> bytes.clone()));
  }

  /** Of text that is not longer than before, a text column stays what it is. */
  private static Optional<MaskedType> text(ColumnType type, UnaryOperator<String> mask) {
    return Conversions.between(type, ColumnType.of(MysqlType.LONGTEXT))
        .map(
            print ->
                new MaskedType(
                    TextConversions.isPlainText(type) ? type : ColumnType.of(MysqlType.LONGTEXT),
                    TextConversions.chain(print, applied(mask))));
  }

  private static Optional<MaskedType> random(ColumnMask mask, ColumnType type) {
    if (isNumber(type)) {
      return Optional.of(
          new MaskedType(
              type,
              printed(
                  type, value -> NumberMasks.random(type, value, Digests.chance(mask, value)))));
    }
    if (isDate(type)) {
      return Optional.of(
          new MaskedType(
              type, printed(type, value -> DateMasks.random(type, Digests.chance(mask, value)))));
    }
    return text(type, value -> TextMasks.random(value, Digests.chance(mask, value)));
  }

  private static Optional<MaskedType> number(ColumnType type, UnaryOperator<String> mask) {
    if (!isNumber(type)) {
      return Optional.empty();
    }
    return Optional.of(new MaskedType(wider(type), printed(type, mask)));
  }

  /** A number that is rounded up, or has noise, may have a digit more. */
  private static ColumnType wider(ColumnType type) {
    return switch (type.base()) {
      case FLOAT, DOUBLE -> ColumnType.of(MysqlType.DOUBLE);
      case DECIMAL ->
          ColumnType.decimal((int) Math.min(MOST_DIGITS, type.length() + 1), type.scale());
      case BIGINT -> ColumnType.decimal(DIGITS_OF_BIGINT + 1, 0);
      default -> ColumnType.of(MysqlType.BIGINT);
    };
  }

  private static Conversion printed(ColumnType type, UnaryOperator<String> mask) {
    return TextConversions.chain(
        Conversions.between(type, ColumnType.of(MysqlType.LONGTEXT)).orElseThrow(), applied(mask));
  }

  private static Conversion applied(UnaryOperator<String> mask) {
    return (bytes, offset, length) ->
        mask.apply(new String(bytes, offset, length, UTF_8)).getBytes(UTF_8);
  }

  private static boolean isNumber(ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, DECIMAL, FLOAT, DOUBLE -> true;
      default -> false;
    };
  }

  private static boolean isDate(ColumnType type) {
    return switch (type.base()) {
      case DATE, DATETIME, TIMESTAMP -> true;
      default -> false;
    };
  }
}
