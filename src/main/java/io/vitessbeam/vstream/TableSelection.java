package io.vitessbeam.vstream;

import io.vitessbeam.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which tables of a keyspace a run is about. */
final class TableSelection {

  private static final int MOST_NAMES_SHOWN = 20;

  private TableSelection() {}

  /**
   * The tables that were asked for, in alphabetical order.
   *
   * @param names of the tables that are there
   * @throws ConfigurationException if a name that was given is none of them
   */
  static List<String> of(SyncOptions options, Collection<String> names) {
    Set<String> known = new HashSet<>(names);
    List<String> unknown = new ArrayList<>(options.include());
    unknown.addAll(options.exclude());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(
          "Keyspace "
              + options.keyspace()
              + " has no table "
              + String.join(", ", new TreeSet<>(unknown))
              + "; it has "
              + shown(names));
    }
    Set<String> chosen = new TreeSet<>(options.include().isEmpty() ? known : options.include());
    options.exclude().forEach(chosen::remove);
    if (chosen.isEmpty()) {
      throw new ConfigurationException(
          known.isEmpty()
              ? "Keyspace " + options.keyspace() + " has no tables"
              : "All tables that were asked for are excluded; leave one at least");
    }
    requireDistinct(chosen);
    return List.copyOf(chosen);
  }

  /** A destination may compare names without regard to case, as DuckDB does. */
  private static void requireDistinct(Set<String> tables) {
    Map<String, String> byDestination = new HashMap<>();
    for (String table : tables) {
      String other = byDestination.put(table.toLowerCase(Locale.ROOT), table);
      if (other != null) {
        throw new ConfigurationException(
            "The tables "
                + other
                + " and "
                + table
                + " would be one table in the destination, where case makes no difference; exclude"
                + " one of them");
      }
    }
  }

  private static String shown(Collection<String> names) {
    List<String> sorted = List.copyOf(new TreeSet<>(names));
    return sorted.isEmpty()
        ? "none"
        : String.join(", ", sorted.subList(0, Math.min(sorted.size(), MOST_NAMES_SHOWN)))
            + (sorted.size() > MOST_NAMES_SHOWN ? ", …" : "");
  }
}
