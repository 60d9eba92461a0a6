package io.vitessbeam.write.postgresql;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.load.Digest;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a schema. */
record PostgresqlPositions(PostgresqlSession session, TargetTable name) implements PositionTable {

  @Override
  public boolean exists() throws SQLException {
    return session.number("SELECT count(*)" + PostgresqlSql.CLASSES + PostgresqlSql.named(name))
        > 0;
  }

  @Override
  public void create(String columns) throws SQLException {
    if (exists()) {
      return;
    }
    // Two that create one table at the same time get in each other's way, even with IF NOT EXISTS.
    session.execute(
        "SELECT pg_advisory_xact_lock(" + Digest.of("positions", name.schema()).value() + ")");
    session.execute(
        "CREATE TABLE IF NOT EXISTS %s (%s, PRIMARY KEY (table_name, number))"
            .formatted(quoted(), columns));
  }

  @Override
  public String definition(ColumnKind kind) {
    return switch (kind) {
      case IDENTIFIER, NAME, TEXT -> "text NOT NULL";
      case NULLABLE_TEXT -> "text";
      case INTEGER -> "integer NOT NULL";
      case BIGINT -> "bigint NOT NULL";
      case BOOLEAN -> "boolean NOT NULL";
      case MOMENT -> "timestamptz NOT NULL";
    };
  }

  @Override
  public String quoted() {
    return PostgresqlSql.quoted(name);
  }

  @Override
  public String literal(String text) {
    return PostgresqlSql.literal(text);
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
