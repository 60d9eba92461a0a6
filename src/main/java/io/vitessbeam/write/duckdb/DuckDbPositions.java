package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.follow.PositionTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The table of positions beside the tables of a schema of a file.
 *
 * @param neighbour any table of the schema
 * @param now as an expression
 */
record DuckDbPositions(
    Connection connection, SyncTableNames tables, TargetTable neighbour, String now)
    implements PositionTable {

  @Override
  public boolean exists() throws SQLException {
    return new FileCatalog(connection, tables.catalog())
        .hasTable(new TargetTable(neighbour.schema(), NAME));
  }

  @Override
  public void create(String columns) throws SQLException {
    DuckDbSql.execute(
        connection, List.of("CREATE TABLE IF NOT EXISTS %s (%s)".formatted(quoted(), columns)));
  }

  @Override
  public String definition(ColumnKind kind) {
    return switch (kind) {
      case IDENTIFIER, NAME, TEXT -> "VARCHAR NOT NULL";
      case NULLABLE_TEXT -> "VARCHAR";
      case INTEGER -> "INTEGER NOT NULL";
      case BIGINT -> "BIGINT NOT NULL";
      case BOOLEAN -> "BOOLEAN NOT NULL";
      case MOMENT -> "TIMESTAMPTZ NOT NULL";
    };
  }

  @Override
  public String quoted() {
    return tables.fullName(neighbour, NAME);
  }

  @Override
  public String literal(String text) {
    return DuckDbSql.literal(text);
  }

  /** Names that differ in case only are the same. */
  @Override
  public String isOf(TargetTable table) {
    return "lower(table_name) = lower(" + literal(table.table()) + ")";
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return DuckDbSql.rows(connection, query);
  }

  @Override
  public void update(String statement) throws SQLException {
    DuckDbSql.update(connection, statement);
  }
}
