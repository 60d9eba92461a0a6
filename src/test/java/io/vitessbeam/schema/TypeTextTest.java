package io.vitessbeam.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class TypeTextTest {

  @Test
  void labels() {
    assertThat(TypeText.labels("enum('a')")).containsExactly("a");
    assertThat(TypeText.labels("set('a','b''c','d,e','(f)','')"))
        .containsExactly("a", "b'c", "d,e", "(f)", "");
    assertThat(TypeText.labels("enum('back\\\\slash','line\\nfeed','nul\\0','it''''s')"))
        .containsExactly("back\\slash", "line\nfeed", "nul\0", "it''s");
    assertThat(TypeText.labels("int(11)")).isEmpty();
    assertThat(TypeText.labels("text")).isEmpty();
  }

  @Property
  void asTheServerPrintsThem(@ForAll @NotEmpty List<String> labels) {
    String text =
        labels.stream()
            .map(
                label ->
                    "'"
                        + label
                            .replace("\\", "\\\\")
                            .replace("'", "''")
                            .replace("\n", "\\n")
                            .replace("\r", "\\r")
                            .replace("\0", "\\0")
                        + "'")
            .collect(Collectors.joining(","));

    assertThat(TypeText.labels("enum(" + text + ")")).isEqualTo(labels);
  }
}
