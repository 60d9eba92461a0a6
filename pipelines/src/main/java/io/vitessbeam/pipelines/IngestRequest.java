package io.vitessbeam.pipelines;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessRead;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.MysqlServer;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.ZeroDates;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One load, read from the options: which rows of what go where. Made without a look at any server,
 * except that a {@code mysql://} source is asked whether it is a Vitess.
 */
record IngestRequest(
    String sourceName, VitessRead read, DuckDbUri destination, DestinationTable destinationTable) {

  private static final String QUERY = "query:";

  /**
   * @throws UsageException if the options are incomplete, contradictory or malformed
   */
  static IngestRequest of(IngestOptions options) {
    String sourceUri = required(text(options.getSourceUri()), "--source-uri");
    String destUri = required(text(options.getDestUri()), "--dest-uri");
    String sourceTable = required(options.getSourceTable(), "--source-table");
    checkStrategy(options);
    Interval interval = Interval.of(options.getIntervalStart(), options.getIntervalEnd());
    Schemes.checkSource(sourceUri);
    Schemes.checkDestination(destUri);
    DestinationTable table = destinationTable(options.getDestTable(), sourceTable);
    VitessUri source = parsed("--source-uri", sourceUri, VitessUri::parse);
    DuckDbUri destination = parsed("--dest-uri", destUri, DuckDbUri::parse);
    VitessRead read = limited(selected(VitessRead.from(source), sourceTable), options, interval);
    return new IngestRequest(name(source, sourceTable), read, destination, table);
  }

  /** {@code keyspace.table}, for people. */
  private static String name(VitessUri source, String sourceTable) {
    if (sourceTable.startsWith(QUERY)) {
      return "a query on " + source.keyspace();
    }
    TableName table = TableName.parse(sourceTable, source.keyspace());
    return table.keyspace() + "." + table.table();
  }

  VitessWrite write(String runId) {
    return VitessWrite.to(destination)
        .withTable(destinationTable.schema(), destinationTable.table())
        .withStrategy(WriteStrategy.REPLACE)
        .withRunId(runId);
  }

  private static VitessRead selected(VitessRead read, String sourceTable) {
    return sourceTable.startsWith(QUERY)
        ? read.withQuery(required(sourceTable.substring(QUERY.length()), "--source-table=query:"))
        : read.withTable(sourceTable);
  }

  private static VitessRead limited(VitessRead read, IngestOptions options, Interval interval) {
    VitessRead limited =
        read.withParallelism(
                (int) atLeast(1, options.getExtractParallelism(), "--extract-parallelism"))
            .withZeroDates(zeroDates(options.getZeroDates()));
    if (options.getSqlExcludeColumns() != null) {
      limited = limited.withoutColumns(List.copyOf(options.getSqlExcludeColumns()));
    }
    if (atLeast(0, options.getSqlLimit(), "--sql-limit") > 0) {
      limited = limited.withLimit(options.getSqlLimit());
    }
    if (!interval.isEverything()) {
      String key = options.getIncrementalKey();
      if ((key == null || key.isBlank()) && !options.getSourceTable().startsWith(QUERY)) {
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

  private static void checkStrategy(IngestOptions options) {
    String strategy = options.getIncrementalStrategy();
    switch (strategy) {
      case "replace" -> {}
      case "append", "merge", "delete+insert", "scd2" -> {
        if (!options.isFullRefresh()) {
          throw new UsageException(
              "--incremental-strategy=" + strategy + " is not supported yet; use replace");
        }
      }
      case "truncate+insert" ->
          throw new UsageException(
              "incremental-strategy \"truncate+insert\" has been removed; use \"replace\"");
      default -> throw new UsageException("unknown strategy: " + strategy);
    }
  }

  private static DestinationTable destinationTable(String destTable, String sourceTable) {
    if (destTable != null && !destTable.isBlank()) {
      return DestinationTable.parse(destTable);
    }
    if (sourceTable.startsWith(QUERY)) {
      throw new UsageException("a query has no name: say where it goes by --dest-table=<table>");
    }
    TableName source = parsed("--source-table", sourceTable, text -> TableName.parse(text, ""));
    String keyspace = source.keyspace();
    return new DestinationTable(
        keyspace.isEmpty() ? DestinationTable.DEFAULT_SCHEMA : keyspace, source.table());
  }

  private static ZeroDates zeroDates(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "fail" -> ZeroDates.FAIL;
      case "null" -> ZeroDates.NULL;
      case "text" -> ZeroDates.TEXT;
      default -> throw new UsageException("--zero-dates is fail, null or text, not " + text);
    };
  }

  private static long atLeast(long least, Number value, String flag) {
    if (value.longValue() < least) {
      throw new UsageException(flag + " is " + value + "; it must be at least " + least);
    }
    return value.longValue();
  }

  private static String text(ServerUri uri) {
    return uri == null ? null : uri.reveal();
  }

  private static String required(String value, String flag) {
    if (value == null || value.isBlank()) {
      throw new UsageException(flag.substring(2) + " is required");
    }
    return value;
  }

  private static <T> T parsed(String flag, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (ConfigurationException e) {
      throw new UsageException(flag + ": " + e.getMessage());
    }
  }

  /** What the schemes of the two URIs stand for, now and later. */
  private static final class Schemes {
    private static final List<String> LATER_SOURCES =
        List.of("vitess+cdc", "mysql+cdc", "ps_mysql", "ps_mysql+cdc", "mysql+pymysql");
    private static final List<String> LATER_DESTINATIONS =
        List.of("vitess", "ps_mysql", "mysql", "mysql+pymysql", "postgresql", "postgres");

    static void checkSource(String uri) {
      String scheme = scheme("--source-uri", uri);
      if (scheme.equals(VitessUri.SCHEME)) {
        return;
      }
      if (scheme.equals("mysql")) {
        MysqlServer.refuseVitess(uri);
      }
      if (scheme.equals("mysql") || LATER_SOURCES.contains(scheme)) {
        throw new UsageException(scheme + ":// is not supported as a source yet; use vitess://");
      }
      throw new UsageException("--source-uri: unknown scheme " + scheme + "://; use vitess://");
    }

    static void checkDestination(String uri) {
      String scheme = scheme("--dest-uri", uri);
      if (scheme.equals("duckdb")) {
        return;
      }
      if (LATER_DESTINATIONS.contains(scheme)) {
        throw new UsageException(
            scheme + ":// is not supported as a destination yet; use duckdb://");
      }
      throw new UsageException("--dest-uri: unknown scheme " + scheme + "://; use duckdb://");
    }

    private static String scheme(String flag, String uri) {
      int end = uri.indexOf("://");
      if (end <= 0) {
        // The text itself may hold a password.
        throw new UsageException(
            flag + " is no URI: it must begin with a scheme such as vitess://");
      }
      return uri.substring(0, end).toLowerCase(Locale.ROOT);
    }
  }
}
