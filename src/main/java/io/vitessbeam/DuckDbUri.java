package io.vitessbeam;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The address of a DuckDB database file. {@code duckdb:///x.duckdb} is a file of the working
 * directory, {@code duckdb:///dir/x.duckdb} and {@code duckdb:////dir/x.duckdb} are the absolute
 * path {@code /dir/x.duckdb}; a path that starts with {@code ./} or {@code ../} starts in the
 * working directory. Bytes may be percent-encoded.
 *
 * @param path absolute path of the file
 */
public record DuckDbUri(String path) implements DuckDbRead.Source {

  private static final String SCHEME = "duckdb:";
  private static final String FORMS =
      "; write duckdb:///file.duckdb for a file of the working directory"
          + " or duckdb:///dir/file.duckdb for the absolute path /dir/file.duckdb";

  public DuckDbUri {
    Objects.requireNonNull(path, "path");
    if (!Path.of(path).isAbsolute()) {
      throw new IllegalArgumentException("path " + path + " is not absolute");
    }
    if (path.indexOf(';') >= 0) {
      // The driver takes what follows a semicolon for settings.
      throw new ConfigurationException("The name of a DuckDB file can't hold a semicolon: " + path);
    }
  }

  /**
   * Reads an address.
   *
   * @throws ConfigurationException if the text isn't the address of a DuckDB file
   */
  public static DuckDbUri parse(String uri) {
    if (!uri.startsWith(SCHEME)) {
      throw invalid(uri, "it doesn't start with duckdb:");
    }
    String rest = uri.substring(SCHEME.length());
    if (rest.equals(":memory:") || rest.endsWith("/:memory:")) {
      throw invalid(uri, "a database in memory would be gone at the end of the run");
    }
    if (!rest.startsWith("//")) {
      throw invalid(uri, "it has no // after duckdb:");
    }
    if (!rest.startsWith("///")) {
      throw invalid(uri, "DuckDB is a file and has no host");
    }
    if (rest.indexOf('?') >= 0 || rest.indexOf('#') >= 0) {
      throw invalid(uri, "it takes no parameters; a ? in a name is %3F, a # is %23");
    }
    String path = decode(uri, rest.substring(3));
    if (path.isEmpty() || path.endsWith("/")) {
      throw invalid(uri, "it names no file");
    }
    try {
      return new DuckDbUri(resolve(path).normalize().toString());
    } catch (InvalidPathException e) {
      throw invalid(uri, e.getReason());
    }
  }

  /** A path as it stands in a URI behind its third slash, as an absolute one. */
  static Path resolve(String path) {
    boolean relative = path.indexOf('/') < 0 || path.startsWith("./") || path.startsWith("../");
    Path start = relative ? Path.of("").toAbsolutePath() : Path.of("/");
    return start.resolve(path);
  }

  private static String decode(String uri, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid(uri, "a % in a name is written %25");
    }
  }

  private static ConfigurationException invalid(String uri, String reason) {
    return new ConfigurationException(uri + " is not a DuckDB address: " + reason + FORMS);
  }

  @Override
  public String toString() {
    return path;
  }
}
