package io.vitessbeam.pipelines;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What {@code ingest} can be told. Every option is also a flag in kebab-case ({@code
 * --source-uri}). The URIs may hold passwords: they are neither serialized nor shown.
 */
public interface IngestOptions extends PipelineOptions {

  @Description(
      "Where to read: vitess://user:password@host:3306/keyspace, vitess+cdc://… with"
          + " ?grpc_port=15991 to follow changes, mysql://, postgresql://, duckdb:///file,"
          + " csv:///file, jsonl:///file or parquet:///file")
  @JsonIgnore
  ServerUri getSourceUri();

  void setSourceUri(ServerUri uri);

  @Description(
      "What to read: table, keyspace.table, or query:SELECT …; with vitess+cdc:// none means all"
          + " tables, and files have none")
  String getSourceTable();

  void setSourceTable(String table);

  @Description(
      "Where to write: duckdb:///file (duckdb:////dir/file is an absolute path), vitess://,"
          + " mysql:// or postgresql://user:password@host/database")
  @JsonIgnore
  ServerUri getDestUri();

  void setDestUri(ServerUri uri);

  @Description("Table or schema.table to write; default: the source table. Needed for query:")
  String getDestTable();

  void setDestTable(String table);

  @Description("Of all tables, follow only these; can be repeated, or separated by commas")
  List<String> getIncludeTables();

  void setIncludeTables(List<String> tables);

  @Description("Of all tables, leave these out; can be repeated, or separated by commas")
  List<String> getExcludeTables();

  void setExcludeTables(List<String> tables);

  @Description(
      "How to write: replace, append, merge, delete+insert or scd2; vitess+cdc:// always merges")
  @Default.String("replace")
  String getIncrementalStrategy();

  void setIncrementalStrategy(String strategy);

  @Description(
      "Column by which rows age, and which --interval-start and --interval-end apply to; of rows"
          + " with one key the one with its highest value counts")
  String getIncrementalKey();

  void setIncrementalKey(String column);

  @Description(
      "First value of the incremental key to read, e.g. 2024-01-31 or 2024-01-31T10:00:00Z")
  String getIntervalStart();

  void setIntervalStart(String start);

  @Description("Last value of the incremental key to read (inclusive)")
  String getIntervalEnd();

  void setIntervalEnd(String end);

  @Description("Read at most this many rows; 0 is all")
  @Default.Long(0)
  Long getSqlLimit();

  void setSqlLimit(Long rows);

  @Description("Columns to leave out; can be repeated, or separated by commas")
  List<String> getSqlExcludeColumns();

  void setSqlExcludeColumns(List<String> columns);

  @Description(
      "Other types and names of columns: name:type, new:type:old or new::old, between commas, e.g."
          + " id:bigint,price:decimal(10,2)")
  String getColumns();

  void setColumns(String columns);

  @Description(
      "Columns whose values are not to be seen as they are: column:function or"
          + " column:function:parameter, e.g. email:email, name:partial:2; can be repeated, or"
          + " separated by commas")
  List<String> getMask();

  void setMask(List<String> masks);

  @Description("Take columns of CSV and JSON files for text that --columns doesn't name")
  @Default.Boolean(false)
  boolean isNoInference();

  void setNoInference(boolean none);

  @Description("Take the white space from both ends of text")
  @Default.Boolean(false)
  boolean isTrimWhitespace();

  void setTrimWhitespace(boolean trims);

  @Description("Names of columns: direct, snake_case, or auto as the table there has them")
  @Default.String("direct")
  String getSchemaNaming();

  void setSchemaNaming(String naming);

  @Description(
      "Columns that tell rows apart, instead of the source's primary key; with vitess+cdc:// for a"
          + " table without one; can be repeated")
  List<String> getPrimaryKey();

  void setPrimaryKey(List<String> columns);

  @Description("Key ranges of the table that are read at the same time")
  @Default.Integer(4)
  Integer getExtractParallelism();

  void setExtractParallelism(Integer ranges);

  @Description(
      "Seconds for which a stream of vitess+cdc:// may stand still while there is something to"
          + " come; ten times as long while vtgate may be gathering a transaction")
  @Default.Integer(180)
  Integer getStallTimeout();

  void setStallTimeout(Integer seconds);

  @Description("Dates that no calendar has (0000-00-00): fail, null, or text")
  @Default.String("fail")
  String getZeroDates();

  void setZeroDates(String choice);

  @Description(
      "What a table that is there lacks room for: evolve makes it, freeze fails, discard_row and"
          + " discard_value leave it out")
  @Default.String("evolve")
  String getSchemaContract();

  void setSchemaContract(String contract);

  @Description(
      "Replace, whatever the strategy; with vitess+cdc:// copy the tables anew and swap them in")
  boolean isFullRefresh();

  void setFullRefresh(boolean fullRefresh);

  @Description(
      "Follow the changes of vitess+cdc:// until told to end (SIGTERM), not only up to now; the"
          + " same as mode=stream in its URI")
  boolean isStream();

  void setStream(boolean stream);

  @Description("With --stream: apply changes after this time at the latest, e.g. 500ms, 30s or 1m")
  @Default.String("30s")
  String getFlushInterval();

  void setFlushInterval(String interval);

  @Description("With --stream: apply changes when there are this many")
  @Default.Long(50_000)
  Long getFlushRecords();

  void setFlushRecords(Long records);

  @Description(
      "Leave the job to a Flink cluster: end when it runs, and say how to look at it and end it")
  boolean isDetached();

  void setDetached(boolean detached);

  @Description("How to show progress: interactive, log, or json")
  @Default.String("interactive")
  String getProgress();

  void setProgress(String form);

  @Description(
      "host:port at which this process shows the run while it goes on: a page at /, /metrics for"
          + " Prometheus, /healthz; :port listens on all addresses, port 0 takes a free one")
  String getMetricsAddr();

  void setMetricsAddr(String address);

  @Description("Log what is done, with SQL, and show stack traces")
  boolean isDebug();

  void setDebug(boolean debug);
}
