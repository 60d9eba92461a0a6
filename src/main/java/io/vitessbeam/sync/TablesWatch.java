package io.vitessbeam.sync;

import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.vstream.PlanWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices tables that are new in a keyspace all of whose tables are followed, or gone from it. */
public final class TablesWatch implements PlanWatch {

  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(TablesWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final SyncOptions options;
  private final List<String> planned;

  private transient long lastNanos;

  /**
   * @param options as they were asked for; where they name tables nothing can be new
   * @param planned names of the tables that are followed
   */
  public TablesWatch(SyncOptions options, List<String> planned) {
    this.options = options;
    this.planned = List.copyOf(planned);
  }

  @Override
  public Optional<String> outdated() {
    long now = System.nanoTime();
    if (!options.include().isEmpty() || (lastNanos != 0 && now - lastNanos < INTERVAL.toNanos())) {
      return Optional.empty();
    }
    lastNanos = now;
    try {
      return difference(TableSelection.names(options));
    } catch (VitessBeamException e) {
      // The streams themselves say whether the source is away.
      LOG.debug("Looking for new tables of {}", options.keyspace(), e);
      return Optional.empty();
    }
  }

  /** A table that is being moved into the keyspace is new in it when it serves the table. */
  private void leaveOutUnserved(Set<String> added) {
    if (!added.isEmpty()) {
      VitessUri uri = options.uri().vitess();
      try (SourceTables source = new SourceTables(uri, new SourceShards(uri).serving())) {
        added.removeIf(table -> !source.isServed(table));
      }
    }
  }

  private Optional<String> difference(List<String> names) {
    Set<String> added = new TreeSet<>(names);
    planned.forEach(added::remove);
    Set<String> gone = new TreeSet<>(planned);
    names.forEach(gone::remove);
    leaveOutUnserved(added);
    if (added.isEmpty() && gone.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "Keyspace "
            + options.keyspace()
            + (added.isEmpty() ? "" : " has new tables: " + String.join(", ", added))
            + (added.isEmpty() || gone.isEmpty() ? "" : "; it")
            + (gone.isEmpty() ? "" : " lost tables: " + String.join(", ", gone)));
  }
}
