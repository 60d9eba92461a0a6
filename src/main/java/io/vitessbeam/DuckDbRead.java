package io.vitessbeam;

import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.ReadSelection;
import io.vitessbeam.read.duckdb.DuckDbResolver;

/**
 * Reads a table or query of a DuckDB file, or files in CSV, JSON lines or Parquet, all by DuckDB,
 * in one range.
 *
 * <p><b>Guarantee.</b> A database is opened to read, and what comes is one snapshot. Files have to
 * stay as they are while they are read. Workers elsewhere need the same files at the same paths.
 *
 * <p><b>Values</b> become those of the MySQL type that holds them exactly: HUGEINT DECIMAL(39, 0),
 * TIMESTAMP_NS DATETIME(6), lists, structs and maps JSON, and what MySQL has no type for (INTERVAL,
 * BIT, ENUM, …) text as DuckDB prints it. NaN, infinity, nanoseconds and dates before Christ fail
 * the read and name the column. The types of CSV columns are found by looking at all rows; a column
 * whose numbers or times DuckDB's type would round is read as DECIMAL or as text.
 *
 * <p>A table is {@code table} (of the schema {@code main}) or {@code schema.table}; case counts,
 * and a name with a dot stands in double quotes. Files take neither table nor query.
 */
public final class DuckDbRead extends BoundedRead<DuckDbRead> {

  private static final long serialVersionUID = 1L;

  private final DuckDbSource source;

  private DuckDbRead(DuckDbSource source, ReadSelection selection, String runId) {
    super(selection, runId);
    this.source = source;
  }

  /** Reads a database or files; for a database a table or a query has to follow. */
  public static DuckDbRead from(DuckDbSource source) {
    return new DuckDbRead(source, ReadSelection.NONE, newRunId());
  }

  /**
   * The same of an address.
   *
   * @throws ConfigurationException if the text is no {@code duckdb://}, {@code csv://}, {@code
   *     jsonl://} or {@code parquet://} URI
   */
  public static DuckDbRead from(String uri) {
    return from(uri.startsWith("duckdb:") ? DuckDbUri.parse(uri) : FileUri.parse(uri));
  }

  @Override
  DuckDbRead with(ReadSelection newSelection, String newRunId) {
    return new DuckDbRead(source, newSelection, newRunId);
  }

  @Override
  PlannedRead resolve() {
    return DuckDbResolver.resolve(source, selection());
  }

  @Override
  String source() {
    return source.toString();
  }
}
