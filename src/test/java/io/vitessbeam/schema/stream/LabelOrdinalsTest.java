package io.vitessbeam.schema.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelOrdinalsTest {

  @Test
  void ofEnum() {
    List<String> labels = List.of("a", "", "é,😀");

    assertThat(ofEnum(labels, "1")).isEqualTo("a");
    assertThat(ofEnum(labels, "2")).isEmpty();
    assertThat(ofEnum(labels, "3")).isEqualTo("é,😀");
    assertThat(ofEnum(labels, "0")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "-1", "18446744073709551615", "", "a"})
  void anIndexWithoutLabelIsRefused(String index) {
    assertThatThrownBy(() -> ofEnum(List.of("a", "b"), index))
        .isInstanceOf(NumberFormatException.class);
  }

  @Test
  void ofSet() {
    List<String> labels = List.of("a", "é", "c");

    assertThat(ofSet(labels, "0")).isEmpty();
    assertThat(ofSet(labels, "1")).isEqualTo("a");
    assertThat(ofSet(labels, "5")).isEqualTo("a,c");
    assertThat(ofSet(labels, "7")).isEqualTo("a,é,c");
    assertThat(ofSet(List.of("", "b"), "3")).isEqualTo(",b");
    assertThatThrownBy(() -> ofSet(labels, "8")).hasMessageContaining("3 members");
  }

  @Test
  void theLastOf64Members() {
    List<String> labels = new ArrayList<>();
    for (int i = 1; i <= 64; i++) {
      labels.add("m" + i);
    }

    assertThat(ofSet(labels, "9223372036854775808")).isEqualTo("m64");
    assertThat(ofSet(labels, "18446744073709551615")).isEqualTo(String.join(",", labels));
  }

  @Property
  void everyMaskNamesItsMembers(
      @ForAll @Size(min = 1, max = 64) List<@AlphaChars String> labels, @ForAll long bits) {
    long mask = labels.size() == 64 ? bits : bits & ((1L << labels.size()) - 1);
    List<String> members = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      if ((mask >> i & 1) == 1) {
        members.add(labels.get(i));
      }
    }

    assertThat(ofSet(labels, Long.toUnsignedString(mask))).isEqualTo(String.join(",", members));
  }

  private static String ofEnum(List<String> labels, String index) {
    byte[] bytes = ("9" + index + "9").getBytes(UTF_8);
    return new String(new LabelOrdinals(labels).ofEnum(bytes, 1, bytes.length - 2), UTF_8);
  }

  private static String ofSet(List<String> labels, String mask) {
    byte[] bytes = ("9" + mask + "9").getBytes(UTF_8);
    return new String(new LabelOrdinals(labels).ofSet(bytes, 1, bytes.length - 2), UTF_8);
  }
}
