package io.vitessbeam.read.postgresql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.PostgresqlFailures;
import io.vitessbeam.connect.PostgresqlServer;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.cursor.UndividedRead;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.read.resolve.ReadSelection;
import io.vitessbeam.read.resolve.SelectParts;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns what a user asked for into a read that PostgreSQL can serve, or says why it can't. */
public final class PostgresqlResolver {

  private static final String DEFAULT_SCHEMA = "public";

  private final PostgresqlUri uri;
  private final ReadSelection selection;

  public PostgresqlResolver(PostgresqlUri uri, ReadSelection selection) {
    this.uri = uri;
    this.selection = selection;
  }

  /**
   * Connects to the server, which must know the table and its columns.
   *
   * @throws ConfigurationException for what the user has to change
   * @throws TransientException if the server can't be reached
   */
  public UndividedRead resolve() {
    if (selection.table().isEmpty() == selection.query().isEmpty()) {
      throw new ConfigurationException("Give either a table or a query to read");
    }
    return selection.query().isEmpty() ? table() : query();
  }

  private UndividedRead table() {
    TableName name = QuotedName.parse(selection.table(), DEFAULT_SCHEMA);
    try (Connection connection = new PostgresqlServer(uri).reading()) {
      Catalog catalog = new Catalog(connection);
      long table = find(catalog, name);
      List<Catalog.Attribute> attributes = catalog.attributes(table);
      SelectParts parts = SelectParts.of(selection, name.toString(), names(attributes));
      FoundTable found = found(catalog, name, table, attributes, parts.columns());
      List<String> expressions = new ArrayList<>();
      for (int i = 0; i < found.columns().size(); i++) {
        String column = QuotedName.identifier(parts.columns().get(i));
        expressions.add(found.columns().get(i).expression(column));
      }
      String from = quoted(name);
      String sql = "SELECT " + String.join(", ", expressions) + " FROM " + from;
      return request(
          found.schema(), found.columns(), sql + where(catalog, parts, from) + parts.limit());
    } catch (SQLException e) {
      throw PostgresqlFailures.running("Looking up " + name, e);
    }
  }

  /** The columns and the key of a table; empty if there is none of the name. */
  public static Optional<FoundTable> find(PostgresqlUri uri, TableName name) {
    try (Connection connection = new PostgresqlServer(uri).reading()) {
      Catalog catalog = new Catalog(connection);
      Optional<Long> table = catalog.table(name);
      if (table.isEmpty()) {
        return Optional.empty();
      }
      List<Catalog.Attribute> attributes = catalog.attributes(table.get());
      return Optional.of(found(catalog, name, table.get(), attributes, names(attributes)));
    } catch (SQLException e) {
      throw PostgresqlFailures.running("Looking up " + name, e);
    }
  }

  private static FoundTable found(
      Catalog catalog,
      TableName name,
      long table,
      List<Catalog.Attribute> attributes,
      List<String> chosen)
      throws SQLException {
    List<PostgresqlColumn> types = catalog.types(list(chosen), quoted(name));
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String column = chosen.get(i);
      boolean required =
          attributes.stream().anyMatch(any -> any.required() && any.name().equals(column));
      columns.add(new Column(column, types.get(i).type(), !required));
    }
    List<String> key = catalog.primaryKey(table);
    return new FoundTable(
        new TableSchema(
            name.keyspace(), name.table(), columns, chosen.containsAll(key) ? key : List.of()),
        types);
  }

  private static List<String> names(List<Catalog.Attribute> attributes) {
    return attributes.stream().map(Catalog.Attribute::name).toList();
  }

  private static String quoted(TableName name) {
    return QuotedName.identifier(name.keyspace()) + "." + QuotedName.identifier(name.table());
  }

  /** Of a bound that is none of the column's type PostgreSQL says so before the read begins. */
  private static String where(Catalog catalog, SelectParts parts, String from) throws SQLException {
    String key = QuotedName.identifier(parts.selection().incrementalKey());
    if (parts.selection().incrementalKey().isEmpty()) {
      return "";
    }
    PostgresqlColumn column = catalog.types(key, from).get(0);
    // A bound with a time would become a day if it were compared with days.
    String value = column.text() == ValueText.DATE ? key + "::timestamp" : key;
    String where =
        parts.where(
            ValueOrder.of(column.type().base()),
            bound -> value + " " + bound.operator() + " " + literal(bound));
    try {
      catalog.types(key, from + where);
      return where;
    } catch (SQLException e) {
      VitessBeamException failure =
          PostgresqlFailures.running("Comparing " + key + " with the interval", e);
      throw failure instanceof TransientException
          ? failure
          : new ConfigurationException(failure.getMessage(), e);
    }
  }

  /** Not rounded to the column's type. */
  private static String literal(Bound bound) {
    return switch (bound.order()) {
      case NUMBER -> bound.text();
      case FLOATING -> "CAST(" + QuotedName.literal(bound.text()) + " AS double precision)";
      case MOMENT, TIME, TEXT, BYTES, NONE -> QuotedName.literal(bound.text());
    };
  }

  private static long find(Catalog catalog, TableName name) throws SQLException {
    Optional<Long> table = catalog.table(name);
    if (table.isPresent()) {
      return table.get();
    }
    throw new ConfigurationException(
        "Schema "
            + name.keyspace()
            + " has no table "
            + name.table()
            + "; it has "
            + NameList.of(catalog.tableNames(name.keyspace())));
  }

  private static String list(List<String> columns) {
    return String.join(", ", columns.stream().map(QuotedName::identifier).toList());
  }

  private UndividedRead query() {
    String from = "(" + selection.statement(QuotedName::literal) + "\n) AS query";
    try (Connection connection = new PostgresqlServer(uri).reading()) {
      Catalog catalog = new Catalog(connection);
      List<String> names = catalog.names(from);
      SelectParts.requireDistinct(names);
      List<PostgresqlColumn> types = catalog.types("*", from);
      List<Column> columns = new ArrayList<>();
      List<String> expressions = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        columns.add(new Column(names.get(i), types.get(i).type(), true));
        expressions.add(types.get(i).expression(QuotedName.identifier(names.get(i))));
      }
      TableSchema schema = new TableSchema(uri.database(), "query", columns, List.of());
      return request(schema, types, "SELECT " + String.join(", ", expressions) + " FROM " + from);
    } catch (SQLException e) {
      VitessBeamException failure = PostgresqlFailures.running("The query", e);
      // What is wrong with a query before its first row is for its author to mend.
      throw failure instanceof TransientException
          ? failure
          : new ConfigurationException(failure.getMessage(), e);
    }
  }

  private UndividedRead request(TableSchema schema, List<PostgresqlColumn> types, String sql) {
    List<ValueText> texts = types.stream().map(PostgresqlColumn::text).toList();
    return new CopyRequest(uri, schema, sql, texts);
  }
}
