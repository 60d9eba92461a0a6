package io.vitessbeam.write.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.vstream.CdcLsn;
import io.vitessbeam.vstream.StoredTable;
import io.vitessbeam.vstream.StoredTables;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.merge.Sql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out where the tables of a destination stand. The table of positions is believed where it
 * agrees with the data; otherwise the greatest {@code _cdc_lsn} of the data says from where it is
 * safe to go on.
 */
final class DestinationLookUp {

  private final SyncArea area;
  private final SyncTarget target;
  private final Connection connection;
  private final SyncTables tables;
  private final Positions positions;

  DestinationLookUp(SyncArea area, SyncTarget target) {
    this.area = area;
    this.target = target;
    this.connection = area.connection();
    this.tables = area.tables();
    this.positions = new Positions(connection, tables);
  }

  StoredTables lookUp() {
    try {
      List<StoredTable> stored = new ArrayList<>();
      for (SyncTarget.Table table : target.tables()) {
        stored.add(lookUp(table.source(), table.target()));
      }
      return new StoredTables(stored);
    } catch (SQLException e) {
      throw area.failure("Looking up the tables", e);
    }
  }

  private StoredTable lookUp(String source, TargetTable table) throws SQLException {
    String type = tableType(connection, tables, table);
    if (type != null && !type.equals("BASE TABLE")) {
      throw new ConfigurationException(
          "%s in %s is a %s and can't be followed into; drop it or choose another name"
              .formatted(table, target.uri(), type));
    }
    if (type == null || target.fullRefresh()) {
      return StoredTable.absent(source);
    }
    TargetColumns.read(connection, tables.named(table, table.table()))
        .failUnlessFollowing(table + " in " + target.uri());
    Positions.Contents contents = positions.contents(table);
    Positions.Stored stored = positions.read(target.keyspace(), source, table);
    if (stored != null && stored.contents().equals(contents)) {
      return new StoredTable(source, stored.position(), stored.epoch(), stored.definition());
    }
    return contents.rows() == 0
        ? StoredTable.absent(source)
        : fromData(source, table, contents.greatestLsn());
  }

  private StoredTable fromData(String source, TargetTable table, String greatest) {
    CdcLsn lsn;
    try {
      lsn = CdcLsn.parse(String.valueOf(greatest));
    } catch (IllegalArgumentException e) {
      throw new NeedsRefreshException(
          "resume position \"%s\" for %s is invalid; %s".formatted(greatest, table, REFRESH), e);
    }
    if (!lsn.resume().keyspace().equals(target.keyspace())) {
      throw new NeedsRefreshException(
          "resume position \"%s\" for %s is invalid: it is of the keyspace %s, not of %s; %s"
              .formatted(greatest, table, lsn.resume().keyspace(), target.keyspace(), REFRESH));
    }
    return new StoredTable(source, lsn.resume(), lsn.epoch(), "");
  }

  private static final String REFRESH = "run with --full-refresh to rebuild the destination safely";

  /** {@code BASE TABLE}, {@code VIEW} or null. */
  static String tableType(Connection connection, SyncTables tables, TargetTable table)
      throws SQLException {
    return Sql.text(
        connection,
        "SELECT table_type FROM information_schema.tables WHERE table_catalog = %s AND"
                .formatted(Sql.literal(tables.catalog()))
            + " lower(table_schema) = lower(%s) AND lower(table_name) = lower(%s)"
                .formatted(Sql.literal(SyncTables.schemaOf(table)), Sql.literal(table.table())));
  }
}
