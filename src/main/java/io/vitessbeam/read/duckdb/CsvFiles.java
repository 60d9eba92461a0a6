package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.FileUri;
import io.vitessbeam.read.duckdb.TextColumn.Form;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.QuotedName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * CSV files as one table. Nothing but the end of a line is guessed: every field is read as text,
 * and the types come from {@link TypeGuess}.
 */
final class CsvFiles {

  /** What says what text means, and is no matter of DuckDB's reader here. */
  private static final List<String> MEANING =
      List.of("dateformat", "timestampformat", "decimal_separator", "all_varchar");

  private final DuckDbSession session;
  private final FileUri uri;
  private final GivenTypes given;
  private final Map<String, String> dialect = new TreeMap<>();

  CsvFiles(DuckDbSession session, FileUri uri, GivenTypes given) {
    this.session = session;
    this.uri = uri;
    this.given = given;
    // DuckDB would guess these from the first lines, and skip those that don't fit.
    dialect.putAll(
        Map.of("header", "true", "delim", ",", "quote", "\"", "skip", "0", "comment", ""));
    dialect.putAll(uri.options());
    dialect.putIfAbsent("escape", dialect.get("quote"));
    dialect.keySet().removeAll(MEANING);
  }

  FileTable table() throws SQLException {
    Map<List<String>, List<String>> files = new LinkedHashMap<>();
    for (String file : FileList.of(session, uri).files()) {
      files.computeIfAbsent(header(file), header -> new ArrayList<>()).add(file);
    }
    // Files without a header may be empty.
    if (files.size() > 1) {
      files.remove(List.of());
    }
    requireRelated(files);
    List<TableUnion.Part> parts = new ArrayList<>();
    for (Map.Entry<List<String>, List<String>> entry : files.entrySet()) {
      parts.add(part(entry.getKey(), new FileList(entry.getValue())));
    }
    TableUnion union = TableUnion.of(parts);
    if (union.names().isEmpty()) {
      throw new ConfigurationException(uri.pattern() + " is empty, and so has no columns");
    }
    List<TextColumn> texts = new ArrayList<>();
    for (String name : union.names()) {
      texts.add(new TextColumn(name, TableUnion.alias(texts.size()), form(name)));
    }
    FileTable table = new FileTable(List.of(), union.sql(), AttachedTable.NONE);
    return new TypeGuess(session, uri.options(), table, texts).typed();
  }

  private Form form(String name) {
    if ("true".equals(uri.options().get("all_varchar"))) {
      return Form.TEXT;
    }
    return switch (given.of(name)) {
      case GUESSED -> Form.FIELD;
      case TEXT, JSON -> Form.TEXT;
      case CONVERTED -> Form.CONVERTED;
    };
  }

  private boolean hasHeader() {
    return dialect.get("header").equals("true");
  }

  /** The names of the columns of a file. */
  private List<String> header(String file) throws SQLException {
    Map<String, String> options = new TreeMap<>(dialect);
    options.put("header", "false");
    // A column may be called as NULL is written.
    options.remove("nullstr");
    String call =
        new FileList(List.of(file))
            .call("read_csv", options, "all_varchar = true", "hive_partitioning = false");
    try {
      List<List<String>> lines = session.rows("FROM " + call + " LIMIT 1");
      if (!hasHeader()) {
        return lines.isEmpty() ? List.of() : session.column("DESCRIBE FROM " + call);
      }
      if (lines.isEmpty() || lines.get(0).stream().allMatch(Objects::isNull)) {
        throw new ConfigurationException(
            file + " is empty: it has not even a header, as CSV files have without ?header=false");
      }
      return names(lines.get(0));
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("detect the CSV parsing dialect")) {
        throw new ConfigurationException(
            file
                + " can't be read as CSV: its lines don't have the same number of fields, or a"
                + " quote is not closed. Options say otherwise, as in ?delim=%3B, quote=, escape=,"
                + " null_padding=true",
            e);
      }
      throw DuckDbSession.refused("Looking at " + file, e);
    }
  }

  private static List<String> names(List<String> header) {
    List<String> names = new ArrayList<>();
    for (String field : header) {
      String plain = field == null || field.isBlank() ? "column" + names.size() : field.strip();
      String name = plain;
      for (int i = 1; names.contains(name); i++) {
        name = header.contains(plain + "_" + i) ? name : plain + "_" + i;
      }
      names.add(name);
    }
    return names;
  }

  /** Whoever has no column in common with others was most likely not meant, or not read right. */
  private void requireRelated(Map<List<String>, List<String>> files) {
    List<List<String>> headers = new ArrayList<>(files.keySet());
    Collections.reverse(headers);
    headers.sort(Comparator.comparing(header -> files.get(header).size()));
    for (List<String> header : headers) {
      List<String> others =
          headers.stream().filter(other -> other != header).flatMap(List::stream).toList();
      // Without a header columns are told apart by their number.
      boolean related = hasHeader() && header.stream().anyMatch(others::contains);
      if (!others.isEmpty() && !related) {
        throw new ConfigurationException(
            ("%s has other columns than the other files: it has %s, they have %s. If its delimiter"
                    + " is another one read it by itself, with ?delim=")
                .formatted(files.get(header).get(0), NameList.of(header), NameList.of(others)));
      }
    }
  }

  private TableUnion.Part part(List<String> header, FileList files) throws SQLException {
    String columns =
        IntStream.range(0, header.size())
            .mapToObj(i -> "'f" + i + "': 'VARCHAR'")
            .collect(Collectors.joining(", ", "columns = {", "}"));
    String call =
        files.call(
            "read_csv",
            dialect,
            "auto_detect = false",
            "allow_quoted_nulls = false",
            "hive_types_autocast = false",
            columns);
    Map<String, String> expressions = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      expressions.put(header.get(i), QuotedName.identifier("f" + i));
    }
    if (files.mayHavePartitions()) {
      List<String> all = session.column("DESCRIBE FROM " + call);
      for (String partition : all.subList(header.size(), all.size())) {
        expressions.putIfAbsent(partition, QuotedName.identifier(partition));
      }
    }
    return new TableUnion.Part(call, expressions);
  }
}
