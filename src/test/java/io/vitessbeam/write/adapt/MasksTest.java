package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.docs.Markdown;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What masks make of single values; those of docs/ingest.md are tested by its own table. */
class MasksTest {

  private static final ColumnType TEXT = ColumnType.of(MysqlType.VARCHAR, 40);
  private static final ColumnType NUMBER = ColumnType.decimal(12, 2);

  @ParameterizedTest
  @CsvSource({
    "email, ab@x.org, a*@x.org",
    "email, a@x.org, *@x.org",
    "email, äöü@x.org, ä*ü@x.org",
    "email, a@b@x.org, a*b@x.org",
    "email, no address, **********",
    "email, '', ''",
    "phone, 123-4567, ***-****",
    "phone, (0049) 89 1234567 ext, (0049) 89 ******* ***",
    "phone, 12, **",
    "credit_card, 1234, ****",
    "credit_card, 12345, *2345",
    "ssn, 123 45 6789, *** ** 6789",
    "stars, '\uD83D\uDE00ü', **",
    "partial, abcd, ****",
    "partial, abcde, ab*de",
    "partial:1, '\uD83D\uDE00ab\uD83D\uDE00', '\uD83D\uDE00**\uD83D\uDE00'",
    "first_letter, a, *",
    "first_letter, '', ''",
    "md5, '', d41d8cd98f00b204e9800998ecf8427e",
  })
  void ofText(String mask, String value, String masked) {
    assertThat(masked(mask, TEXT, value)).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource({
    "round:10, 34.50, 30.00",
    "round:10, 35.00, 40.00",
    "round:10, -35.00, -40.00",
    "round:0.5, 1.26, 1.50",
    "range:100, -1.00, -100-0",
    "range:100, 100.00, 100-200",
    "range:0.5, 0.75, 0.5-1.0",
    "stars, 12.50, *****",
    "hash, 1.00, cf9dcf6da8a82be1335c398a4005def7ee3a53d4698c59dbc6b2b14e72d1263c",
  })
  void ofNumbers(String mask, String value, String masked) {
    assertThat(masked(mask, NUMBER, value)).isEqualTo(masked);
  }

  /** But of those with chance in them, which have no example. */
  @Test
  void examplesOfTheDocumentAreRight() {
    List<List<String>> rows =
        Markdown.of(Path.of("docs/ingest.md")).table("## Masks").stream()
            .filter(row -> row.get(2).startsWith("`"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(15);
    for (List<String> row : rows) {
      ColumnType type =
          switch (row.get(1)) {
            case "numbers" -> ColumnType.of(MysqlType.INT);
            case "dates and moments" -> ColumnType.of(MysqlType.DATE);
            default -> TEXT;
          };
      for (String function : Markdown.code(row.get(0))) {
        MaskedType masked = MaskedType.of(mask(function), type).orElseThrow();
        assertThat(masked(function, type, Markdown.code(row.get(2)).get(0)))
            .as(function)
            .isEqualTo(Markdown.code(row.get(3)).get(0));
        assertThat(row.get(4).equals("the column's") ? type : TypeNames.parse(row.get(4)))
            .as(function)
            .isEqualTo(masked.type());
      }
    }
  }

  @Test
  void aRoundedNumberMayHaveMoreDigitsThanItsColumn() {
    MaskedType rounded =
        MaskedType.of(mask("round:100"), ColumnType.of(MysqlType.TINYINT)).orElseThrow();

    assertThat(rounded.type()).isEqualTo(ColumnType.of(MysqlType.BIGINT));
    assertThat(masked("round:100", ColumnType.of(MysqlType.TINYINT), "127")).isEqualTo("100");
    assertThat(masked("round:1000", ColumnType.unsigned(MysqlType.BIGINT), "18446744073709551615"))
        .isEqualTo("18446744073709552000");
  }

  @Test
  void noiseStaysWithinItsPart() {
    for (int value = 1000; value < 1200; value++) {
      BigDecimal masked = new BigDecimal(masked("noise:0.1", NUMBER, value + ".00"));

      assertThat(masked).isBetween(new BigDecimal(value * 0.9), new BigDecimal(value * 1.1));
      assertThat(masked.scale()).isEqualTo(2);
    }
  }

  @Test
  void daysAreShiftedWithinTheirBoundsAndKeepTheirTime() {
    ColumnType type = ColumnType.temporal(MysqlType.TIMESTAMP, 3);
    for (int day = 1; day <= 18; day++) {
      String value = "2038-01-%02d 03:04:05.678".formatted(day);

      String shifted = masked("date_shift:30", type, value);

      assertThat(shifted).endsWith(" 03:04:05.678").isLessThan("2038-01-19");
      assertThat(
              ChronoUnit.DAYS.between(
                  LocalDate.parse(value.substring(0, 10)),
                  LocalDate.parse(shifted.substring(0, 10))))
          .isBetween(-30L, 30L);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TINYINT, 99",
    "YEAR, 2024",
    "INT, 2147483647",
    "BIGINT, -9223372036854775808",
    "DOUBLE, 1.5e300",
    "FLOAT, 3.0e38",
    "DATE, 2024-01-31",
    "VARCHAR, ab-12-ÄÖ",
  })
  void randomValuesAreOfTheirType(MysqlType base, String value) {
    ColumnType type = ColumnType.of(base, 40);

    String masked = masked("random", type, value);

    Conversion check = Conversions.between(type, type).orElseThrow();
    byte[] bytes = masked.getBytes(UTF_8);
    assertThatCode(() -> check.convert(bytes, 0, bytes.length)).doesNotThrowAnyException();
    assertThat(masked.length()).isLessThanOrEqualTo(Math.max(value.length(), 24));
  }

  @Test
  void equalValuesOfALoadBecomeEqualOnesAndThoseOfAnotherLoadOthers() {
    ColumnMask load = mask("random");
    ColumnMask other = mask("random");
    String value = "a text that is long enough";

    assertThat(apply(load, TEXT, value)).isEqualTo(apply(load, TEXT, value));
    assertThat(apply(load, TEXT, value)).isNotEqualTo(apply(other, TEXT, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          email                | 'email' is neither column:function nor column:function:parameter
          a:nope               | 'nope' is no function to mask with; there are hash, sha256, md5, hmac
          a:hmac               | hmac needs a parameter: column:hmac:<key>
          a:round              | round needs a number above 0: column:round:<step>, not ''
          a:round:0            | round needs a number above 0: column:round:<step>, not '0'
          a:partial:x          | partial needs a whole number above 0: column:partial:<characters>
          a:hash:x             | hash has no parameter
          a:sequential         | sequential numbers would be others each time
          a:hash,a:md5         | column a is given twice
          """)
  void namesWhatIsWrong(String masks, String message) {
    assertThatThrownBy(() -> ColumnMask.parse(List.of(masks.split(","))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void noPrintOfAMaskShowsItsKey() {
    assertThat(mask("hmac:secret").toString()).isEqualTo("a by hmac");
    assertThat(ColumnMask.print(List.of(mask("hmac:secret")))).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({"round:1, VARCHAR", "year_only, INT", "noise, DATE", "date_shift, TIME"})
  void aFunctionForAnotherTypeIsRefused(String mask, MysqlType type) {
    assertThat(MaskedType.of(mask(mask), ColumnType.of(type, 6))).isEmpty();
  }

  private static ColumnMask mask(String text) {
    return ColumnMask.parse(List.of("a:" + text)).get(0);
  }

  private static String masked(String mask, ColumnType type, String value) {
    return apply(mask(mask), type, value);
  }

  private static String apply(ColumnMask mask, ColumnType type, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    byte[] masked =
        MaskedType.of(mask, type).orElseThrow().conversion().convert(bytes, 0, bytes.length);
    return masked == null ? value : new String(masked, UTF_8);
  }
}
