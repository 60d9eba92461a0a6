package io.vitessbeam.read.ranges;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.MysqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class KeySpaceTest {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  @Property
  void integersKeepTheirOrder(@ForAll long a, @ForAll long b) {
    KeySpace space = space(MysqlType.BIGINT, text(a), text(b));

    assertThat(space.number(text(a)).compareTo(space.number(text(b))))
        .isEqualTo(Long.compare(a, b));
    assertThat(space.value(space.number(text(a)))).isEqualTo(text(a));
  }

  @Property
  void decimalsKeepTheirOrder(
      @ForAll long a, @ForAll long b, @ForAll @IntRange(max = 30) int scale) {
    byte[] first = text(BigDecimal.valueOf(a, scale).toPlainString());
    byte[] last = text(BigDecimal.valueOf(b, scale).toPlainString());
    KeySpace space = space(MysqlType.DECIMAL, first, last);

    assertThat(space.number(first).compareTo(space.number(last))).isEqualTo(Long.compare(a, b));
    assertThat(space.value(space.number(first))).isEqualTo(first);
  }

  @Property
  void datesKeepTheirOrder(
      @ForAll @IntRange(min = -719_162, max = 2_932_896) int a,
      @ForAll @IntRange(min = -719_162, max = 2_932_896) int b) {
    byte[] first = text(LocalDate.ofEpochDay(a));
    byte[] last = text(LocalDate.ofEpochDay(b));
    KeySpace space = space(MysqlType.DATE, first, last);

    assertThat(space.number(first).compareTo(space.number(last))).isEqualTo(Integer.compare(a, b));
    assertThat(space.value(space.number(first))).isEqualTo(first);
  }

  @Property
  void timesKeepTheirOrder(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long a,
      @ForAll @IntRange(max = 999_999) int micros) {
    byte[] first = text(LocalDateTime.ofEpochSecond(a, micros * 1000, ZoneOffset.UTC).format(TIME));
    KeySpace space = space(MysqlType.DATETIME, first, first);

    assertThat(space.number(first)).isEqualTo(BigInteger.valueOf(a * 1_000_000 + micros));
    assertThat(space.value(space.number(first))).isEqualTo(first);
  }

  @Test
  void datesThatNoCalendarHasComeFirst() {
    KeySpace space = space(MysqlType.DATE, text("0000-00-00"), text("2024-01-01"));

    assertThat(space.number(text("0000-00-00"))).isLessThan(space.number(text("0001-01-02")));
    assertThat(space.value(space.number(text("2024-00-00")))).isEqualTo(text("0001-01-01"));
  }

  @Property
  void bytesKeepTheirOrder(@ForAll @Size(max = 8) byte[] a, @ForAll @Size(max = 8) byte[] b) {
    boolean ordered = Arrays.compareUnsigned(a, b) <= 0;
    byte[] first = ordered ? a : b;
    byte[] last = ordered ? b : a;
    KeySpace space = space(MysqlType.VARBINARY, first, last);
    BigInteger middle = space.number(first).add(space.number(last)).shiftRight(1);

    assertThat(space.number(first)).isLessThanOrEqualTo(space.number(last));
    assertThat(space.number(space.value(middle))).isEqualTo(middle);
  }

  @Property
  void asciiTextsKeepTheirOrder(
      @ForAll @StringLength(max = 8) @CharRange(from = ' ', to = '~') String a,
      @ForAll @StringLength(max = 8) @CharRange(from = ' ', to = '~') String b) {
    String first = a.compareTo(b) <= 0 ? a : b;
    String last = a.compareTo(b) <= 0 ? b : a;
    KeySpace space = text(first, last, "latin1_bin");
    BigInteger middle = space.number(text(first)).add(space.number(text(last))).shiftRight(1);

    assertThat(space.number(text(first))).isLessThanOrEqualTo(space.number(text(last)));
    assertThat(space.number(space.value(middle))).isGreaterThanOrEqualTo(middle);
  }

  @Test
  void caseIsIgnoredWhereTheCollationDoes() {
    assertThat(text("a", "z", "utf8mb4_0900_ai_ci").number(text("K")))
        .isEqualTo(text("a", "z", "utf8mb4_0900_ai_ci").number(text("k")));
    assertThat(text("a", "z", "utf8mb4_bin").number(text("K")))
        .isNotEqualTo(text("a", "z", "utf8mb4_bin").number(text("k")));
  }

  /** Any other could not be compared with the column. */
  @Property
  void textsOfOtherCharacterSetsAreLookedForByAscii(
      @ForAll @LongRange(max = 1L << 55) long number) {
    for (String collation : new String[] {"latin1_swedish_ci", "sjis_japanese_ci", "gbk_bin"}) {
      KeySpace space = KeySpace.between(MysqlType.VARCHAR, utf8("é"), utf8("表"), collation);
      assertThat(new String(space.value(BigInteger.valueOf(number)), UTF_8).chars())
          .allMatch(c -> c >= 32 && c < 128);
    }
  }

  private static KeySpace space(MysqlType type, byte[] first, byte[] last) {
    return KeySpace.between(type, first, last, "");
  }

  private static KeySpace text(String first, String last, String collation) {
    return KeySpace.between(MysqlType.VARCHAR, utf8(first), utf8(last), collation);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] text(Object value) {
    return value.toString().getBytes(ISO_8859_1);
  }
}
