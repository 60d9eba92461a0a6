package io.vitessbeam.schema;

import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Names of what is there, for a message about one that is not. */
public final class NameList {

  private static final int MOST = 20;

  private NameList() {}

  /** The names in alphabetical order, the first 20 of them; {@code none} if there are none. */
  public static String of(Collection<String> names) {
    return names.isEmpty()
        ? "none"
        : new TreeSet<>(names).stream().limit(MOST).collect(Collectors.joining(", "))
            + (names.size() > MOST ? ", …" : "");
  }
}
