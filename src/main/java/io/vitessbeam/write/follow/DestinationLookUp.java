package io.vitessbeam.write.follow;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds out where the tables of a destination stand, and whose they are. The table of positions is
 * believed where it agrees with the data; otherwise the greatest {@code _cdc_lsn} of the data says
 * from where it is safe to go on. A table that follows another one is nobody else's, whatever its
 * data say.
 */
public final class DestinationLookUp {

  private static final String REFRESH = "run with --full-refresh to rebuild the destination safely";

  private final FollowedTables tables;
  private final SyncSpec spec;
  private final KnownContents known;

  public DestinationLookUp(FollowedTables tables, SyncSpec spec) {
    this.tables = tables;
    this.spec = spec;
    this.known = new KnownContents(tables.place(), tables::contents);
  }

  /** See {@link io.vitessbeam.write.SyncLoader#lookUp(Set)}. */
  public StoredTables lookUp(Set<String> resting) throws SQLException {
    if (tables.ignoresCase()) {
      requireDistinct(spec);
    }
    List<StoredTable> stored = new ArrayList<>();
    for (SyncSpec.Table table : spec.tables()) {
      stored.add(lookUp(table.source(), table.target(), resting.contains(table.source())));
    }
    return new StoredTables(stored);
  }

  /** Fails if two tables of a run would be one where case makes no difference. */
  public static void requireDistinct(SyncSpec spec) {
    Map<String, SyncSpec.Table> byName = new HashMap<>();
    for (SyncSpec.Table table : spec.tables()) {
      SyncSpec.Table other = byName.put(table.target().toString().toLowerCase(Locale.ROOT), table);
      if (other != null) {
        throw new ConfigurationException(
            "The tables %s and %s would be one table in the destination, where case makes no difference; exclude one of them"
                .formatted(other.source(), table.source()));
      }
    }
  }

  private StoredTable lookUp(String source, TargetTable table, boolean rests) throws SQLException {
    String type = tables.type(table);
    if (type != null && !type.equals("BASE TABLE")) {
      throw new ConfigurationException(
          "%s in %s is a %s and can't be followed into; drop it or choose another name"
              .formatted(table, tables.place(), type));
    }
    if (type == null || spec.fullRefresh()) {
      return StoredTable.absent(source);
    }
    requireFollowing(tables.isFollowing(table), table + " in " + tables.place());
    FollowedTables.Stored stored = requireOwned(source, table);
    FollowedTables.Contents contents =
        rests ? known.held(table, stored) : known.count(table, stored);
    if (agrees(stored, contents)) {
      return new StoredTable(source, stored.position(), stored.epoch(), stored.definition());
    }
    if (contents.rows() == 0 || isClaimed(stored)) {
      return StoredTable.absent(source);
    }
    CdcLsn lsn = greatest(table, contents.greatestLsn());
    return stored == null
        ? StoredTable.unknown(source, lsn.resume(), lsn.epoch(), tables.columns(table))
        // The rows were changed by hand, and not whose they are, nor what was carried over.
        : new StoredTable(source, lsn.resume(), lsn.epoch(), stored.definition());
  }

  private static boolean agrees(FollowedTables.Stored stored, FollowedTables.Contents contents) {
    return stored != null && stored.position() != null && stored.contents().equals(contents);
  }

  private static boolean isClaimed(FollowedTables.Stored stored) {
    return stored != null && stored.contents().equals(FollowedTables.Contents.UNKNOWN);
  }

  /**
   * Makes sure that a table which is there holds no rows of another one; if it is to be rebuilt
   * that makes no difference. Asked before a run, and again when it has come to the table.
   *
   * @return what is known of it; null if nothing is
   * @throws ConfigurationException naming both owners
   */
  public FollowedTables.Stored requireOwned(String source, TargetTable table) throws SQLException {
    FollowedTables.Stored stored = tables.position(table);
    TableName wanted = new TableName(spec.keyspace(), source);
    if (stored != null && !spec.fullRefresh() && !stored.owner().equals(wanted)) {
      throw new ConfigurationException(
          "%s in %s follows %s, and can't follow %s too: choose another name with --dest-table, or run with --full-refresh to put the rows of %s in its place"
              .formatted(table, tables.place(), stored.owner(), wanted, wanted));
    }
    return stored;
  }

  /** Fails if a table that is to be followed was not written by following. */
  public static void requireFollowing(boolean following, String table) {
    if (!following) {
      throw new ConfigurationException(
          table
              + " is not a table that CDC wrote: it lacks "
              + String.join(", ", FollowedTables.COLUMNS)
              + "; run with --full-refresh to rebuild it, or choose another name");
    }
  }

  private CdcLsn greatest(TargetTable table, String greatest) {
    CdcLsn lsn;
    try {
      lsn = CdcLsn.parse(String.valueOf(greatest));
    } catch (IllegalArgumentException e) {
      throw new NeedsRefreshException(
          "resume position \"%s\" for %s is invalid; %s".formatted(greatest, table, REFRESH), e);
    }
    if (!lsn.resume().keyspace().equals(spec.keyspace())) {
      throw new NeedsRefreshException(
          "resume position \"%s\" for %s is invalid: it is of the keyspace %s, not of %s; %s"
              .formatted(greatest, table, lsn.resume().keyspace(), spec.keyspace(), REFRESH));
    }
    return lsn;
  }
}
