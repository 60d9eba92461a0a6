package io.vitessbeam.pipelines.watch;

import io.vitessbeam.pipelines.report.Rates;
import io.vitessbeam.progress.StreamSnapshot;
import io.vitessbeam.progress.TableStatus;
import io.vitessbeam.progress.TableStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a run keeps up: its lag is bounded or falls, no table has waited for long, and while no
 * lag is known yet, rows move.
 *
 * @param reason why not, for people; empty if it does
 */
record Health(boolean good, String reason) {

  private static final Health GOOD = new Health(true, "");

  static Health of(StreamSnapshot stream, History history, Duration bound, Instant now) {
    Optional<Duration> lag = stream.lag(now);
    if (lag.isPresent() && lag.get().compareTo(bound) > 0 && !history.lagFalls()) {
      return bad(
          "the lag is %s, which is more than %s, and does not fall"
              .formatted(Rates.time(lag.get()), Rates.time(bound)),
          stream,
          now);
    }
    if (lag.isEmpty() && !history.rowsMove()) {
      return bad("no row has moved for " + Rates.time(history.span()), stream, now);
    }
    for (Map.Entry<String, TableStatus> table : stream.in(State.WAITING).entrySet()) {
      Duration waiting = Duration.between(table.getValue().since(), now);
      if (waiting.compareTo(bound) > 0) {
        return bad(
            "%s has waited for %s: %s"
                .formatted(table.getKey(), Rates.time(waiting), table.getValue().reason()),
            stream,
            now);
      }
    }
    return GOOD;
  }

  private static Health bad(String reason, StreamSnapshot stream, Instant now) {
    StringBuilder text = new StringBuilder(reason);
    stream
        .waits()
        .forEach((shard, why) -> text.append("; waits for shard %s: %s".formatted(shard, why)));
    stream
        .openFailure()
        .ifPresent(
            failure ->
                text.append(
                    "; last failure %s ago: %s"
                        .formatted(
                            Rates.time(Duration.between(failure.at(), now)), failure.message())));
    return new Health(false, text.toString());
  }
}
