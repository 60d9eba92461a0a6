package io.vitessbeam.write.follow;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What the tables of a destination hold, as far as this JVM knows. To count the rows of a table,
 * and to find the greatest order among them, takes a look at all of it, which the flushes of a
 * stream can't do each time. So what a table holds follows from what it held and from what was
 * merged into it, and it is counted again when that is due: with each flush where it takes some
 * milliseconds, and else so seldom that it takes a sixtieth of the time, which is every few minutes
 * for a table of many millions of rows.
 *
 * <p>What others do to a table is noticed when it is counted, and what was merged into it meanwhile
 * can't be told from that: what is stored with its position says whether there was such a time. For
 * any thread.
 */
public final class KnownContents {

  private static final int TIMES_ITS_COST = 60;
  private static final long CHEAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Map<Key, Known> KNOWN = new ConcurrentHashMap<>();

  private record Key(String place, TargetTable table) {}

  /**
   * What a table is known to hold.
   *
   * @param run that wrote it last
   * @param counted whether it was by the look-up that came last
   * @param atNanos when it was counted
   * @param tookNanos how long that took
   */
  private record Known(
      String run, Contents contents, boolean counted, long atNanos, long tookNanos) {

    boolean isOf(Stored stored) {
      return stored != null
          && stored.position() != null
          && stored.run().equals(run)
          && stored.contents().equals(contents);
    }

    Known notCounted() {
      return new Known(run, contents, false, atNanos, tookNanos);
    }

    boolean isDue() {
      return tookNanos < CHEAP_NANOS || System.nanoTime() - atNanos >= TIMES_ITS_COST * tookNanos;
    }
  }

  /**
   * What a table holds when something was published to it.
   *
   * @param counted whether it was counted then, or right before what was merged into it last
   */
  public record Published(Contents contents, boolean counted, long atNanos, long tookNanos) {}

  /** Looks at all of a table. */
  @FunctionalInterface
  public interface Count {
    Contents of(TargetTable table) throws SQLException;
  }

  private final String place;
  private final Count count;

  /**
   * @param place of the tables, see {@link FollowedTables#place}
   */
  public KnownContents(String place, Count count) {
    this.place = place;
    this.count = count;
  }

  /**
   * What a table holds, to be compared with what is stored with its position.
   *
   * @param stored null if nothing is
   * @param often whether that is done so often that it need not be counted
   */
  Contents lookUp(TargetTable table, Stored stored, boolean often) throws SQLException {
    Key key = new Key(place, table);
    Known known = KNOWN.get(key);
    if (often && known != null && known.isOf(stored) && !known.isDue()) {
      KNOWN.put(key, known.notCounted());
      return known.contents();
    }
    KNOWN.remove(key);
    Published now = count(table);
    if (stored != null && stored.contents().equals(now.contents())) {
      KNOWN.put(key, new Known(stored.run(), now.contents(), true, now.atNanos(), now.tookNanos()));
    }
    return now.contents();
  }

  /**
   * What a table holds with what a run publishes to it, in the same transaction. Until {@link
   * #published} nothing is known of it.
   *
   * @param stored with its position before; null if nothing was
   * @param change what was done to it; empty if it was replaced
   */
  public Published publishing(TargetTable table, Stored stored, Optional<ContentsChange> change)
      throws SQLException {
    Known known = KNOWN.remove(new Key(place, table));
    if (known != null && known.isOf(stored)) {
      Optional<Contents> after = change.flatMap(what -> what.after(known.contents()));
      if (after.isPresent()) {
        boolean counted = known.counted() || (stored.counted() && change.get().isNone());
        return new Published(after.get(), counted, known.atNanos(), known.tookNanos());
      }
    }
    return count(table);
  }

  /** When it is committed. */
  public void published(TargetTable table, String run, Published now) {
    KNOWN.put(
        new Key(place, table),
        new Known(run, now.contents(), false, now.atNanos(), now.tookNanos()));
  }

  private Published count(TargetTable table) throws SQLException {
    long began = System.nanoTime();
    Contents contents = count.of(table);
    return new Published(contents, true, began, System.nanoTime() - began);
  }
}
