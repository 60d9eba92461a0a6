package io.vitessbeam.read.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.MysqlType;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBoundTest {

  private static final List<KeyColumn> KEY =
      List.of(
          new KeyColumn("a", MysqlType.INT),
          new KeyColumn("b", MysqlType.INT),
          new KeyColumn("c", MysqlType.INT));

  @Test
  void conditions() {
    assertThat(bound("1").condition(KEY, ">=")).isEqualTo("`a` >= 1");
    assertThat(bound("1").condition(KEY, "<")).isEqualTo("`a` < 1");
    assertThat(bound("1", "2").condition(KEY, ">"))
        .isEqualTo("(`a` >= 1 AND (`a` > 1 OR (`a` = 1 AND `b` > 2)))");
    assertThat(bound("1", "2", "3").condition(KEY, "<"))
        .isEqualTo(
            "(`a` <= 1 AND (`a` < 1 OR (`a` = 1 AND `b` < 2) OR (`a` = 1 AND `b` = 2 AND `c` <"
                + " 3)))");
    assertThat(bound("1").condition(List.of(new KeyColumn("x`y", MysqlType.INT)), "<"))
        .isEqualTo("`x``y` < 1");
  }

  /** Bound and key are compared as the condition does and as lists are. */
  @Property
  void theConditionComparesLexicographically(
      @ForAll @Size(3) List<@IntRange(max = 2) Integer> key,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 2) Integer> bound) {
    KeyBound keyBound = new KeyBound(bound.stream().map(String::valueOf).toList());
    int compared =
        Arrays.compare(
            key.subList(0, bound.size()).toArray(Integer[]::new), bound.toArray(Integer[]::new));

    assertThat(holds(keyBound.condition(KEY, "<"), key)).isEqualTo(compared < 0);
    assertThat(holds(keyBound.condition(KEY, ">="), key)).isEqualTo(compared >= 0);
    assertThat(holds(keyBound.condition(KEY, ">"), key)).isEqualTo(compared > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", ">", ">="})
  void noBoundIsNone(String operator) {
    assertThat(KeyBound.NONE.isNone()).isTrue();
    assertThat(bound("1").isNone()).isFalse();
    assertThat(bound("1").condition(KEY, operator)).startsWith("`a` " + operator);
  }

  private static KeyBound bound(String... literals) {
    return new KeyBound(List.of(literals));
  }

  /** Evaluates a condition of ANDs of ORs of comparisons, inside out. */
  private static boolean holds(String condition, List<Integer> key) {
    String text = condition;
    for (int i = 0; i < KEY.size(); i++) {
      text = text.replace("`" + KEY.get(i).name() + "`", String.valueOf(key.get(i)));
    }
    return new Evaluator(text).expression();
  }

  /** A parser of what is left when the columns have their values. */
  private static final class Evaluator {

    private final String text;
    private int at;

    Evaluator(String text) {
      this.text = text;
    }

    boolean expression() {
      boolean value = term();
      while (true) {
        if (skip(" AND ")) {
          value &= term();
        } else if (skip(" OR ")) {
          value |= term();
        } else {
          return value;
        }
      }
    }

    private boolean term() {
      if (skip("(")) {
        boolean value = expression();
        assertThat(skip(")")).isTrue();
        return value;
      }
      int left = text.charAt(at++) - '0';
      int blank = text.indexOf(' ', at + 1);
      String operator = text.substring(at + 1, blank);
      int right = text.charAt(blank + 1) - '0';
      at = blank + 2;
      return switch (operator) {
        case "<" -> left < right;
        case "<=" -> left <= right;
        case ">" -> left > right;
        case ">=" -> left >= right;
        case "=" -> left == right;
        default -> throw new AssertionError(operator);
      };
    }

    private boolean skip(String expected) {
      boolean there = text.startsWith(expected, at);
      at += there ? expected.length() : 0;
      return there;
    }
  }
}
