package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;

/**
 * The small table beside the targets of a schema that notes which load into each was the last, so
 * that one that is published again adds nothing. Written in the transaction that publishes.
 */
final class LastLoads {

  private static final String NAME = "_vitessbeam_loads";

  private final Session session;
  private final LoadId<PostgresqlUri> id;
  private final TargetTable loads;

  LastLoads(Session session, LoadId<PostgresqlUri> id) {
    this.session = session;
    this.id = id;
    this.loads = new TargetTable(id.table().schema(), NAME);
  }

  /** Whether the load was published, and nobody after it. */
  boolean isLast() throws SQLException {
    return exists()
        && session.number(
                "SELECT count(*) FROM %s WHERE table_name = %s AND load = %s"
                    .formatted(
                        Sql.quoted(loads),
                        Sql.literal(id.table().table()),
                        Sql.literal(id.digest().toString())))
            > 0;
  }

  void record() throws SQLException {
    if (!exists()) {
      // Two that create one table at the same time get in each other's way, even with IF NOT
      // EXISTS.
      session.execute(
          "SELECT pg_advisory_xact_lock(" + Digest.of("loads", loads.schema()).value() + ")");
      session.execute(
          "CREATE TABLE IF NOT EXISTS "
              + Sql.quoted(loads)
              + " (table_name text PRIMARY KEY, load text NOT NULL)");
    }
    session.update(
        "INSERT INTO %s VALUES (%s, %s) ON CONFLICT (table_name) DO UPDATE SET load = excluded.load"
            .formatted(
                Sql.quoted(loads),
                Sql.literal(id.table().table()),
                Sql.literal(id.digest().toString())));
  }

  private boolean exists() throws SQLException {
    return session.number("SELECT count(*)" + Sql.CLASSES + Sql.named(loads)) > 0;
  }
}
