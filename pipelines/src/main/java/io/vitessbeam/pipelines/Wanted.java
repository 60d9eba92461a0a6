package io.vitessbeam.pipelines;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.SchemaNaming;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.ZeroDates;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options as both kinds of runs read them; every method fails with a {@link UsageException}.
 */
record Wanted(IngestOptions options) {

  static final String QUERY = "query:";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  String sourceUri() {
    return required(text(options.getSourceUri()), "--source-uri");
  }

  String destUri() {
    return required(text(options.getDestUri()), "--dest-uri");
  }

  DuckDbUri duckDbDestination() {
    return parsed("--dest-uri", destUri(), DuckDbUri::parse);
  }

  String sourceScheme() {
    return Schemes.scheme("--source-uri", sourceUri());
  }

  boolean namesDestination() {
    return given(options.getDestTable()).isPresent();
  }

  Optional<String> sourceTable() {
    return given(options.getSourceTable());
  }

  boolean isQuery() {
    return sourceTable().orElse("").startsWith(QUERY);
  }

  /** {@code keyspace.table}, for people. */
  static String name(String keyspace, String sourceTable) {
    TableName table =
        parsed("--source-table", sourceTable, text -> TableName.parse(text, keyspace));
    return table.keyspace() + "." + table.table();
  }

  int parallelism() {
    return (int) atLeast(1, options.getExtractParallelism(), "--extract-parallelism");
  }

  /** At least two of vtgate's heartbeats. */
  Duration stallTimeout() {
    return Duration.ofSeconds(atLeast(10, options.getStallTimeout(), "--stall-timeout"));
  }

  /** How long changes wait; whether that is too short or too long is the library's to say. */
  Duration flushInterval() {
    String text = options.getFlushInterval();
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new UsageException(
          "--flush-interval is a number with a unit (500ms, 30s, 1m), not '" + text + "'");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  long flushRecords() {
    return atLeast(1, options.getFlushRecords(), "--flush-records");
  }

  long limit() {
    return atLeast(0, options.getSqlLimit(), "--sql-limit");
  }

  Interval interval() {
    return Interval.of(options.getIntervalStart(), options.getIntervalEnd());
  }

  ZeroDates zeroDates() {
    return switch (options.getZeroDates().toLowerCase(Locale.ROOT)) {
      case "fail" -> ZeroDates.FAIL;
      case "null" -> ZeroDates.NULL;
      case "text" -> ZeroDates.TEXT;
      default ->
          throw new UsageException(
              "--zero-dates is fail, null or text, not " + options.getZeroDates());
    };
  }

  SchemaNaming naming() {
    return switch (options.getSchemaNaming().toLowerCase(Locale.ROOT)) {
      case "direct" -> SchemaNaming.DIRECT;
      case "snake_case" -> SchemaNaming.SNAKE_CASE;
      case "auto", "default" -> SchemaNaming.AUTO;
      default ->
          throw new UsageException(
              "--schema-naming is direct, snake_case or auto, not " + options.getSchemaNaming());
    };
  }

  SchemaContract contract() {
    return switch (options.getSchemaContract().toLowerCase(Locale.ROOT)) {
      case "evolve" -> SchemaContract.EVOLVE;
      case "freeze" -> SchemaContract.FREEZE;
      case "discard_row" -> SchemaContract.DISCARD_ROW;
      case "discard_value" -> SchemaContract.DISCARD_VALUE;
      default ->
          throw new UsageException(
              "--schema-contract is evolve, freeze, discard_row or discard_value, not "
                  + options.getSchemaContract());
    };
  }

  /** The strategy, of those that there are. */
  String strategy() {
    String strategy = options.getIncrementalStrategy();
    return switch (strategy) {
      case "replace", "append", "merge", "delete+insert", "scd2" -> strategy;
      case "truncate+insert" ->
          throw new UsageException(
              "incremental-strategy \"truncate+insert\" has been removed; use \"replace\"");
      default -> throw new UsageException("unknown strategy: " + strategy);
    };
  }

  static Optional<String> given(String text) {
    return text == null || text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  static List<String> given(List<String> texts) {
    return texts == null ? List.of() : List.copyOf(texts);
  }

  static String required(String value, String flag) {
    return given(value).orElseThrow(() -> new UsageException(flag.substring(2) + " is required"));
  }

  static <S, T> T parsed(String flag, S given, Function<S, T> parser) {
    try {
      return parser.apply(given);
    } catch (ConfigurationException e) {
      throw new UsageException(flag + ": " + e.getMessage());
    }
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
}
