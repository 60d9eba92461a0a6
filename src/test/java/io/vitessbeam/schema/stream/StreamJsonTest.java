package io.vitessbeam.schema.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamJsonTest {

  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** A document as Vitess prints it before 24.0.3, and as it should. */
  record Printed(String stream, String json) {}

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        ".0 | 0.0",
        "-.5 | -0.5",
        ".1 | 0.1",
        "[.1,-.2, .3] | [0.1,-0.2, 0.3]",
        "{\"a\": .5, \"b\":-.5} | {\"a\": 0.5, \"b\":-0.5}",
        "\".5\" | \".5\"",
        "[\"\\\\\", .5, \"\\\".5\", .5] | [\"\\\\\", 0.5, \"\\\".5\", 0.5]",
        "{\"a.b\": 1.5E+300} | {\"a.b\": 1.5E+300}",
        "[10.25, -3.0, 1e5, null] | [10.25, -3.0, 1e5, null]",
        "{\"a\": 000000005} | {\"a\": 5}",
        "[-000.50, 00, -0012e-07, 0.0] | [-0.50, 0, -12e-07, 0.0]",
      })
  void numbersThatAreNotJson(String stream, String json) {
    assertThat(repair(stream)).isEqualTo(json);
  }

  @Property
  void documentsBecomeValidAndStayTheSame(@ForAll("documents") Printed document)
      throws JsonProcessingException {
    String repaired = repair(document.stream());

    assertThat(repaired).isEqualTo(document.json());
    STRICT.readTree(repaired);
  }

  /** An old row has it in a column that was added. */
  @Test
  void aDocumentOfNoBytesIsNull() {
    assertThat(repair("")).isEqualTo("null");
  }

  @Test
  void aControlCharacterIsEscaped() {
    assertThat(repair("[\"a\u0001\tb\"]")).isEqualTo("[\"a\\u0001\\u0009b\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"base64:type15:AP8=\"",
        "{\"a\": \"\"base64:AP8=\"}",
        "{\"a\": }",
        "{\"a\" 1}",
        "[1 2]",
        "[1,",
        "nul",
        "-",
        ".",
        "1.",
        "1e",
        "\"open",
        "\"\\x\"",
        "{} {}"
      })
  void whatCanNotBeReadIsAnError(String stream) {
    assertThatThrownBy(() -> repair(stream))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no JSON");
  }

  @Property
  void validOnesAreLeftAlone(@ForAll("documents") Printed document) {
    assertThat(repair(document.json())).isEqualTo(document.json());
  }

  @Provide
  Arbitrary<Printed> documents() {
    Arbitrary<Printed> leaf = Arbitraries.oneOf(numbers(), texts(), words());
    return Arbitraries.recursive(() -> leaf, StreamJsonTest::containers, 0, 3);
  }

  private static Arbitrary<Printed> containers(Arbitrary<Printed> element) {
    Arbitrary<String> separator = Arbitraries.of(",", ", ");
    Arbitrary<Printed> array =
        Combinators.combine(element.list().ofMaxSize(4), separator)
            .as((parts, comma) -> join("[", parts, comma, "]"));
    Arbitrary<Printed> member =
        Combinators.combine(texts(), Arbitraries.of(":", ": "), element)
            .as((key, colon, value) -> join("", List.of(key, value), colon, ""));
    Arbitrary<Printed> object =
        Combinators.combine(member.list().ofMaxSize(4), separator)
            .as((parts, comma) -> join("{", parts, comma, "}"));
    return Arbitraries.oneOf(array, object);
  }

  private static Arbitrary<Printed> numbers() {
    return Combinators.combine(
            Arbitraries.of("", "-"),
            Arbitraries.longs().between(0, 999),
            Arbitraries.of("", ".0", ".5", ".250", ".5E+10", "e5"))
        .as(
            (sign, whole, rest) ->
                new Printed(
                    sign + (whole == 0 && rest.startsWith(".") ? "" : whole) + rest,
                    sign + whole + rest));
  }

  private static Arbitrary<Printed> texts() {
    return Arbitraries.strings()
        .withChars("\"\\.-5,:[]{} \n\u0000aéソ")
        .ofMaxLength(12)
        .map(text -> "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"")
        .map(text -> new Printed(text, text));
  }

  private static Arbitrary<Printed> words() {
    return Arbitraries.of("null", "true", "false").map(word -> new Printed(word, word));
  }

  private static Printed join(String open, List<Printed> parts, String between, String close) {
    return new Printed(
        parts.stream().map(Printed::stream).collect(Collectors.joining(between, open, close)),
        parts.stream().map(Printed::json).collect(Collectors.joining(between, open, close)));
  }

  /** Among other bytes, which must not matter. */
  private static String repair(String document) {
    byte[] bytes = ("9\"" + document + "\".").getBytes(UTF_8);
    return new String(StreamJson.repair(bytes, 2, bytes.length - 4), UTF_8);
  }
}
