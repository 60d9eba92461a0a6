package io.vitessbeam.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a stream is with one shard.
 *
 * @param gtid the position that is durable in the destination; empty as long as none is known
 * @param lastCommit when the last transaction that was applied was committed, by the source's clock
 * @param upTo the time up to which all that the shard committed is in the destination: that of the
 *     last commit, or later where the shard was asked and had nothing more
 * @param behind transactions that the shard's primary had executed beyond the position when it was
 *     last asked; empty once the position has moved since
 * @param waits why nothing comes of it, for people: its primary, or its stream, fails; empty while
 *     they don't
 */
public record ShardStatus(
    String gtid,
    Optional<Instant> lastCommit,
    Optional<Instant> upTo,
    OptionalLong behind,
    String waits) {

  static final ShardStatus UNKNOWN =
      new ShardStatus("", Optional.empty(), Optional.empty(), OptionalLong.empty(), "");

  public ShardStatus {
    Objects.requireNonNull(gtid, "gtid");
    Objects.requireNonNull(lastCommit, "lastCommit");
    Objects.requireNonNull(upTo, "upTo");
    Objects.requireNonNull(behind, "behind");
    Objects.requireNonNull(waits, "waits");
  }

  /** A commit that is not later than those before changes no time: shards replay. */
  ShardStatus at(String position, long commitMillis) {
    if (commitMillis <= 0) {
      return new ShardStatus(position, lastCommit, upTo, OptionalLong.empty(), waits);
    }
    Instant commit = Instant.ofEpochMilli(commitMillis);
    return new ShardStatus(
        position, later(lastCommit, commit), later(upTo, commit), OptionalLong.empty(), waits);
  }

  ShardStatus asked(long transactions, long atMillis) {
    return new ShardStatus(
        gtid,
        lastCommit,
        transactions == 0 ? later(upTo, Instant.ofEpochMilli(atMillis)) : upTo,
        OptionalLong.of(transactions),
        waits);
  }

  ShardStatus waitedFor(String reason) {
    return new ShardStatus(gtid, lastCommit, upTo, behind, reason);
  }

  private static Optional<Instant> later(Optional<Instant> one, Instant other) {
    return one.filter(instant -> instant.isAfter(other)).or(() -> Optional.of(other));
  }

  /**
   * How old the destination's rows of this shard are at most; empty as long as that is unknown. It
   * holds the difference of the two machines' clocks, and the time between two questions of an idle
   * shard.
   */
  public Optional<Duration> lag(Instant now) {
    return upTo.map(time -> time.isAfter(now) ? Duration.ZERO : Duration.between(time, now));
  }
}
