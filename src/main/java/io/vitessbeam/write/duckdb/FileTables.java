package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.FollowedTables;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.merge.Sql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import java.sql.Connection;
import java.sql.SQLException;

/** The tables of an open DuckDB file that follow a source. */
record FileTables(Connection connection, SyncTables tables, Positions positions)
    implements FollowedTables {

  static FileTables of(SyncArea area) {
    return new FileTables(
        area.connection(), area.tables(), new Positions(area.connection(), area.tables()));
  }

  @Override
  public String place() {
    return tables.target().place().toString();
  }

  @Override
  public String type(TargetTable table) throws SQLException {
    return type(connection, tables, table);
  }

  /** See {@link FollowedTables#type}. */
  static String type(Connection connection, SyncTables tables, TargetTable table)
      throws SQLException {
    return Sql.text(
        connection,
        "SELECT table_type FROM information_schema.tables WHERE table_catalog = %s AND"
                .formatted(Sql.literal(tables.catalog()))
            + " lower(table_schema) = lower(%s) AND lower(table_name) = lower(%s)"
                .formatted(Sql.literal(SyncTables.schemaOf(table)), Sql.literal(table.table())));
  }

  @Override
  public boolean isFollowing(TargetTable table) throws SQLException {
    return TargetColumns.read(connection, tables.named(table, table.table())).areFollowing();
  }

  @Override
  public Contents contents(TargetTable table) throws SQLException {
    return positions.contents(table);
  }

  @Override
  public Stored position(String keyspace, String source, TargetTable table) throws SQLException {
    return positions.read(keyspace, source, table);
  }
}
