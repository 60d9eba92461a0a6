package io.vitessbeam;

import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.duckdb.DuckDbResolver;
import io.vitessbeam.read.duckdb.GivenTypes;
import io.vitessbeam.read.resolve.ReadSelection;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.write.adapt.ColumnOverride;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

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
 * the read and name the column. A column of CSV or JSON files gets a type only if that prints each
 * value of all files as it stands there, and is text otherwise.
 *
 * <p>A table is {@code table} (of the schema {@code main}) or {@code schema.table}; case counts,
 * and a name with a dot stands in double quotes. Files take neither table nor query.
 */
public final class DuckDbRead extends BoundedRead<DuckDbRead> {

  private static final long serialVersionUID = 1L;

  /** What is read: a database file, or files that DuckDB has readers for. */
  public sealed interface Source extends Serializable permits DuckDbUri, FileUri {}

  private final Source source;
  private final GivenTypes types;

  private DuckDbRead(Source source, ReadSelection selection, String runId, GivenTypes types) {
    super(selection, runId);
    this.source = source;
    this.types = types;
  }

  /** Reads a database or files; for a database a table or a query has to follow. */
  public static DuckDbRead from(Source source) {
    return new DuckDbRead(source, ReadSelection.NONE, UNNAMED, GivenTypes.NONE);
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

  /**
   * Says which columns get other types by {@link VitessWrite#withColumns}, of which this is the
   * text. Such columns of CSV and JSON files are read as the text that stands there, instead of
   * being taken for what all their values look like.
   *
   * @throws ConfigurationException if the text has another form
   */
  public DuckDbRead withColumns(String columns) {
    Map<String, GivenTypes.Kind> kinds = new HashMap<>();
    for (ColumnOverride override : ColumnOverride.parse(columns)) {
      if (override.type() != null) {
        kinds.put(override.source(), kind(override.type()));
      }
    }
    return new DuckDbRead(source, selection(), runId(), new GivenTypes(kinds, types.others()));
  }

  /**
   * Reads columns of CSV and JSON files, other than those that {@link #withColumns} gives a type,
   * as the text that stands there.
   */
  public DuckDbRead withoutInference() {
    GivenTypes text = new GivenTypes(types.kinds(), GivenTypes.Kind.TEXT);
    return new DuckDbRead(source, selection(), runId(), text);
  }

  private static GivenTypes.Kind kind(ColumnType type) {
    return switch (type.base()) {
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          DECIMAL,
          FLOAT,
          DOUBLE,
          DATE,
          DATETIME,
          TIMESTAMP,
          TIME ->
          GivenTypes.Kind.CONVERTED;
      case JSON -> GivenTypes.Kind.JSON;
      default -> GivenTypes.Kind.TEXT;
    };
  }

  @Override
  DuckDbRead with(ReadSelection newSelection, String newRunId) {
    return new DuckDbRead(source, newSelection, newRunId, types);
  }

  @Override
  PlannedRead resolve() {
    return DuckDbResolver.resolve(source, selection(), types);
  }

  @Override
  String source() {
    return source.toString();
  }
}
