package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbRead;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.FileUri;
import io.vitessbeam.read.cursor.UndividedRead;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.read.resolve.ReadSelection;
import io.vitessbeam.read.resolve.SelectParts;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what a user asked for into a read that DuckDB can serve, or says why it can't. */
public final class DuckDbResolver {

  private static final String DEFAULT_SCHEMA = "main";

  private final DuckDbSession session;
  private final String database;
  private final ReadSelection selection;

  private final GivenTypes given;

  private DuckDbResolver(
      DuckDbSession session, String database, ReadSelection selection, GivenTypes given) {
    this.session = session;
    this.database = database;
    this.selection = selection;
    this.given = given;
  }

  /**
   * Opens the database or looks at the files; of CSV and JSON files all rows are read to know their
   * types.
   *
   * @param given types that columns get later; they are of no use to sources that know their types
   * @throws ConfigurationException for what the user has to change
   */
  public static UndividedRead resolve(
      DuckDbRead.Source source, ReadSelection selection, GivenTypes given) {
    String database = source instanceof DuckDbUri uri ? uri.path() : "";
    try (DuckDbSession session = DuckDbSession.open(database, false)) {
      DuckDbResolver resolver = new DuckDbResolver(session, database, selection, given);
      if (source instanceof FileUri files) {
        return resolver.files(files);
      }
      if (selection.table().isEmpty() == selection.query().isEmpty()) {
        throw new ConfigurationException("Give either a table or a query to read");
      }
      return selection.query().isEmpty() ? resolver.table() : resolver.query();
    }
  }

  private UndividedRead files(FileUri files) {
    if (!selection.query().isEmpty()) {
      throw new ConfigurationException(
          "Files are read as a whole; a query is for databases, of which duckdb:// can read files"
              + " too");
    }
    String name = String.valueOf(Path.of(files.pattern()).getFileName());
    try {
      FileTable table =
          switch (files.format()) {
            case CSV -> new CsvFiles(session, files, given).table();
            case JSONL -> new JsonFiles(session, files, given).table();
            case PARQUET ->
                new ParquetFiles(session, files, Set.copyOf(selection.without())).table();
          };
      return request(new TableName(files.format().scheme(), name), table, List.of(), List.of());
    } catch (SQLException e) {
      throw DuckDbSession.refused("Looking at " + files.pattern(), e);
    }
  }

  private UndividedRead table() {
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
      return request(name, named(session.rows("DESCRIBE FROM " + from), from), required, key);
    } catch (SQLException e) {
      throw DuckDbSession.refused("Looking up " + name, e);
    }
  }

  private UndividedRead query() {
    String sql = selection.statement(QuotedName::literal);
    try {
      List<List<String>> described = session.rows("DESCRIBE " + sql);
      SelectParts.requireDistinct(described.stream().map(row -> row.get(0)).toList());
      String catalog = session.column("SELECT current_database()").get(0);
      String from = "(" + sql + "\n) AS query";
      return select(
          new TableName(catalog, "query"), named(described, from), List.of(), List.of(), "", "");
    } catch (SQLException e) {
      throw DuckDbSession.refused("The query", e);
    }
  }

  static Map<String, String> byName(List<List<String>> described) {
    Map<String, String> types = new LinkedHashMap<>();
    described.forEach(row -> types.put(row.get(0), row.get(1)));
    return types;
  }

  private static FileTable named(List<List<String>> described, String from) {
    List<SourceColumn> columns =
        described.stream().map(row -> SourceColumn.named(row.get(0), row.get(1))).toList();
    return new FileTable(columns, from, AttachedTable.NONE);
  }

  private UndividedRead request(
      TableName name, FileTable table, List<String> required, List<String> key)
      throws SQLException {
    SelectParts parts =
        SelectParts.of(
            selection, name.toString(), table.columns().stream().map(SourceColumn::name).toList());
    List<SourceColumn> taken =
        table.columns().stream().filter(column -> parts.columns().contains(column.name())).toList();
    return select(
        name,
        new FileTable(taken, table.from(), table.attached()),
        required,
        key,
        where(parts, table.columns()),
        parts.limit());
  }

  /** A bound that is none of the column's type is found before the read begins. */
  private String where(SelectParts parts, List<SourceColumn> columns) throws SQLException {
    Optional<SourceColumn> key =
        columns.stream()
            .filter(column -> column.name().equals(selection.incrementalKey()))
            .findFirst();
    if (key.isEmpty()) {
      return "";
    }
    String type = key.get().type();
    ValueOrder order = ValueOrder.of(DuckDbColumn.of(type).type().base());
    String none =
        parts.where(order, bound -> DuckDbBounds.within("CAST(NULL AS " + type + ")", type, bound));
    if (!none.isEmpty()) {
      session.column("SELECT 1" + none);
    }
    return parts.where(order, bound -> DuckDbBounds.within(key.get().expression(), type, bound));
  }

  private UndividedRead select(
      TableName name,
      FileTable table,
      List<String> required,
      List<String> key,
      String where,
      String limit) {
    List<Column> columns = new ArrayList<>();
    List<ValueText> texts = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (SourceColumn column : table.columns()) {
      DuckDbColumn kind = DuckDbColumn.of(column.type());
      columns.add(new Column(column.name(), kind.type(), !required.contains(column.name())));
      texts.add(kind.text());
      expressions.add(kind.text(column.expression()));
    }
    TableSchema schema =
        new TableSchema(
            name.keyspace(),
            name.table(),
            columns,
            columns.stream().map(Column::name).toList().containsAll(key) ? key : List.of());
    String sql =
        "SELECT " + String.join(", ", expressions) + " FROM " + table.from() + where + limit;
    return new ArrowRequest(database, schema, sql, texts, table.attached());
  }
}
