package io.vitessbeam;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The address of files: {@code csv://}, {@code jsonl://} or {@code parquet://}, then a path, then
 * options of DuckDB's reader as parameters.
 *
 * <p>{@code csv:///x.csv} and {@code csv://x.csv} are a file of the working directory, {@code
 * csv:///dir/x.csv} and {@code csv:////dir/x.csv} the absolute path {@code /dir/x.csv}. The path
 * may be a pattern with {@code *}, {@code **} and {@code [a-c]}; bytes may be percent-encoded, a
 * {@code ?} has to be.
 *
 * @param format how the files are read
 * @param pattern absolute path or pattern
 * @param options of the reader, by name
 */
public record FileUri(Format format, String pattern, Map<String, String> options)
    implements DuckDbRead.Source {

  /** The formats, by their schemes. */
  public enum Format {
    CSV(
        "delim",
        "quote",
        "escape",
        "header",
        "nullstr",
        "skip",
        "comment",
        "encoding",
        "compression",
        "dateformat",
        "timestampformat",
        "decimal_separator",
        "all_varchar",
        "null_padding",
        "max_line_size"),
    JSONL("compression", "dateformat", "timestampformat", "maximum_object_size"),
    PARQUET("hive_partitioning", "binary_as_string");

    // A list that nobody can change, which Error Prone can't see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> options;

    Format(String... options) {
      this.options = List.of(options);
    }

    public String scheme() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public FileUri {
    Objects.requireNonNull(format, "format");
    if (!Path.of(pattern).isAbsolute()) {
      throw new IllegalArgumentException("path " + pattern + " is not absolute");
    }
    // A copy in one order, so that equal addresses give equal statements.
    options = new TreeMap<>(options);
  }

  /**
   * Reads an address.
   *
   * @throws ConfigurationException if the text isn't the address of files
   */
  public static FileUri parse(String uri) {
    int end = uri.indexOf("://");
    String scheme = end < 0 ? "" : uri.substring(0, end).toLowerCase(Locale.ROOT);
    for (Format format : Format.values()) {
      if (format.scheme().equals(scheme)) {
        return parse(uri, format, uri.substring(end + 3));
      }
    }
    throw invalid(uri, "its scheme is none of csv://, jsonl:// and parquet://");
  }

  private static FileUri parse(String uri, Format format, String rest) {
    int query = rest.indexOf('?');
    String path = decode(uri, query < 0 ? rest : rest.substring(0, query));
    if (path.isEmpty() || path.endsWith("/")) {
      throw invalid(uri, "it names no file");
    }
    try {
      Path absolute =
          path.startsWith("/")
              ? DuckDbUri.resolve(path.substring(1))
              : Path.of("").toAbsolutePath().resolve(path);
      Map<String, String> options =
          query < 0 ? new HashMap<>() : options(uri, rest.substring(query + 1));
      // Columns are always matched by name; so addresses that say it are right.
      if ("true".equals(options.get("union_by_name"))) {
        options.remove("union_by_name");
      }
      for (String option : options.keySet()) {
        if (!format.options.contains(option)) {
          throw invalid(
              uri, option + " is no option; known are " + String.join(", ", format.options));
        }
      }
      return new FileUri(format, absolute.normalize().toString(), options);
    } catch (InvalidPathException e) {
      throw invalid(uri, e.getReason());
    }
  }

  private static Map<String, String> options(String uri, String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw invalid(uri, "an option is written name=value");
      }
      options.put(decode(uri, pair.substring(0, equals)), decode(uri, pair.substring(equals + 1)));
    }
    return options;
  }

  private static String decode(String uri, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid(uri, "a % in a name is written %25");
    }
  }

  private static ConfigurationException invalid(String uri, String reason) {
    return new ConfigurationException(
        uri
            + " is not the address of files: "
            + reason
            + "; write csv:///file.csv for a file of the working directory or"
            + " csv:///dir/file.csv for the absolute path /dir/file.csv");
  }

  /** Name of the file without folder and ending, if the path is no pattern. */
  public String stem() {
    String name = String.valueOf(Path.of(pattern).getFileName());
    return name.matches(".*[*?\\[].*") ? "" : name.replaceFirst("(?<=.)\\..*", "");
  }

  @Override
  public String toString() {
    return pattern;
  }
}
