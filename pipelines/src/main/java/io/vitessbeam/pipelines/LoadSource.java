package io.vitessbeam.pipelines;

import io.vitessbeam.BoundedRead;
import io.vitessbeam.DuckDbRead;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.FileUri;
import io.vitessbeam.KeyRangeRead;
import io.vitessbeam.MysqlRead;
import io.vitessbeam.PostgresqlRead;
import io.vitessbeam.VitessRead;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What a load reads.
 *
 * @param name for people
 * @param table the table itself, {@code host:port/schema.table}; empty if it is none of a server
 * @param read which rows of what
 * @param defaultTable where they go if the user doesn't say
 */
record LoadSource(String name, String table, BoundedRead<?> read, DestinationTable defaultTable) {

  /** Schemes of files whose columns have no types. */
  private static final Set<String> UNTYPED = Set.of("csv", "jsonl");

  /** Reads the options; every mistake is a {@link UsageException}. */
  static LoadSource of(Wanted wanted, RunDestination destination) {
    Interval interval = wanted.interval();
    String scheme = Schemes.scheme("--source-uri", wanted.sourceUri());
    if (wanted.options().isNoInference() && !UNTYPED.contains(scheme)) {
      throw new UsageException(
          "--no-inference is for csv:// and jsonl://; the columns of " + scheme + ":// have types");
    }
    LoadSource all =
        switch (scheme) {
          case "csv", "jsonl", "parquet" -> files(wanted, destination);
          case "duckdb" -> duckDb(wanted, destination);
          default ->
              PostgresqlUri.SCHEMES.contains(scheme)
                  ? postgresql(wanted, destination)
                  : MysqlUri.SCHEMES.contains(scheme)
                      ? mysql(wanted, destination)
                      : vitess(wanted, destination);
        };
    return new LoadSource(
        all.name, all.table, limited(all.read, wanted, interval), all.defaultTable);
  }

  private static LoadSource vitess(Wanted wanted, RunDestination destination) {
    VitessUri uri = Wanted.parsed("--source-uri", wanted.sourceUri(), VitessUri::parse);
    String table = table(wanted);
    String name = wanted.isQuery() ? onQuery(uri.keyspace()) : Wanted.name(uri.keyspace(), table);
    return new LoadSource(
        name,
        wanted.isQuery() ? "" : onServer(uri.address().hostAndPort(), name),
        keyRanges(VitessRead.from(uri), wanted),
        backquotedDefault(wanted, destination, table));
  }

  private static LoadSource mysql(Wanted wanted, RunDestination destination) {
    MysqlUri uri = Wanted.parsed("--source-uri", wanted.sourceUri(), MysqlUri::parse);
    String table = table(wanted);
    String name = wanted.isQuery() ? onQuery(uri.database()) : Wanted.name(uri.database(), table);
    return new LoadSource(
        name,
        wanted.isQuery() ? "" : onServer(uri.address().hostAndPort(), name),
        keyRanges(MysqlRead.from(uri), wanted),
        backquotedDefault(wanted, destination, table));
  }

  private static BoundedRead<?> keyRanges(KeyRangeRead<?> read, Wanted wanted) {
    return selected(
        read.withParallelism(wanted.parallelism()).withZeroDates(wanted.zeroDates()), wanted);
  }

  private static LoadSource postgresql(Wanted wanted, RunDestination destination) {
    PostgresqlUri uri = Wanted.parsed("--source-uri", wanted.sourceUri(), PostgresqlUri::parse);
    String table = table(wanted);
    return new LoadSource(
        wanted.isQuery() ? onQuery(uri.database()) : quotedName(table, "public"),
        "",
        selected(PostgresqlRead.from(uri), wanted),
        quotedDefault(wanted, destination, table));
  }

  private static LoadSource duckDb(Wanted wanted, RunDestination destination) {
    DuckDbUri uri = Wanted.parsed("--source-uri", wanted.sourceUri(), DuckDbUri::parse);
    String table = table(wanted);
    requireOther(uri, wanted);
    return new LoadSource(
        wanted.isQuery() ? onQuery(uri.path()) : uri.path() + " " + quotedName(table, "main"),
        "",
        selected(DuckDbRead.from(uri), wanted),
        quotedDefault(wanted, destination, table));
  }

  /** DuckDB opens a file either to read or to write. */
  private static void requireOther(DuckDbUri source, Wanted wanted) {
    if (!wanted.destUri().startsWith("duckdb:")) {
      return;
    }
    Path to = Path.of(wanted.duckDbDestination().path());
    try {
      Path from = Path.of(source.path());
      if (from.equals(to)
          || (Files.exists(from) && Files.exists(to) && Files.isSameFile(from, to))) {
        throw new UsageException(
            "source and destination are the same DuckDB file, which can't be read while it is"
                + " written; write CREATE TABLE … AS in DuckDB itself, or choose another file");
      }
    } catch (IOException e) {
      throw new UsageException("--source-uri: " + e.getMessage());
    }
  }

  /** A table name says what they are called at the destination, nothing else. */
  private static LoadSource files(Wanted wanted, RunDestination destination) {
    FileUri uri = Wanted.parsed("--source-uri", wanted.sourceUri(), FileUri::parse);
    if (wanted.isQuery()) {
      throw new UsageException(
          "--source-table=query: is not for files; a query on duckdb:// can read files too");
    }
    String table = wanted.sourceTable().orElse(QuotedName.identifier(uri.stem()));
    if (wanted.sourceTable().isEmpty() && uri.stem().isEmpty() && !wanted.namesDestination()) {
      throw new UsageException(
          "a pattern has no name: say where its files go by --dest-table=<table>");
    }
    DuckDbRead read = DuckDbRead.from(uri);
    return new LoadSource(
        uri.pattern(),
        "",
        wanted.options().isNoInference() ? read.withoutInference() : read,
        quotedDefault(wanted, destination, table));
  }

  private static String table(Wanted wanted) {
    String table = Wanted.required(wanted.options().getSourceTable(), "--source-table");
    if (wanted.isQuery() && !wanted.namesDestination()) {
      throw new UsageException("a query has no name: say where it goes by --dest-table=<table>");
    }
    return table;
  }

  /** What tells a table from all others, as far as names do. */
  static String onServer(String server, String name) {
    return server + "/" + name;
  }

  private static String onQuery(String source) {
    return "a query on " + source;
  }

  private static String quotedName(String table, String schema) {
    return Wanted.parsed("--source-table", table, text -> QuotedName.parse(text, schema))
        .toString();
  }

  private static DestinationTable backquotedDefault(
      Wanted wanted, RunDestination destination, String table) {
    return defaultTable(wanted, destination, table, TableName::parse);
  }

  private static DestinationTable quotedDefault(
      Wanted wanted, RunDestination destination, String table) {
    return defaultTable(wanted, destination, table, QuotedName::parse);
  }

  /**
   * @param parser of the source's own way to quote names; takes the schema of a name without one
   */
  private static DestinationTable defaultTable(
      Wanted wanted,
      RunDestination destination,
      String table,
      BiFunction<String, String, TableName> parser) {
    // A query has no name, and then the user gave one.
    TableName name =
        wanted.namesDestination()
            ? new TableName("", "")
            : Wanted.parsed("--source-table", table, text -> parser.apply(text, ""));
    return destination.table(wanted, name.keyspace(), name.table());
  }

  private static BoundedRead<?> selected(BoundedRead<?> read, Wanted wanted) {
    String sourceTable = wanted.options().getSourceTable();
    return wanted.isQuery()
        ? read.withQuery(
            Wanted.required(sourceTable.substring(Wanted.QUERY.length()), "--source-table=query:"))
        : read.withTable(sourceTable);
  }

  private static BoundedRead<?> limited(BoundedRead<?> read, Wanted wanted, Interval interval) {
    IngestOptions options = wanted.options();
    BoundedRead<?> limited = read;
    if (options.getSqlExcludeColumns() != null) {
      limited = limited.withoutColumns(List.copyOf(options.getSqlExcludeColumns()));
    }
    if (wanted.limit() > 0) {
      limited = limited.withLimit(wanted.limit());
    }
    if (!interval.isEverything()) {
      String key = options.getIncrementalKey();
      if (Wanted.given(key).isEmpty() && !wanted.isQuery()) {
        // Without a key the bounds would be ignored in silence.
        throw new UsageException(
            "--interval-start and --interval-end need --incremental-key=<column>");
      }
      limited =
          limited.withIncrementalKey(
              key, interval.start().orElse(null), interval.end().orElse(null));
    }
    return limited;
  }
}
