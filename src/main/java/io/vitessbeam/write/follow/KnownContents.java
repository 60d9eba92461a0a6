package io.vitessbeam.write.follow;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the tables of a destination hold, as far as this JVM knows. To count the rows of a table,
 * and to find the greatest order among them, takes a look at all of it. That is done before
 * something is merged into it, as what others did to it can't be told afterwards. What it holds
 * then follows from what it held and from what was merged, and is taken for what it still holds
 * while nothing is. For any thread.
 */
public final class KnownContents {

  private static final Map<Key, Known> KNOWN = new ConcurrentHashMap<>();

  private record Key(String place, TargetTable table) {}

  /**
   * What a table holds.
   *
   * @param run that wrote it last
   */
  private record Known(String run, Contents contents) {

    boolean isOf(Stored stored) {
      return stored != null
          && stored.position() != null
          && stored.run().equals(run)
          && stored.contents().equals(contents);
    }
  }

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

  private Key key(TargetTable table) {
    return new Key(place, table);
  }

  /**
   * What a table holds now.
   *
   * @param stored with its position; null if nothing is
   */
  Contents count(TargetTable table, Stored stored) throws SQLException {
    KNOWN.remove(key(table));
    Contents contents = count.of(table);
    if (stored != null && stored.contents().equals(contents)) {
      KNOWN.put(key(table), new Known(stored.run(), contents));
    }
    return contents;
  }

  /**
   * What a table held when it was written last, if this JVM knows that; else what it holds now.
   *
   * @param stored with its position; null if nothing is
   */
  Contents held(TargetTable table, Stored stored) throws SQLException {
    Known known = KNOWN.get(key(table));
    return known != null && known.isOf(stored) ? known.contents() : count(table, stored);
  }

  /**
   * What a table holds with what a run publishes to it, in the same transaction. Until {@link
   * #published} nothing is known of it.
   *
   * @param stored with its position before; null if nothing was
   * @param change what was done to it; empty if it was replaced
   */
  public Contents publishing(TargetTable table, Stored stored, Optional<ContentsChange> change)
      throws SQLException {
    Known known = KNOWN.remove(key(table));
    if (known != null && known.isOf(stored)) {
      Optional<Contents> after = change.flatMap(what -> what.after(known.contents()));
      if (after.isPresent()) {
        return after.get();
      }
    }
    return count.of(table);
  }

  /** When it is committed. */
  public void published(TargetTable table, String run, Contents contents) {
    KNOWN.put(key(table), new Known(run, contents));
  }
}
