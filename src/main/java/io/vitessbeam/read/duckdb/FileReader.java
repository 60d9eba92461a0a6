package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.FileUri;
import io.vitessbeam.schema.QuotedName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The call of DuckDB's reader for some files, and the types that their columns have.
 *
 * <p>DuckDB takes a number with many digits for a DOUBLE and drops nanoseconds; so all values of
 * such columns are looked at, and those that would come out differently get another type.
 */
final class FileReader {

  /** Digits of a decimal that any double keeps. */
  private static final int DOUBLE_DIGITS = 15;

  private static final int MOST_DECIMAL_DIGITS = 38;

  /** The digits that count, of a text that is a number. */
  private static final String DIGITS =
      "length(regexp_replace(regexp_extract(%s, '^\\s*[+-]?([0-9.,]*)', 1),"
          + " '^[0.,]+|[.,]', '', 'g'))";

  /** Too many digits, or too far from 1. */
  private static final String ROUNDED =
      DIGITS
          + " > "
          + DOUBLE_DIGITS
          + " OR coalesce(NOT isfinite(TRY_CAST(%s AS DOUBLE)), false)"
          + " OR coalesce(abs(TRY_CAST(%s AS DOUBLE)) < 2.3e-308, false)"
          + " AND regexp_matches(%s, '^[^eE]*[1-9]')";

  private static final String INTEGER_DIGITS =
      "length(regexp_extract(%s, '^\\s*[+-]?0*([0-9]*)', 1))";
  private static final String FRACTION_DIGITS =
      "length(regexp_extract(%s, '^\\s*[+-]?[0-9]*\\.([0-9]*)', 1))";
  private static final String PLAIN_DECIMAL =
      "regexp_full_match(%s, '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)\\s*')";
  private static final String NANOSECONDS = "regexp_matches(%s, '\\.[0-9]{7,}')";

  private final DuckDbSession session;
  private final FileUri files;
  private String sql;

  FileReader(DuckDbSession session, FileUri files) {
    this.session = session;
    this.files = files;
  }

  /** What stands behind FROM; known after {@link #types}. */
  String sql() {
    return sql;
  }

  /**
   * The columns with their types.
   *
   * @throws ConfigurationException if there is no such file
   */
  Map<String, String> types() throws SQLException {
    if (session.column("SELECT file FROM glob(" + pattern() + ") LIMIT 1").isEmpty()) {
      throw new ConfigurationException("There is no file " + files.pattern());
    }
    return switch (files.format()) {
      case CSV -> csv();
      case JSONL -> jsonLines();
      case PARQUET -> parquet();
    };
  }

  private Map<String, String> csv() throws SQLException {
    String fixed = "sample_size = -1, allow_quoted_nulls = false";
    // DuckDB can't tell a header from text, and guesses.
    String dialect = unlessGiven("header", "true");
    // Where lines don't agree it would take another sign for the delimiter, and each for one value.
    dialect += unlessGiven("delim", "','") + unlessGiven("quote", "'\"'");
    String call = call("read_csv", fixed + dialect);
    Map<String, String> types = new LinkedHashMap<>(describe(call));
    Map<String, String> texts = new LinkedHashMap<>();
    types.keySet().forEach(column -> texts.put(column, "VARCHAR"));
    String asText = call("read_csv", fixed + dialect + ", types = " + struct(texts));
    types.putAll(exactTypes(types, asText));
    sql = call("read_csv", fixed + dialect + ", types = " + struct(types));
    return types;
  }

  private String unlessGiven(String option, String value) {
    return files.options().containsKey(option) ? "" : ", " + option + " = " + value;
  }

  private Map<String, String> jsonLines() throws SQLException {
    String fixed = "format = 'newline_delimited'";
    Map<String, String> types =
        new LinkedHashMap<>(describe(call("read_json", fixed + ", sample_size = -1")));
    // As they stand in the file: a struct would have all keys of all rows.
    types.replaceAll((column, type) -> type.endsWith("]") || type.contains("(") ? "JSON" : type);
    Map<String, String> texts = new LinkedHashMap<>();
    types.forEach((column, type) -> texts.put(column, type.equals("DOUBLE") ? "JSON" : "VARCHAR"));
    String asText = call("read_json", fixed + ", columns = " + struct(texts));
    types.putAll(exactTypes(types, asText));
    sql = call("read_json", fixed + ", columns = " + struct(types));
    return types;
  }

  private Map<String, String> parquet() throws SQLException {
    List<String> wide =
        session.column(
            "SELECT name FROM parquet_schema("
                + pattern()
                + ") WHERE converted_type = 'DECIMAL' AND precision > "
                + MOST_DECIMAL_DIGITS);
    if (!wide.isEmpty()) {
      // It would come as a double.
      throw new ConfigurationException(
          "Column "
              + wide.get(0)
              + " of "
              + files.pattern()
              + " has more than 38 digits, which DuckDB would round");
    }
    sql = call("read_parquet", "");
    return describe(sql);
  }

  /** The types of columns that are not exact with the one that DuckDB chose. */
  private Map<String, String> exactTypes(Map<String, String> types, String asText)
      throws SQLException {
    List<String> doubles = new ArrayList<>();
    List<String> times = new ArrayList<>();
    types.forEach(
        (column, type) -> {
          if (type.equals("DOUBLE")) {
            doubles.add(column);
          } else if (type.startsWith("TIME")) {
            times.add(column);
          }
        });
    Map<String, String> exact = new LinkedHashMap<>();
    if (doubles.isEmpty() && times.isEmpty()) {
      return exact;
    }
    List<String> questions = new ArrayList<>();
    for (String column : doubles) {
      String text = "CAST(" + QuotedName.identifier(column) + " AS VARCHAR)";
      questions.add("bool_or(" + ROUNDED.replace("%s", text) + ")");
      questions.add("bool_and(" + PLAIN_DECIMAL.replace("%s", text) + ")");
      questions.add("max(" + INTEGER_DIGITS.replace("%s", text) + ")");
      questions.add("max(" + FRACTION_DIGITS.replace("%s", text) + ")");
    }
    for (String column : times) {
      questions.add("bool_or(" + NANOSECONDS.replace("%s", QuotedName.identifier(column)) + ")");
    }
    List<String> answers =
        session.rows("SELECT " + String.join(", ", questions) + " FROM " + asText).get(0);
    int at = 0;
    for (String column : doubles) {
      if ("true".equals(answers.get(at))) {
        boolean plain = "true".equals(answers.get(at + 1));
        exact.put(column, decimal(plain, number(answers.get(at + 2)), number(answers.get(at + 3))));
      }
      at += 4;
    }
    for (String column : times) {
      if ("true".equals(answers.get(at++))) {
        exact.put(column, "VARCHAR");
      }
    }
    return exact;
  }

  private static String decimal(boolean plain, int integers, int fraction) {
    int digits = Math.max(1, integers + fraction);
    return plain && digits <= MOST_DECIMAL_DIGITS
        ? "DECIMAL(" + digits + "," + fraction + ")"
        : "VARCHAR";
  }

  private static int number(String text) {
    return text == null ? 0 : Integer.parseInt(text);
  }

  private Map<String, String> describe(String call) throws SQLException {
    return DuckDbResolver.byName(session.rows("DESCRIBE FROM " + call));
  }

  private String call(String function, String fixed) {
    List<String> arguments = new ArrayList<>(List.of(pattern()));
    files.options().forEach((name, value) -> arguments.add(name + " = " + literal(value)));
    if (!fixed.isEmpty()) {
      arguments.add(fixed);
    }
    return function + "(" + String.join(", ", arguments) + ")";
  }

  private static String literal(String value) {
    return value.matches("-?\\d{1,18}|true|false") ? value : QuotedName.literal(value);
  }

  private static String struct(Map<String, String> types) {
    return types.entrySet().stream()
        .map(type -> QuotedName.literal(type.getKey()) + ": " + QuotedName.literal(type.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** A file that is there by just this name is no pattern. */
  private String pattern() {
    boolean exists = Files.exists(Path.of(files.pattern()));
    return QuotedName.literal(
        exists ? files.pattern().replaceAll("([*?\\[])", "[$1]") : files.pattern());
  }
}
