package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The small table beside the targets of a schema that notes what runs have published lately, so
 * that another attempt of one adds nothing. Written in the transaction that publishes.
 */
final class PublishedRuns {

  private static final String NAME = "_vitessbeam_published";

  /** For so long a run is known, of which a cluster may begin another attempt. */
  private static final String KEPT = "interval '7 days'";

  private final PostgresqlSession session;
  private final LoadId<PostgresqlUri> id;
  private final TargetTable runs;

  /**
   * @param id in the run that it is published for
   */
  PublishedRuns(PostgresqlSession session, LoadId<PostgresqlUri> id) {
    this.session = session;
    this.id = id;
    this.runs = new TargetTable(id.schema(), NAME);
  }

  /** The rows that an attempt of the run has published, if one has. */
  OptionalLong rows() throws SQLException {
    if (!exists()) {
      return OptionalLong.empty();
    }
    List<String> rows =
        session.column(
            "SELECT row_count FROM %s WHERE table_name = %s AND run = '%s'"
                .formatted(
                    PostgresqlSql.quoted(runs),
                    PostgresqlSql.literal(id.table().table()),
                    id.ofRun()));
    return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows.get(0)));
  }

  void record(long rows) throws SQLException {
    if (!exists()) {
      // Two that create one table at the same time get in each other's way, even with IF NOT
      // EXISTS.
      session.execute(
          "SELECT pg_advisory_xact_lock(" + Digest.of("published", runs.schema()).value() + ")");
      session.execute(
          "CREATE TABLE IF NOT EXISTS "
              + PostgresqlSql.quoted(runs)
              + " (table_name text, run text, row_count bigint NOT NULL,"
              + " published timestamptz NOT NULL, PRIMARY KEY (table_name, run))");
    }
    session.update(
        "DELETE FROM %s WHERE table_name = %s AND published < now() - %s"
            .formatted(
                PostgresqlSql.quoted(runs), PostgresqlSql.literal(id.table().table()), KEPT));
    session.update(
        "INSERT INTO %s VALUES (%s, '%s', %d, now())"
            .formatted(
                PostgresqlSql.quoted(runs),
                PostgresqlSql.literal(id.table().table()),
                id.ofRun(),
                rows));
  }

  private boolean exists() throws SQLException {
    return session.number("SELECT count(*)" + PostgresqlSql.CLASSES + PostgresqlSql.named(runs))
        > 0;
  }
}
