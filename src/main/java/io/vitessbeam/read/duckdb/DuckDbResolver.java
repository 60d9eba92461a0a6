package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbSource;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.FileUri;
import io.vitessbeam.read.ReadSelection;
import io.vitessbeam.read.SelectParts;
import io.vitessbeam.read.StreamRequest;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what a user asked for into a read that DuckDB can serve, or says why it can't. */
public final class DuckDbResolver {

  private static final String DEFAULT_SCHEMA = "main";

  private final DuckDbSession session;
  private final String database;
  private final ReadSelection selection;

  private DuckDbResolver(DuckDbSession session, String database, ReadSelection selection) {
    this.session = session;
    this.database = database;
    this.selection = selection;
  }

  /**
   * Opens the database or looks at the files; of CSV and JSON files all rows are read to know their
   * types.
   *
   * @throws ConfigurationException for what the user has to change
   */
  public static StreamRequest resolve(DuckDbSource source, ReadSelection selection) {
    String database = source instanceof DuckDbUri uri ? uri.path() : "";
    try (DuckDbSession session = DuckDbSession.open(database, false)) {
      DuckDbResolver resolver = new DuckDbResolver(session, database, selection);
      if (source instanceof FileUri files) {
        return resolver.files(files);
      }
      if (selection.table().isEmpty() == selection.query().isEmpty()) {
        throw new ConfigurationException("Give either a table or a query to read");
      }
      return selection.query().isEmpty() ? resolver.table() : resolver.query();
    }
  }

  private StreamRequest files(FileUri files) {
    if (!selection.query().isEmpty()) {
      throw new ConfigurationException(
          "Files are read as a whole; a query is for databases, of which duckdb:// can read files"
              + " too");
    }
    String name = String.valueOf(Path.of(files.pattern()).getFileName());
    try {
      FileReader reader = new FileReader(session, files);
      Map<String, String> types = reader.types();
      return request(
          new TableName(files.format().scheme(), name), types, List.of(), List.of(), reader.sql());
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("detect the CSV parsing dialect")) {
        throw new ConfigurationException(
            files.pattern()
                + " can't be read as CSV: its lines don't have the same number of fields, or a quote"
                + " is not closed. Options say otherwise, as in ?delim=%3B, quote=, escape=,"
                + " null_padding=true",
            e);
      }
      throw DuckDbSession.refused("Looking at " + files.pattern(), e);
    }
  }

  private StreamRequest table() {
    TableName name = QuotedName.parse(selection.table(), DEFAULT_SCHEMA);
    String schema = " table_schema = " + QuotedName.literal(name.keyspace());
    String named = schema + " AND table_name = " + QuotedName.literal(name.table());
    try {
      String tables =
          "SELECT table_name FROM information_schema.tables"
              + " WHERE table_catalog = current_database() AND";
      if (session.column(tables + named).isEmpty()) {
        throw new ConfigurationException(
            "Schema "
                + name.keyspace()
                + " of "
                + database
                + " has no table "
                + name.table()
                + "; it has "
                + NameList.of(session.column(tables + schema)));
      }
      List<String> required =
          session.column(
              "SELECT column_name FROM information_schema.columns"
                  + " WHERE table_catalog = current_database() AND is_nullable = 'NO' AND"
                  + named);
      List<String> key =
          session.column(
              "SELECT unnest(constraint_column_names) FROM duckdb_constraints()"
                  + " WHERE database_name = current_database() AND constraint_type = 'PRIMARY KEY'"
                  + " AND schema_name = "
                  + QuotedName.literal(name.keyspace())
                  + " AND table_name = "
                  + QuotedName.literal(name.table()));
      String from =
          QuotedName.identifier(name.keyspace()) + "." + QuotedName.identifier(name.table());
      return request(name, describe("FROM " + from), required, key, from);
    } catch (SQLException e) {
      throw DuckDbSession.refused("Looking up " + name, e);
    }
  }

  private StreamRequest query() {
    String sql = selection.statement(QuotedName::literal);
    try {
      List<List<String>> described = session.rows("DESCRIBE " + sql);
      SelectParts.requireDistinct(described.stream().map(row -> row.get(0)).toList());
      String catalog = session.column("SELECT current_database()").get(0);
      String from = "(" + sql + "\n) AS query";
      return select(
          new TableName(catalog, "query"), byName(described), List.of(), List.of(), from, "", "");
    } catch (SQLException e) {
      throw DuckDbSession.refused("The query", e);
    }
  }

  private Map<String, String> describe(String sql) throws SQLException {
    return byName(session.rows("DESCRIBE " + sql));
  }

  static Map<String, String> byName(List<List<String>> described) {
    Map<String, String> types = new LinkedHashMap<>();
    described.forEach(row -> types.put(row.get(0), row.get(1)));
    return types;
  }

  private StreamRequest request(
      TableName name,
      Map<String, String> types,
      List<String> required,
      List<String> key,
      String from)
      throws SQLException {
    SelectParts parts = SelectParts.of(selection, name.toString(), List.copyOf(types.keySet()));
    Map<String, String> taken = new LinkedHashMap<>(types);
    taken.keySet().retainAll(parts.columns());
    String where = where(parts, types.get(selection.incrementalKey()));
    return select(name, taken, required, key, from, where, parts.limit());
  }

  /** A bound that is none of the column's type is found before the read begins. */
  private String where(SelectParts parts, String keyType) throws SQLException {
    // A bound with a time would become a day if it were compared with days.
    String type = "DATE".equals(keyType) ? "TIMESTAMP" : keyType;
    for (String bound : List.of(selection.from(), selection.to())) {
      if (keyType != null && !bound.isEmpty()) {
        session.column("SELECT CAST(" + QuotedName.literal(bound) + " AS " + type + ")");
      }
    }
    return parts.where(
        column ->
            "DATE".equals(keyType)
                ? "CAST(" + QuotedName.identifier(column) + " AS TIMESTAMP)"
                : QuotedName.identifier(column));
  }

  private StreamRequest select(
      TableName name,
      Map<String, String> types,
      List<String> required,
      List<String> key,
      String from,
      String where,
      String limit)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    List<DuckDbColumn> kinds = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    types.forEach(
        (column, type) -> {
          DuckDbColumn kind = DuckDbColumn.of(type);
          kinds.add(kind);
          columns.add(new Column(column, kind.type(), !required.contains(column)));
          expressions.add(kind.expression(column));
        });
    TableSchema schema =
        new TableSchema(
            name.keyspace(),
            name.table(),
            columns,
            types.keySet().containsAll(key) ? key : List.of());
    String sql = "SELECT " + String.join(", ", expressions) + " FROM " + from + where + limit;
    return new ArrowRequest(database, schema, sql, kinds.stream().map(DuckDbColumn::text).toList());
  }
}
