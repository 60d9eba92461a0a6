package io.vitessbeam.read.duckdb;

import io.vitessbeam.read.duckdb.TextColumn.Form;
import io.vitessbeam.schema.QuotedName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Finds the types of columns of text by looking at all of their values. */
final class TypeGuess {

  /** Rows that rule out most of the candidates, so that few are tried on all rows. */
  private static final int FIRST_ROWS = 10_000;

  /** Of a file with thousands of columns the questions would be too many for one statement. */
  private static final int COLUMNS_AT_ONCE = 250;

  /** What DuckDB's DECIMAL holds, and the fraction that MySQL's does. */
  private static final int MOST_DIGITS = 38;

  private static final int MOST_SCALE = 30;

  private final DuckDbSession session;
  private final Map<String, String> options;
  private final FileTable table;
  private final List<TextColumn> texts;

  /**
   * @param options of the reader
   * @param table its rows; its own columns are not looked at
   * @param texts its columns
   */
  TypeGuess(
      DuckDbSession session, Map<String, String> options, FileTable table, List<TextColumn> texts) {
    this.session = session;
    this.options = options;
    this.table = table;
    this.texts = texts;
  }

  /** The same table with the types that hold for all values. */
  FileTable typed() throws SQLException {
    String moment = momentType();
    List<Question> questions =
        texts.stream()
            .map(text -> new Question(text, TypeCandidate.of(text.form(), options, moment)))
            .toList();
    List<SourceColumn> columns = new ArrayList<>();
    for (int i = 0; i < questions.size(); i += COLUMNS_AT_ONCE) {
      List<Question> some = questions.subList(i, Math.min(questions.size(), i + COLUMNS_AT_ONCE));
      ask(some, "(FROM " + table.from() + " LIMIT " + FIRST_ROWS + ") AS first_rows");
      ask(some, table.from());
      some.forEach(question -> columns.add(question.answer()));
    }
    return new FileTable(columns, table.from(), table.attached());
  }

  /** What DuckDB reads by the format, which may have a zone or nanoseconds. */
  private String momentType() throws SQLException {
    String format = options.get("timestampformat");
    for (String option : List.of("dateformat", "timestampformat")) {
      if (options.containsKey(option)) {
        try {
          session.column("SELECT strftime(TIMESTAMP '2000-01-01', " + literal(option) + ")");
        } catch (SQLException e) {
          throw DuckDbSession.refused(option + "=" + options.get(option), e);
        }
      }
    }
    return format == null
        ? "TIMESTAMP"
        : session
            .column("SELECT typeof(try_strptime('', " + literal("timestampformat") + "))")
            .get(0);
  }

  private String literal(String option) {
    return QuotedName.literal(options.get(option));
  }

  private void ask(List<Question> questions, String from) throws SQLException {
    List<String> sql = new ArrayList<>();
    questions.forEach(question -> sql.addAll(question.sql()));
    if (!sql.isEmpty()) {
      String select = "SELECT " + String.join(", ", sql) + " FROM " + from;
      Iterator<String> answers = session.rows(select, table.attached()).get(0).iterator();
      questions.forEach(question -> question.hear(answers));
    }
  }

  /** What a column may be. */
  private static final class Question {
    private final TextColumn column;
    private List<TypeCandidate> candidates;
    private boolean hasValues;
    private int digits;
    private int scale;

    Question(TextColumn column, List<TypeCandidate> candidates) {
      this.column = column;
      this.candidates = candidates;
    }

    List<String> sql() {
      List<String> sql = new ArrayList<>();
      String text = column.expression();
      for (TypeCandidate candidate : candidates) {
        sql.add(
            "bool_and(CASE WHEN "
                + text
                + " IS NOT NULL THEN coalesce("
                + candidate.holds(text)
                + ", false) END)");
        if (candidate.isDecimal()) {
          candidate.digits(text).forEach(count -> sql.add("max(" + count + ")"));
        }
      }
      return sql;
    }

    /** Takes away the candidates that don't hold. */
    void hear(Iterator<String> answers) {
      List<TypeCandidate> left = new ArrayList<>();
      for (TypeCandidate candidate : candidates) {
        String holds = answers.next();
        hasValues = holds != null;
        if (!"false".equals(holds)) {
          left.add(candidate);
        }
        if (candidate.isDecimal()) {
          int before = number(answers.next());
          scale = number(answers.next());
          digits = before + scale;
        }
      }
      candidates = left;
    }

    private static int number(String text) {
      return text == null ? 0 : Integer.parseInt(text);
    }

    SourceColumn answer() {
      String text = column.expression();
      boolean decimal =
          digits <= MOST_DIGITS
              && scale <= MOST_SCALE
              && candidates.stream().anyMatch(TypeCandidate::isDecimal);
      for (TypeCandidate candidate : hasValues ? candidates : List.<TypeCandidate>of()) {
        // Integers beyond BIGINT are not doubles, though many can be printed as such.
        boolean isNext =
            candidate.isDecimal() ? decimal : !candidate.isDouble() || !decimal || scale > 0;
        if (isNext) {
          String type =
              candidate.isDecimal() ? "DECIMAL(" + digits + "," + scale + ")" : candidate.type();
          return new SourceColumn(column.name(), type, candidate.value(text, type));
        }
      }
      return new SourceColumn(column.name(), column.form() == Form.JSON ? "JSON" : "VARCHAR", text);
    }
  }
}
