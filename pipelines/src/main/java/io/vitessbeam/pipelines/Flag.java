package io.vitessbeam.pipelines;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A flag that users of ingest know, by its name in camelCase as Beam wants it.
 *
 * @param value how it takes a value
 * @param service whether this version does what it asks for
 * @param task what it is for
 * @param reason why it is refused; empty for others
 */
record Flag(String name, Value value, Service service, Task task, String reason) {

  enum Value {
    /** {@code --flag}, {@code --flag=true} or {@code --flag=false}. */
    SWITCH,
    ONE,
    /** One that Beam reads as the inside of a JSON string, into a {@link ServerUri}. */
    URI,
    NUMBER,
    /** Repeatable, or separated by commas. */
    LIST
  }

  enum Service {
    /** An option of {@link IngestOptions}. */
    SERVED,
    /** Accepted and ignored: it cannot change what is loaded. */
    WITHOUT_EFFECT,
    /** Ignoring it would load something else than was asked for. */
    REFUSED
  }

  /** The headings of help, in its order. */
  enum Task {
    WHERE("What goes where"),
    HOW("How rows are written"),
    WHICH("Which rows and columns"),
    STREAM("Runs that never end"),
    RUN("How it runs"),
    /** Those that help does not show. */
    NONE("");

    private final String heading;

    Task(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }
  }

  /** All of them by name, the served ones in the order in which help shows them. */
  static final Map<String, Flag> ALL = all();

  private static Map<String, Flag> all() {
    Map<String, Flag> flags = new LinkedHashMap<>();
    served(flags, Task.WHERE, Value.URI, "sourceUri", "destUri");
    served(flags, Task.WHERE, Value.ONE, "sourceTable", "destTable");
    served(flags, Task.WHERE, Value.LIST, "includeTables", "excludeTables");
    served(flags, Task.HOW, Value.ONE, "incrementalStrategy");
    served(flags, Task.HOW, Value.LIST, "primaryKey");
    served(flags, Task.HOW, Value.SWITCH, "fullRefresh");
    served(flags, Task.HOW, Value.ONE, "schemaContract");
    served(flags, Task.WHICH, Value.ONE, "incrementalKey", "intervalStart", "intervalEnd");
    served(flags, Task.WHICH, Value.NUMBER, "sqlLimit");
    served(flags, Task.WHICH, Value.LIST, "sqlExcludeColumns");
    served(flags, Task.WHICH, Value.ONE, "columns", "schemaNaming", "zeroDates");
    served(flags, Task.WHICH, Value.LIST, "mask");
    served(flags, Task.WHICH, Value.SWITCH, "trimWhitespace", "noInference");
    served(flags, Task.STREAM, Value.SWITCH, "stream");
    served(flags, Task.STREAM, Value.ONE, "flushInterval");
    served(flags, Task.STREAM, Value.NUMBER, "flushRecords");
    served(flags, Task.STREAM, Value.SWITCH, "detached");
    served(flags, Task.RUN, Value.NUMBER, "extractParallelism", "stallTimeout");
    served(flags, Task.RUN, Value.ONE, "progress", "metricsAddr");
    served(flags, Task.RUN, Value.SWITCH, "debug");
    withoutEffect(flags, Value.SWITCH, "yes", "noLoadTimestamp", "disablePrestaging");
    withoutEffect(flags, Value.ONE, "pageSize", "loaderFileSize", "loaderFileFormat");
    withoutEffect(flags, Value.ONE, "pipelinesDir", "sqlBackend");
    withoutEffect(flags, Value.ONE, "extractPartitionBy", "extractPartitionInterval");
    refused(
        flags,
        "a merge that looks at a part of the table only would insert rows whose keys it has",
        "incrementalPredicate");
    refused(
        flags,
        "staging tables are in the schema of the table that is loaded",
        "stagingDataset",
        "stagingBucket");
    refused(
        flags, "it is for warehouses, of which none is a destination", "partitionBy", "clusterBy");
    refused(flags, "statements get no comments", "queryAnnotations");
    return flags;
  }

  private static void served(Map<String, Flag> flags, Task task, Value value, String... names) {
    for (String name : names) {
      flags.put(name, new Flag(name, value, Service.SERVED, task, ""));
    }
  }

  private static void withoutEffect(Map<String, Flag> flags, Value value, String... names) {
    for (String name : names) {
      flags.put(name, new Flag(name, value, Service.WITHOUT_EFFECT, Task.NONE, ""));
    }
  }

  private static void refused(Map<String, Flag> flags, String reason, String... names) {
    for (String name : names) {
      flags.put(name, new Flag(name, Value.ONE, Service.REFUSED, Task.NONE, reason));
    }
  }

  /** An option of Beam's. */
  static Flag ofBeam(String name, Value value) {
    return new Flag(name, value, Service.SERVED, Task.NONE, "");
  }

  static List<Flag> served() {
    return ALL.values().stream().filter(flag -> flag.service() == Service.SERVED).toList();
  }

  /** As users write it: {@code --source-uri}. */
  String spelling() {
    return spelling(name);
  }

  /**
   * Variables of the environment that give its value, as in ingestr: {@code INGESTR_SOURCE_URI},
   * {@code SOURCE_URI}. One of a single word, as COLUMNS and DEBUG, is not ours alone, and so needs
   * the prefix.
   */
  List<String> variables() {
    String name = spelling().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    return name.contains("_") ? List.of("INGESTR_" + name, name) : List.of("INGESTR_" + name);
  }

  static String spelling(String camelCase) {
    return "--" + camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** {@code source-uri} and {@code sourceUri} are the same flag. */
  static String camelCase(String name) {
    List<String> words = Arrays.asList(name.split("-", -1));
    return words.get(0)
        + words.stream()
            .skip(1)
            .map(
                word ->
                    word.isEmpty()
                        ? "-"
                        : Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
  }

  /** The known name that differs least, unless all differ much. */
  static Optional<String> nearest(String name, Iterable<String> known) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
