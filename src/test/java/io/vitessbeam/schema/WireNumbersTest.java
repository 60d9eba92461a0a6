package io.vitessbeam.schema;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireNumbersTest {

  /** A parser under test. */
  private interface Parser<T> {
    T parse(byte[] bytes, int offset, int length);
  }

  /** Parses a text that other bytes surround. */
  private static <T> T parse(Parser<T> parser, String text) {
    byte[] bytes = ("9-" + text + "1.").getBytes(ISO_8859_1);
    return parser.parse(bytes, 2, bytes.length - 4);
  }

  @Property
  void longs(@ForAll long value, @ForAll @IntRange(max = 9) int zeros) {
    assertThat(parse(WireNumbers::parseLong, Long.toString(value))).isEqualTo(value);
    if (value >= 0) {
      assertThat(parse(WireNumbers::parseLong, "0".repeat(zeros) + value)).isEqualTo(value);
    }
    assertThat(parse(WireNumbers::parseUnsignedLong, Long.toUnsignedString(value)))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "--1",
        "+1",
        "1.0",
        "1e3",
        " 1",
        "0x1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "18446744073709551616",
        "١"
      })
  void noLongs(String text) {
    assertThatThrownBy(() -> parse(WireNumbers::parseLong, text))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("' is not ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "18446744073709551616",
        "+9223372036854775808",
        "1.5",
        "-9223372036854775808",
        "999999999999999999999999"
      })
  void noUnsignedLongs(String text) {
    assertThatThrownBy(() -> parse(WireNumbers::parseUnsignedLong, text))
        .isInstanceOf(NumberFormatException.class);
  }

  @Property
  void decimals(@ForAll @Scale(30) BigDecimal value, @ForAll @IntRange(max = 5) int more) {
    String text = value.toPlainString();
    int scale = Math.max(0, value.scale()) + more;

    assertThat(parse(WireNumbers::parseDecimal, text)).isEqualByComparingTo(value);
    BigInteger unscaled = parse((b, o, n) -> WireNumbers.parseUnscaled(b, o, n, scale), text);
    assertThat(unscaled).isEqualTo(value.setScale(scale).unscaledValue());
  }

  @Property
  void shortDecimals(
      @ForAll @LongRange(min = -999_999_999_999_999_999L, max = 999_999_999_999_999_999L)
          long unscaled,
      @ForAll @IntRange(max = 18) int scale) {
    String text = new BigDecimal(BigInteger.valueOf(unscaled), scale).toPlainString();

    assertThat(unscaledLong(text, scale)).isEqualTo(unscaled);
    // As the stream prints it.
    String streamed = text.replaceFirst("^(-?)0\\.", "$1.");
    assertThat(unscaledLong(streamed, scale)).isEqualTo(unscaled);
  }

  @Test
  void missingFractionalDigitsAreZeros() {
    assertThat(unscaledLong("1", 3)).isEqualTo(1000);
    assertThat(unscaledLong("-.5", 3)).isEqualTo(-500);
    assertThat(unscaledLong("0.000000", 6)).isZero();
    assertThat(unscaledLong("0000000001.50", 2)).isEqualTo(150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", ".", "-.", "1..2", "1e3", "1.234", "1000000000000000000", "x"})
  void noShortDecimals(String text) {
    assertThatThrownBy(() -> unscaledLong(text, 2)).isInstanceOf(NumberFormatException.class);
  }

  private static long unscaledLong(String text, int scale) {
    return parse((b, o, n) -> WireNumbers.parseUnscaledLong(b, o, n, scale), text);
  }

  @Property
  void doubles(@ForAll double value) {
    assertThat(parse(WireNumbers::parseDouble, Double.toString(value))).isEqualTo(value);
  }

  @Property
  void doublesOfDecimals(
      @ForAll @BigRange(min = "-1e300", max = "1e300") @Scale(20) BigDecimal value) {
    assertThat(parse(WireNumbers::parseDouble, value.toString())).isEqualTo(value.doubleValue());
  }

  @Test
  void bits() {
    assertThat(WireNumbers.parseBits(new byte[] {9, 1, 2, 9}, 1, 2)).isEqualTo(258);
    assertThat(WireNumbers.parseBits(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, 0, 8))
        .isEqualTo(-1);
    assertThat(WireNumbers.parseBits(new byte[0], 0, 0)).isZero();
    assertThatThrownBy(() -> WireNumbers.parseBits(new byte[9], 0, 9))
        .isInstanceOf(NumberFormatException.class);
  }
}
