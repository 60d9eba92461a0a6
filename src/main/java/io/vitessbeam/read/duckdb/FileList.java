package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.FileUri;
import io.vitessbeam.schema.QuotedName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files of an address, and how DuckDB's readers are called for some of them.
 *
 * @param files absolute paths
 */
record FileList(List<String> files) {

  FileList {
    files = List.copyOf(files);
  }

  /**
   * The files that there are now.
   *
   * @throws ConfigurationException if there are none
   */
  static FileList of(DuckDbSession session, FileUri uri) throws SQLException {
    // A file that is there by just this name is no pattern.
    String pattern = Files.exists(Path.of(uri.pattern())) ? plain(uri.pattern()) : uri.pattern();
    List<String> files =
        session.column("SELECT file FROM glob(" + QuotedName.literal(pattern) + ") ORDER BY file");
    if (files.isEmpty()) {
      throw new ConfigurationException("There is no file " + uri.pattern());
    }
    return new FileList(files);
  }

  /** A pattern for just this name. */
  private static String plain(String file) {
    return file.replaceAll("([*?\\[])", "[$1]");
  }

  /** Whether folders of the path have names like {@code year=2024}, which are columns then. */
  boolean mayHavePartitions() {
    return files.stream().anyMatch(file -> file.contains("="));
  }

  /**
   * The call of a reader.
   *
   * @param options as the user gave them, by name
   * @param fixed other arguments, as SQL
   */
  String call(String function, Map<String, String> options, String... fixed) {
    List<String> arguments = new ArrayList<>();
    arguments.add(
        files.stream()
            .map(file -> QuotedName.literal(plain(file)))
            .collect(Collectors.joining(", ", "[", "]")));
    options.forEach((name, value) -> arguments.add(name + " = " + literal(value)));
    arguments.addAll(List.of(fixed));
    return function + "(" + String.join(", ", arguments) + ")";
  }

  private static String literal(String value) {
    return value.matches("-?\\d{1,18}|true|false") ? value : QuotedName.literal(value);
  }
}
