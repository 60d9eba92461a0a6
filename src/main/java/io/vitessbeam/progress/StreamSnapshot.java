package io.vitessbeam.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a stream stands at one moment.
 *
 * @param tables by {@code keyspace.table}
 * @param shards by name
 * @param flushes how many there were
 * @param flushedRows rows of all flushes: changes as they came, before those of one key are merged
 * @param flushedBytes of these rows
 * @param flushTime of all flushes together
 * @param epochs how many began
 * @param recentEpochs the last of them, the newest last
 * @param failing whether nothing was applied or planned since the last failure
 * @param failures how many there were, those included that were overcome
 */
public record StreamSnapshot(
    SortedMap<String, TableStatus> tables,
    SortedMap<String, ShardStatus> shards,
    long flushes,
    long flushedRows,
    long flushedBytes,
    Duration flushTime,
    Optional<Flush> lastFlush,
    long epochs,
    List<Epoch> recentEpochs,
    boolean failing,
    long failures,
    Optional<Failure> lastFailure) {

  /**
   * What was applied together.
   *
   * @param at when it was complete
   * @param rows changes, before those of one key are merged
   */
  public record Flush(Instant at, long rows, long bytes, Duration took) {}

  /**
   * A time in which the stream's plan stays the same.
   *
   * @param reason why the one before had to end, for people
   */
  public record Epoch(long number, Instant began, String reason) {}

  /** Something that went wrong, for people, without secrets. */
  public record Failure(Instant at, String message) {}

  public StreamSnapshot {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
    recentEpochs = List.copyOf(recentEpochs);
    Objects.requireNonNull(lastFlush, "lastFlush");
    Objects.requireNonNull(lastFailure, "lastFailure");
  }

  /** The last failure, unless it was overcome. */
  public Optional<Failure> openFailure() {
    return failing ? lastFailure : Optional.empty();
  }

  /** Whether anything was reported: runs that end don't. */
  public boolean isEmpty() {
    return tables.isEmpty() && shards.isEmpty() && epochs == 0 && failures == 0;
  }

  /** The largest of all shards; empty as long as that of any is unknown. */
  public Optional<Duration> lag(Instant now) {
    Collection<ShardStatus> all = shards.values();
    return all.stream().allMatch(shard -> shard.upTo().isPresent())
        ? all.stream().flatMap(shard -> shard.lag(now).stream()).max(Comparator.naturalOrder())
        : Optional.empty();
  }

  /** The sum of all shards; empty as long as that of any is unknown. */
  public OptionalLong behind() {
    Collection<ShardStatus> all = shards.values();
    return all.isEmpty() || all.stream().anyMatch(shard -> shard.behind().isEmpty())
        ? OptionalLong.empty()
        : OptionalLong.of(all.stream().mapToLong(shard -> shard.behind().getAsLong()).sum());
  }

  /** Why nothing comes of a shard, by the names of those of which nothing comes. */
  public Map<String, String> waits() {
    Map<String, String> waits = new TreeMap<>();
    shards.forEach(
        (shard, status) -> {
          if (!status.waits().isEmpty()) {
            waits.put(shard, status.waits());
          }
        });
    return waits;
  }

  /** Rows that were brought into the destination, of all tables. */
  public long applied() {
    return tables.values().stream().mapToLong(TableStatus::applied).sum();
  }

  /** How many tables are in a state. */
  public long count(TableStatus.State state) {
    return tables.values().stream().filter(table -> table.state() == state).count();
  }

  /** The tables in a state, by name. */
  public Map<String, TableStatus> in(TableStatus.State state) {
    Map<String, TableStatus> found = new TreeMap<>(tables);
    found.values().removeIf(table -> table.state() != state);
    return found;
  }
}
