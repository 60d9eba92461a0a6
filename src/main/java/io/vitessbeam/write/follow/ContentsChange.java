package io.vitessbeam.write.follow;

import io.vitessbeam.write.follow.FollowedTables.Contents;
import java.util.Optional;

/**
 * What a merge of changes did to the contents of a table.
 *
 * @param added how many rows more there are, those that are marked as deleted included
 * @param greatestLsn of the rows that it wrote; null if it wrote none
 * @param replacedOrder the greatest order among the rows that these took the place of; empty if
 *     there were none
 */
public record ContentsChange(long added, String greatestLsn, String replacedOrder) {

  public static final ContentsChange NONE = new ContentsChange(0, null, "");

  /** Whether it wrote nothing. */
  boolean isNone() {
    return greatestLsn == null;
  }

  /**
   * What a table holds after it; empty if that can't be told without a look at the table, because a
   * row that may have had the greatest order is gone.
   */
  public Optional<Contents> after(Contents before) {
    if (isNone()) {
      return Optional.of(before);
    }
    String greatest = before.greatestLsn();
    if (greatest == null || greatestLsn.compareTo(greatest) > 0) {
      greatest = greatestLsn;
    } else if (!replacedOrder.isEmpty() && greatest.startsWith(replacedOrder)) {
      return Optional.empty();
    }
    return Optional.of(new Contents(greatest, before.rows() + added));
  }
}
