package io.vitessbeam.read.ranges;

import io.vitessbeam.schema.SqlText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A point in the order of a key: literals for its first columns. Fewer literals than key columns
 * stand for the first key that begins with them; none for no bound at all.
 */
public record KeyBound(List<String> literals) implements Serializable {

  public static final KeyBound NONE = new KeyBound(List.of());

  public KeyBound {
    literals = List.copyOf(literals);
  }

  public boolean isNone() {
    return literals.isEmpty();
  }

  /**
   * A condition for keys on one side of this bound: {@code >} or {@code >=} for those behind it,
   * {@code <} for those before it.
   *
   * <p>Written out column by column, since MySQL doesn't use an index for {@code (a, b) > (1, 2)};
   * the first term alone bounds the scan whatever the optimizer makes of the rest.
   */
  public String condition(List<KeyColumn> key, String operator) {
    String strict = operator.substring(0, 1);
    List<String> alternatives = new ArrayList<>();
    String equalSoFar = "";
    int last = literals.size() - 1;
    for (int i = 0; i <= last; i++) {
      String column = SqlText.identifier(key.get(i).name());
      String comparison = column + ' ' + (i == last ? operator : strict) + ' ' + literals.get(i);
      alternatives.add(equalSoFar.isEmpty() ? comparison : '(' + equalSoFar + comparison + ')');
      equalSoFar += column + " = " + literals.get(i) + " AND ";
    }
    if (alternatives.size() == 1) {
      return alternatives.get(0);
    }
    String first = SqlText.identifier(key.get(0).name()) + ' ' + strict + "= " + literals.get(0);
    return '(' + first + " AND (" + String.join(" OR ", alternatives) + "))";
  }
}
