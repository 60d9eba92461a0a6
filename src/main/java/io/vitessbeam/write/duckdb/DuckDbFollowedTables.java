package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.follow.FollowedTables;
import io.vitessbeam.write.follow.Positions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables of an open DuckDB file that follow a source. */
record DuckDbFollowedTables(SyncArea area, Connection connection, SyncTableNames tables)
    implements FollowedTables {

  static DuckDbFollowedTables of(SyncArea area) {
    return new DuckDbFollowedTables(area, area.connection(), area.tables());
  }

  @Override
  public String place() {
    return tables.key().place().toString();
  }

  @Override
  public boolean ignoresCase() {
    return true;
  }

  @Override
  public String type(TargetTable table) throws SQLException {
    return area.catalog().type(table);
  }

  @Override
  public List<String> columns(TargetTable table) throws SQLException {
    return TargetColumns.read(connection, table.toString(), area.catalog().named(table)).names();
  }

  @Override
  public Contents contents(TargetTable table) throws SQLException {
    List<String> row =
        DuckDbSql.row(connection, "SELECT max(_cdc_lsn), count(*) FROM " + tables.fullName(table));
    return new Contents(row.get(0), Long.parseLong(row.get(1)));
  }

  @Override
  public <T> T positions(TargetTable table, PositionWork<T> work) throws SQLException {
    return work.with(new Positions(new DuckDbPositions(connection, tables, table, area.now())));
  }

  /** Replaces what is known of a table by what it is now. */
  void write(Position position) throws SQLException {
    Contents contents = contents(position.table());
    positions(
        position.table(),
        positions -> {
          positions.create();
          positions.write(position, contents);
          return null;
        });
  }
}
