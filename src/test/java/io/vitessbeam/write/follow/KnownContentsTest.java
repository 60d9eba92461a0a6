package io.vitessbeam.write.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When tables are counted, and what is known of them in between. */
class KnownContentsTest {

  private static final TargetTable T = new TargetTable("", "t");

  /** Long enough that it isn't due again while a test runs. */
  private static final long SLOW_MILLIS = 100;

  private final String place = UUID.randomUUID().toString();
  private Contents table = new Contents("b", 2);
  private long costMillis = SLOW_MILLIS;
  private int counted;

  private final KnownContents known =
      new KnownContents(
          place,
          any -> {
            counted++;
            try {
              TimeUnit.MILLISECONDS.sleep(costMillis);
            } catch (InterruptedException e) {
              throw new SQLException(e);
            }
            return table;
          });

  private static Stored stored(String run, Contents contents) {
    Vgtid position = new Vgtid("shop", List.of(new Vgtid.ShardGtid("0", "")));
    return new Stored(new TableName("shop", "t"), position, 1, "", contents, true, run);
  }

  private static Optional<ContentsChange> change(long added, String greatest) {
    return Optional.of(new ContentsChange(added, greatest, ""));
  }

  /** What a flush writes. */
  private KnownContents.Published flush(String run, Stored before, Optional<ContentsChange> change)
      throws SQLException {
    KnownContents.Published now = known.publishing(T, before, change);
    known.published(T, run, now);
    return now;
  }

  @Test
  void aFlushCountsNothingAsLongAsThatIsNotDue() throws SQLException {
    Stored before = stored("1", table);
    assertThat(known.lookUp(T, before, true)).isEqualTo(table);

    KnownContents.Published second = flush("2", before, change(3, "c"));
    assertThat(second.contents()).isEqualTo(new Contents("c", 5));
    assertThat(second.counted()).as("right before").isTrue();
    Stored after = stored("2", second.contents());
    assertThat(known.lookUp(T, after, true)).isEqualTo(second.contents());
    KnownContents.Published third = flush("3", after, change(0, "d"));

    assertThat(third.contents()).isEqualTo(new Contents("d", 5));
    assertThat(third.counted()).as("two merges ago").isFalse();
    assertThat(counted).isEqualTo(1);
  }

  /** Somebody may have changed it since. */
  @Test
  void aCountIsRightBeforeAMergeOnlyInTheSameFlush() throws SQLException {
    Stored before = stored("1", table);
    known.lookUp(T, before, true);
    KnownContents.Published idle = flush("2", before, Optional.of(ContentsChange.NONE));
    assertThat(idle.counted()).as("nothing was merged").isTrue();

    Stored after = stored("2", table);
    known.lookUp(T, after, true);
    assertThat(flush("3", after, change(0, "c")).counted()).isFalse();
    assertThat(counted).isEqualTo(1);
  }

  @Test
  void aTableThatIsCheapToCountIsCountedEachTime() throws SQLException {
    costMillis = 0;
    Stored before = stored("1", table);
    known.lookUp(T, before, true);
    table = new Contents("a", 1);

    assertThat(known.lookUp(T, before, true)).isEqualTo(table);
  }

  @Test
  void aRunThatIsNoFlushCounts() throws SQLException {
    Stored before = stored("1", table);
    known.lookUp(T, before, true);
    table = new Contents("a", 1);

    assertThat(known.lookUp(T, before, false)).isEqualTo(table);
  }

  @ParameterizedTest
  @CsvSource({"2, b, 2", "1, c, 2", "1, b, 3"})
  void whatAnotherWroteMeanwhileIsNotTakenForKnown(String run, String greatest, long rows)
      throws SQLException {
    known.lookUp(T, stored("1", table), true);

    known.lookUp(T, stored(run, new Contents(greatest, rows)), true);
    assertThat(counted).isEqualTo(2);
  }

  @Test
  void nothingIsKnownAfterAPublicationThatFailed() throws SQLException {
    Stored before = stored("1", table);
    known.lookUp(T, before, true);
    known.publishing(T, before, change(1, "c"));
    table = new Contents("c", 3);

    assertThat(known.publishing(T, before, change(1, "c")).contents()).isEqualTo(table);
    assertThat(counted).isEqualTo(2);
  }

  @Test
  void aCountThatFailsSaysWhy() {
    KnownContents broken =
        new KnownContents(
            place,
            any -> {
              throw new SQLException("gone");
            });
    assertThatThrownBy(() -> broken.lookUp(T, null, true)).hasMessage("gone");
  }

  /** Before: greatest b, 2 rows. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, -, '', b 2",
        "1, c, '', c 3",
        "0, c, b, c 2",
        "1, a, '', b 3",
        "0, a, a, b 2",
        "0, a, b, -",
      })
  void whatATableHoldsFollowsFromWhatWasMergedIntoIt(
      long added, String greatest, String replaced, String after) {
    assertThat(
            new ContentsChange(added, greatest, replaced)
                .after(new Contents("b", 2))
                .map(contents -> contents.greatestLsn() + " " + contents.rows())
                .orElse(null))
        .isEqualTo(after);
  }
}
