package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.follow.ContentsChange;
import io.vitessbeam.write.follow.FollowedTables;
import io.vitessbeam.write.follow.KnownContents;
import io.vitessbeam.write.follow.Positions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

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

  /**
   * Replaces what is known of a table by what it is now.
   *
   * @param change see {@link KnownContents#publishing}
   */
  Contents write(Position position, Optional<ContentsChange> change) throws SQLException {
    return positions(
        position.table(),
        positions -> {
          Contents now =
              known().publishing(position.table(), positions.read(position.table()), change);
          positions.create();
          positions.write(position, now);
          return now;
        });
  }

  /** To be called when what was written is committed. */
  void published(TargetTable table, String run, Contents now) {
    known().published(table, run, now);
  }

  private KnownContents known() {
    return new KnownContents(place(), this::contents);
  }
}
