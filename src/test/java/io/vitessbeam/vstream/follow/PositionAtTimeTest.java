package io.vitessbeam.vstream.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.vstream.position.GtidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Where a log was at a time, for logs of one primary and of several. */
class PositionAtTimeTest {

  private static final List<String> SERVERS =
      List.of(
          "3e11fa47-71ca-11e1-9e33-c80aa9429562",
          "4f22fb58-82db-22f2-af44-d91bb0530673",
          "00000000-82db-22f2-af44-d91bb0530674");

  /** A transaction of a log, with what the shard has behind it. */
  private record Entry(GtidSet gtid, long seconds) {}

  /** A log whose primaries take turns. */
  private static final class Log implements PositionAtTime.CommitTimes {

    private final List<Entry> entries = new ArrayList<>();
    private final long[] numbers = new long[SERVERS.size()];
    private int asked;

    void add(int server, long seconds) {
      numbers[server]++;
      entries.add(new Entry(GtidSet.parse(SERVERS.get(server) + ":" + numbers[server]), seconds));
    }

    GtidSet first(int count) {
      StringBuilder set = new StringBuilder();
      entries.subList(0, count).forEach(entry -> set.append(entry.gtid().sql()).append(','));
      return GtidSet.parse(set.toString());
    }

    @Override
    public long ofFirstAfter(GtidSet set) {
      asked++;
      assertThat(set.isEmpty()).as("a position that can be streamed from").isFalse();
      return entries.stream()
          .filter(entry -> !set.contains(entry.gtid()))
          .findFirst()
          .orElseThrow()
          .seconds();
    }

    GtidSet at(long seconds, int purged) throws InterruptedException {
      return new PositionAtTime(this, first(entries.size()), first(purged))
          .at(Instant.ofEpochSecond(seconds), "shop/0");
    }
  }

  /** Steps of a log: which server, and how many seconds after the last. */
  private static Log log(List<Integer> steps) {
    Log log = new Log();
    long seconds = 1000;
    for (int step : steps) {
      seconds += step / 3;
      log.add(step % 3, seconds);
    }
    return log;
  }

  @Property(tries = 500)
  void everythingBeforeTheTimeAndNothingElse(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 8) Integer> steps,
      @ForAll @IntRange(max = 70) int after,
      @ForAll @IntRange(max = 60) int purgedSteps)
      throws InterruptedException {
    Log log = log(steps);
    long seconds = 1000L + after;
    int purged = Math.min(purgedSteps, steps.size() - 1);
    int before = (int) log.entries.stream().filter(entry -> entry.seconds() < seconds).count();

    // Of the very first transaction nothing can be asked.
    if (before <= Math.max(purged, 1)) {
      assertThatThrownBy(() -> log.at(seconds, purged))
          .isInstanceOf(NeedsRefreshException.class)
          .hasMessageContaining("don't reach back");
      return;
    }
    GtidSet found = log.at(seconds, purged);
    assertThat(found).isEqualTo(log.first(before));
  }

  @Example
  void aLongLogTakesFewQuestions() throws InterruptedException {
    Log log = new Log();
    for (int i = 0; i < 3000; i++) {
      log.add(i < 1000 ? 0 : 1, 1000 + i);
    }

    assertThat(log.at(2500, 0)).isEqualTo(log.first(1500));
    assertThat(log.asked).isLessThan(25);
  }
}
