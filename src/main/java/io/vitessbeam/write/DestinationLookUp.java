package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.vstream.CdcLsn;
import io.vitessbeam.vstream.StoredTable;
import io.vitessbeam.vstream.StoredTables;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out where the tables of a destination stand. The table of positions is believed where it
 * agrees with the data; otherwise the greatest {@code _cdc_lsn} of the data says from where it is
 * safe to go on.
 */
public final class DestinationLookUp {

  private static final String REFRESH = "run with --full-refresh to rebuild the destination safely";

  private final FollowedTables tables;
  private final SyncSpec spec;

  public DestinationLookUp(FollowedTables tables, SyncSpec spec) {
    this.tables = tables;
    this.spec = spec;
  }

  public StoredTables lookUp() throws SQLException {
    List<StoredTable> stored = new ArrayList<>();
    for (SyncSpec.Table table : spec.tables()) {
      stored.add(lookUp(table.source(), table.target()));
    }
    return new StoredTables(stored);
  }

  private StoredTable lookUp(String source, TargetTable table) throws SQLException {
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
    FollowedTables.Contents contents = tables.contents(table);
    FollowedTables.Stored stored = tables.position(spec.keyspace(), source, table);
    if (stored != null && stored.contents().equals(contents)) {
      return new StoredTable(source, stored.position(), stored.epoch(), stored.definition());
    }
    return contents.rows() == 0
        ? StoredTable.absent(source)
        : fromData(source, table, contents.greatestLsn());
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

  private StoredTable fromData(String source, TargetTable table, String greatest) {
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
    return new StoredTable(source, lsn.resume(), lsn.epoch(), "");
  }
}
