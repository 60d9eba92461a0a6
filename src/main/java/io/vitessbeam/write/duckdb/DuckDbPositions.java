package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.merge.Sql;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The table of positions beside the tables of a schema of a file.
 *
 * @param neighbour any table of the schema
 * @param now as an expression
 */
record DuckDbPositions(Connection connection, SyncTables tables, TargetTable neighbour, String now)
    implements PositionTable {

  static Positions of(SyncArea area, TargetTable table) {
    return new Positions(new DuckDbPositions(area.connection(), area.tables(), table, area.now()));
  }

  @Override
  public boolean exists() throws SQLException {
    return Sql.number(
            connection,
            "SELECT count(*) FROM duckdb_tables() WHERE " + tables.named(neighbour, NAME))
        > 0;
  }

  @Override
  public void create() throws SQLException {
    Sql.execute(
        connection,
        List.of(
            "CREATE TABLE IF NOT EXISTS "
                + quoted()
                + " (source_keyspace VARCHAR NOT NULL, source_table VARCHAR NOT NULL, table_name"
                + " VARCHAR NOT NULL, number INTEGER NOT NULL, shard VARCHAR NOT NULL, gtid VARCHAR"
                + " NOT NULL, epoch INTEGER NOT NULL, definition VARCHAR NOT NULL, greatest_lsn"
                + " VARCHAR, row_count BIGINT NOT NULL, run VARCHAR NOT NULL, copied BOOLEAN NOT"
                + " NULL, reason VARCHAR NOT NULL, rows_copied BIGINT NOT NULL, inserted BIGINT NOT"
                + " NULL, updated BIGINT NOT NULL, deleted BIGINT NOT NULL, written_at TIMESTAMPTZ"
                + " NOT NULL)"));
  }

  @Override
  public String quoted() {
    return tables.fullName(neighbour, NAME);
  }

  @Override
  public String literal(String text) {
    return Sql.literal(text);
  }

  /** Names that differ in case only are the same. */
  @Override
  public String isOf(TargetTable table) {
    return "lower(table_name) = lower(" + literal(table.table()) + ")";
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return Sql.rows(connection, query);
  }

  @Override
  public void update(String statement) throws SQLException {
    Sql.update(connection, statement);
  }
}
