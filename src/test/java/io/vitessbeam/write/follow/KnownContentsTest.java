package io.vitessbeam.write.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When tables are counted, and what is known of them in between. */
class KnownContentsTest {

  private static final TargetTable T = new TargetTable("", "t");

  private Contents table = new Contents("b", 2);
  private int counted;

  private final KnownContents known =
      new KnownContents(
          UUID.randomUUID().toString(),
          any -> {
            counted++;
            return table;
          });

  private static Stored stored(String run, Contents contents) {
    Vgtid position = new Vgtid("shop", List.of(new Vgtid.ShardGtid("0", "")));
    return new Stored(new TableName("shop", "t"), position, 1, "", contents, run);
  }

  private static Optional<ContentsChange> change(long added, String greatest) {
    return Optional.of(new ContentsChange(added, greatest, ""));
  }

  @Test
  void aTableIsCountedBeforeSomethingIsMergedIntoItAndNotAfterwards() throws SQLException {
    Stored before = stored("1", table);
    assertThat(known.count(T, before)).isEqualTo(table);
    Contents after = known.publishing(T, before, change(3, "c"));
    known.published(T, "2", after);

    assertThat(after).isEqualTo(new Contents("c", 5));
    assertThat(counted).isEqualTo(1);
    table = after;
    known.count(T, stored("2", after));
    assertThat(counted).isEqualTo(2);
  }

  @Test
  void aTableThatRestsIsNotCounted() throws SQLException {
    known.count(T, stored("1", table));
    for (int run = 1; run < 5; run++) {
      Stored before = stored("" + run, table);
      assertThat(known.held(T, before)).isEqualTo(table);
      Contents after = known.publishing(T, before, Optional.of(ContentsChange.NONE));
      assertThat(after).isEqualTo(table);
      known.published(T, "" + (run + 1), after);
    }
    assertThat(counted).isEqualTo(1);
  }

  /** So it is noticed, and the table is not merged into as if it were what it was. */
  @Test
  void whatAnotherDidToATableThatRestedIsSeenBeforeAMerge() throws SQLException {
    Stored before = stored("1", table);
    known.count(T, before);
    known.held(T, before);
    table = new Contents("a", 1);

    assertThat(known.count(T, before)).isEqualTo(table);
    assertThat(known.held(T, before)).as("not what it should be").isEqualTo(table);
    assertThat(counted).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"2, b, 2", "1, c, 2", "1, b, 3"})
  void whatAnotherProcessWroteIsCounted(String run, String greatest, long rows)
      throws SQLException {
    known.count(T, stored("1", table));

    known.held(T, stored(run, new Contents(greatest, rows)));
    assertThat(counted).isEqualTo(2);
  }

  @Test
  void nothingIsKnownAfterAPublicationThatFailed() throws SQLException {
    Stored before = stored("1", table);
    known.count(T, before);
    known.publishing(T, before, change(1, "c"));
    table = new Contents("c", 3);

    assertThat(known.publishing(T, before, change(1, "c"))).isEqualTo(table);
    assertThat(counted).isEqualTo(2);
  }

  @Test
  void aTableThatWasReplacedIsCounted() throws SQLException {
    Stored before = stored("1", table);
    known.count(T, before);
    table = new Contents("x", 9);

    assertThat(known.publishing(T, before, Optional.empty())).isEqualTo(table);
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
