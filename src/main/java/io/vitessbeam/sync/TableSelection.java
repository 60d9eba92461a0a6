package io.vitessbeam.sync;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.vstream.StreamResolver;
import io.vitessbeam.vstream.position.ExecutedGtids;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which tables of a keyspace a run is about. */
public final class TableSelection {

  private TableSelection() {}

  /**
   * The names of the tables, for who has to know them before the run: those that were asked for,
   * which may not exist, or what the server has now.
   */
  public static List<String> names(SyncOptions options) {
    if (!options.include().isEmpty()) {
      Set<String> names = new TreeSet<>(options.include());
      options.exclude().forEach(names::remove);
      requireSome(names, true);
      return List.copyOf(names);
    }
    Vtgate vtgate = new Vtgate(ExecutedGtids.primary(options.uri().vitess()));
    try (Connection connection = vtgate.lookUp(vtgate.shards().get(0))) {
      return of(options, new SchemaDiscovery(connection).baseTableNames());
    } catch (SQLException e) {
      throw SqlFailures.running("Listing the tables of " + options.keyspace(), e);
    }
  }

  /**
   * The tables that were asked for, in alphabetical order.
   *
   * @param names of the tables that are there
   * @throws ConfigurationException if a name that was given is none of them
   */
  static List<String> of(SyncOptions options, Collection<String> names) {
    options.include().forEach(name -> StreamResolver.requireStreamable(options.keyspace(), name));
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
              + NameList.of(names));
    }
    Set<String> chosen = new TreeSet<>(options.include().isEmpty() ? known : options.include());
    options.exclude().forEach(chosen::remove);
    requireSome(chosen, !known.isEmpty());
    chosen.forEach(name -> StreamResolver.requireStreamable(options.keyspace(), name));
    return List.copyOf(chosen);
  }

  /**
   * The same without tables that are left out, or were asked for and are not there.
   *
   * @param leftOut has the former, and takes the latter, with the reasons
   */
  static List<String> thatAreThere(
      SyncOptions options, Collection<String> names, Map<String, String> leftOut) {
    Set<String> chosen = new TreeSet<>(options.include().isEmpty() ? names : options.include());
    options.exclude().forEach(chosen::remove);
    chosen.removeAll(leftOut.keySet());
    for (String name : List.copyOf(chosen)) {
      if (!names.contains(name)) {
        leftOut.put(name, "Keyspace " + options.keyspace() + " has no table " + name);
        chosen.remove(name);
      }
    }
    return List.copyOf(chosen);
  }

  /** None left would be taken for all. */
  private static void requireSome(Set<String> chosen, boolean excluded) {
    if (chosen.isEmpty()) {
      throw new ConfigurationException(
          excluded
              ? "All tables that were asked for are excluded; leave one at least"
              : "The keyspace has no tables");
    }
  }
}
