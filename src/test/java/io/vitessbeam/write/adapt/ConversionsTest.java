package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.load.UnfitValueException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every conversion keeps all of a value, or refuses it. */
class ConversionsTest {

  private static ColumnType type(String name) {
    return switch (name) {
      case "bit" -> ColumnType.of(MysqlType.BIT, 64);
      case "year" -> ColumnType.of(MysqlType.YEAR);
      case "enum" -> ColumnType.labelled(MysqlType.ENUM, List.of("a", "b"));
      case "set" -> ColumnType.labelled(MysqlType.SET, List.of("a", "b"));
      default -> TypeNames.parse(name);
    };
  }

  /** The value between other bytes, of which nothing may be read or kept. */
  private static byte[] convert(ColumnType from, ColumnType to, byte[] value) {
    byte[] bytes = new byte[value.length + 4];
    Arrays.fill(bytes, (byte) '7');
    System.arraycopy(value, 0, bytes, 2, value.length);
    byte[] converted = Conversions.between(from, to).orElseThrow().convert(bytes, 2, value.length);
    return converted == null ? value : converted;
  }

  private static String convert(String from, String to, String value) {
    return new String(convert(type(from), type(to), value.getBytes(UTF_8)), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int              | tinyint          | -128                 | -128
          bigint unsigned  | bigint           | 9223372036854775807  | 9223372036854775807
          decimal          | int              | 12.000000000         | 12
          double           | int              | 1e3                  | 1000
          text             | bigint unsigned  | 18446744073709551615 | 18446744073709551615
          text             | int              | 007                  | 7
          text             | bool             | True                 | 1
          text             | bool             | false                | 0
          bit              | int              | a                    | 97
          year             | smallint         | 2155                 | 2155
          int              | year             | 1999                 | 1999
          text             | decimal(10,2)    | -12345678.90         | -12345678.9
          text             | decimal(10,2)    | 1e3                  | 1000
          int              | decimal(3,0)     | 999                  | 999
          float            | decimal(10,2)    | 0.10000000149011612  | 0.1
          double           | decimal(10,2)    | 0.1                  | 0.1
          decimal          | double           | 0.1                  | 0.1
          bigint           | double           | 9007199254740992     | 9.007199254740992E15
          decimal          | float            | 0.1                  | 0.10000000149011612
          double           | float            | 0.10000000149011612  | 0.10000000149011612
          float            | double           | 0.10000000149011612  | 0.10000000149011612
          float            | text             | 0.10000000149011612  | 0.1
          date             | timestamp        | 2024-02-29           | 2024-02-29 00:00:00
          timestamp_ntz    | date             | 2024-02-29 00:00:00.000000 | 2024-02-29
          timestamp_ntz    | timestamp(3)     | 2024-02-29 01:02:03.123000 | 2024-02-29 01:02:03.123000
          text             | date             | 2024-02-29           | 2024-02-29
          text             | timestamp        | 2024-02-29T01:02:03.5 | 2024-02-29 01:02:03.5
          text             | timestamp        | 2024-02-29T01:02:03Z | 2024-02-29 01:02:03.000000
          text             | timestamp        | 2024-03-01 01:02:03.5+02 | 2024-02-29 23:02:03.500000
          text             | timestamp        | 2024-02-29T01:02:03-0130 | 2024-02-29 02:32:03.000000
          text             | timestamp        | 2024-02-29           | 2024-02-29 00:00:00
          text             | timestamp_ntz    | 2024-02-29 01:02:03  | 2024-02-29 01:02:03
          text             | time             | -838:59:59.999999    | -838:59:59.999999
          bigint           | text             | -5                   | -5
          timestamp        | varchar(26)      | 2024-02-29 01:02:03.000000 | 2024-02-29 01:02:03.000000
          text             | varchar(2)       | É😀                  | É😀
          text             | json             | {"a": [1, null]}     | {"a": [1, null]}
          int              | json             | 5                    | 5
          json             | text             | {"a": 1}             | {"a": 1}
          text             | binary(6)        | É😀                  | É😀
          text             | enum             | b                    | b
          text             | set              | b,a                  | b,a
          text             | set              | ``                   | ``
          """)
  void allOfAValueIsKept(String from, String to, String value, String converted) {
    assertThat(convert(from, to, value)).isEqualTo(converted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int              | tinyint          | 128                  | is not between -128 and 127
          int              | int unsigned     | -1                   | is not between 0 and
          bigint unsigned  | bigint           | 9223372036854775808  | is not between
          int              | mediumint        | 8388608              | is not between -8388608 and 8388607
          int              | year             | 2156                 | is not between 0 and 2155
          decimal          | int              | 12.5                 | is no integer
          text             | int              | ``                   | is no number
          text             | int              | 0x10                 | is no number
          text             | int              | true                 | is no number
          text             | int              | 1e999999999          | has more digits than any type
          text             | decimal(10,2)    | 1e-999999999         | has more digits than any type
          text             | decimal(10,2)    | 123456789            | has more digits than DECIMAL(10, 2)
          text             | decimal(10,2)    | 1.005                | has more digits than DECIMAL(10, 2)
          text             | double           | NaN                  | is no number
          text             | double           | 1e400                | has more digits than DOUBLE
          bigint           | double           | 9007199254740993     | has more digits than DOUBLE
          double           | float            | 0.1000000001         | has more digits than FLOAT
          timestamp        | date             | 2024-02-29 00:00:01  | has a time of day
          timestamp        | timestamp_ntz(0) | 2024-02-29 00:00:01.5 | has more than 0 digits of a second
          date             | timestamp        | 0000-00-00           | is in no calendar
          text             | date             | 2023-02-29           | is in no calendar
          text             | date             | 29.02.2024           | is no date
          text             | date             | soon                 | is no date
          text             | timestamp        | 2024-02-29 25:00:00  | is no date
          text             | timestamp        | 2024-02-29T01:02:03.1234567Z | below a microsecond
          text             | timestamp_ntz    | 2024-02-29T01:02:03Z | has a zone
          text             | time             | noon                 | is no time
          text             | time(2)          | 10:00:00.123         | has more than 2 digits of a second
          text             | varchar(1)       | É😀                  | is longer than 1 characters
          text             | json             | {                    | is no JSON
          text             | json             | 1 2                  | more than one JSON document
          text             | json             | ``                   | is no JSON
          text             | binary(5)        | É😀                  | has 6 bytes, VARBINARY(5) has 5
          text             | enum             | c                    | is no label
          text             | set              | a,c                  | is no label
          """)
  void whatDoesNotFitIsRefused(String from, String to, String value, String reason) {
    assertThatThrownBy(() -> convert(from, to, value))
        .isInstanceOf(UnfitValueException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void bytesAreTextOnlyInUtf8() {
    ColumnType bytes = type("blob");
    assertThat(convert(bytes, type("text"), "É".getBytes(UTF_8))).isEqualTo("É".getBytes(UTF_8));
    assertThatThrownBy(() -> convert(bytes, type("text"), "É".getBytes(ISO_8859_1)))
        .isInstanceOf(UnfitValueException.class)
        .hasMessage("is no text in UTF-8");
  }

  @Test
  void aZeroDateThatIsReadAsNullIsNull() {
    ColumnType dates = type("date").withZeroAsNull();
    assertThat(convert(dates, type("timestamp"), "2024-00-00".getBytes(UTF_8)))
        .isSameAs(Conversion.NULL);
  }

  @ParameterizedTest
  @CsvSource({"date,int", "int,date", "blob,int", "int,blob", "time,timestamp", "text,bit"})
  void someTypesHaveNothingInCommon(String from, String to) {
    assertThat(Conversions.between(type(from), type(to))).isEmpty();
  }
}
