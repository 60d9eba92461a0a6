package io.vitessbeam.write.postgresql;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import io.vitessbeam.write.load.Digest;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a schema. */
record PostgresqlPositions(Session session, TargetTable name) implements PositionTable {

  /** Those of the schema that a table is in. */
  static Positions of(Session session, TargetTable table) {
    String schema = table.in(Target.DEFAULT_SCHEMA).schema();
    return new Positions(new PostgresqlPositions(session, new TargetTable(schema, NAME)));
  }

  @Override
  public boolean exists() throws SQLException {
    return session.number("SELECT count(*)" + Sql.CLASSES + Sql.named(name)) > 0;
  }

  @Override
  public void create() throws SQLException {
    if (exists()) {
      return;
    }
    // Two that create one table at the same time get in each other's way, even with IF NOT EXISTS.
    session.execute(
        "SELECT pg_advisory_xact_lock(" + Digest.of("positions", name.schema()).value() + ")");
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + quoted()
            + " (source_keyspace text NOT NULL, source_table text NOT NULL, table_name text NOT"
            + " NULL, number integer NOT NULL, shard text NOT NULL, gtid text NOT NULL, epoch"
            + " integer NOT NULL, definition text NOT NULL, greatest_lsn text, row_count bigint NOT"
            + " NULL, run text NOT NULL, copied boolean NOT NULL, reason text NOT NULL, rows_copied"
            + " bigint NOT NULL, inserted bigint NOT NULL, updated bigint NOT NULL, deleted bigint"
            + " NOT NULL, written_at timestamptz NOT NULL, PRIMARY KEY (table_name, number))");
  }

  @Override
  public String quoted() {
    return Sql.quoted(name);
  }

  @Override
  public String literal(String text) {
    return Sql.literal(text);
  }

  @Override
  public String now() {
    return "now()";
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return session.rows(query);
  }

  @Override
  public void update(String statement) throws SQLException {
    session.update(statement);
  }
}
