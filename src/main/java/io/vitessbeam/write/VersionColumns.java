package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The columns by which a table keeps the versions of its rows, as the strategy scd2 does. */
public final class VersionColumns {

  /** When the run began that brought the version, in UTC. */
  public static final String FROM = "_scd_valid_from";

  /** When the run began that brought the next one or found the row gone, in UTC; or null. */
  public static final String TO = "_scd_valid_to";

  /** Whether it is the row's last version, and the row is there. */
  public static final String CURRENT = "_scd_is_current";

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private VersionColumns() {}

  /**
   * Passes if a table has the columns.
   *
   * @param has whether it has one of a name
   * @throws ConfigurationException if one is missing
   */
  public static void requireThere(TargetTable table, Predicate<String> has) {
    if (!Stream.of(FROM, TO, CURRENT).allMatch(has)) {
      throw new ConfigurationException(
          "%s has no columns %s, %s, %s, which the strategy scd2 keeps; choose another table"
              .formatted(table, FROM, TO, CURRENT));
    }
  }

  /** A moment in UTC, to the microsecond, as all databases read it. */
  public static String text(Instant moment) {
    return MICROS.format(moment);
  }

  /**
   * Makes sure that all versions began before a run did: a later one could end only before it
   * began.
   *
   * @param table for the message
   * @param begun when the run began
   * @param later where a later version begins, in UTC; null if there is none
   * @throws DataException if there is one
   */
  public static void requireNoLater(String table, Instant begun, String later) {
    if (later != null) {
      throw new DataException(
          "%s has versions from %s on (UTC), and this run began before, at %s: another run came in between, or was made by a machine whose clock is ahead; run again"
              .formatted(table, later, begun));
    }
  }
}
