package io.vitessbeam;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.postgresql.PostgresqlResolver;
import io.vitessbeam.read.resolve.ReadSelection;

/**
 * Reads a table, a view or a query of PostgreSQL by {@code COPY … TO STDOUT}, on one connection.
 *
 * <p><b>Guarantee.</b> The rows are one snapshot. A connection that breaks before the first row is
 * opened again; one that breaks later fails the pipeline.
 *
 * <p><b>Values</b> become those of the MySQL type that holds them exactly: {@code numeric} without
 * a precision DECIMAL(65, 30), {@code timestamptz} TIMESTAMP in UTC, arrays and composite types
 * JSON, enums and what MySQL has no type for text. NaN, infinity, dates before Christ and numbers
 * with more digits than that fail the read and name the column.
 *
 * <p>A table is {@code table} (of the schema {@code public}) or {@code schema.table}; case counts,
 * and a name with a dot stands in double quotes.
 */
public final class PostgresqlRead extends BoundedRead<PostgresqlRead> {

  private static final long serialVersionUID = 1L;

  private final PostgresqlUri uri;

  private PostgresqlRead(PostgresqlUri uri, ReadSelection selection, String runId) {
    super(selection, runId);
    this.uri = uri;
  }

  /** Reads from the database of a URI; {@link #withTable} or {@link #withQuery} has to follow. */
  public static PostgresqlRead from(PostgresqlUri uri) {
    return new PostgresqlRead(uri, ReadSelection.NONE, UNNAMED);
  }

  /**
   * Reads from the database of a URI.
   *
   * @throws ConfigurationException if the text is no {@code postgresql://} URI
   */
  public static PostgresqlRead from(String uri) {
    return from(PostgresqlUri.parse(uri));
  }

  @Override
  PostgresqlRead with(ReadSelection newSelection, String newRunId) {
    return new PostgresqlRead(uri, newSelection, newRunId);
  }

  @Override
  PlannedRead resolve() {
    return new PostgresqlResolver(uri, selection()).resolve();
  }

  @Override
  String source() {
    return uri.toString();
  }
}
