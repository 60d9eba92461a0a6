package io.vitessbeam.read.resolve;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.MysqlSessions;
import io.vitessbeam.connect.MysqlSource;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.read.ranges.KeyColumn;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** Checks a read of a table against the server: does all exist, and how may it be split? */
final class TableResolver {

  private final ReadOptions options;
  private final ReadSelection selection;

  TableResolver(ReadOptions options) {
    this.options = options;
    this.selection = options.selection();
  }

  ReadRequest resolve() {
    TableName name = TableName.parse(selection.table(), options.uri().keyspace());
    MysqlSource uri = options.uri().withKeyspace(name.keyspace());
    MysqlSessions sessions = uri.sessions();
    List<String> shards = sessions.shards();
    try (Connection connection = sessions.lookUp(shards.get(0))) {
      SchemaDiscovery.Found found = find(connection, name, sessions.noun());
      TableSchema whole = found.schema();
      TableSchema schema = options.zeroDates().applyTo(whole.withColumns(columns(whole)));
      String filter = filter(whole);
      boolean byShard = !found.view() && (shards.size() == 1 || isSpread(sessions, name));
      boolean wholeLimit = selection.limit() >= 0 && shards.size() > 1;
      return new ReadRequest(
          uri,
          schema,
          new ReadRequest.Source.Table(name.table()),
          filter,
          selection.limit(),
          byShard && !wholeLimit ? shards : List.of(),
          byShard && !wholeLimit && filter.isEmpty() ? KeyColumn.ofPrimaryKey(whole) : List.of(),
          options.ranges());
    } catch (SQLException e) {
      throw SqlFailures.running("Looking up " + name, e);
    }
  }

  private static SchemaDiscovery.Found find(Connection connection, TableName name, String noun)
      throws SQLException {
    SchemaDiscovery discovery = new SchemaDiscovery(connection);
    SchemaDiscovery.Found found = discovery.table(name).orElse(null);
    if (found != null) {
      return found;
    }
    throw new ConfigurationException(
        noun
            + " "
            + name.keyspace()
            + " has no table "
            + name.table()
            + "; it has "
            + NameList.of(discovery.tableNames()));
  }

  private List<Column> columns(TableSchema table) {
    for (String column : selection.without()) {
      requireColumn(table, column, "to exclude");
    }
    List<Column> columns =
        table.columns().stream()
            .filter(column -> !selection.without().contains(column.name()))
            .toList();
    if (columns.isEmpty()) {
      throw new ConfigurationException(
          "All columns of " + table.qualifiedName() + " are excluded; leave one at least");
    }
    return columns;
  }

  private static void requireColumn(TableSchema table, String column, String purpose) {
    if (table.indexOf(column) < 0) {
      throw new ConfigurationException(
          table.qualifiedName()
              + " has no column "
              + column
              + " "
              + purpose
              + "; it has "
              + String.join(", ", table.columns().stream().map(Column::name).toList()));
    }
  }

  private String filter(TableSchema table) {
    if (selection.incrementalKey().isEmpty()) {
      return "";
    }
    requireColumn(table, selection.incrementalKey(), "to use as incremental key");
    String column = SqlText.identifier(selection.incrementalKey());
    ValueOrder order = ValueOrder.of(table.column(selection.incrementalKey()).type().base());
    return selection.bounds(order).stream()
        .map(bound -> column + " " + bound.operator() + " " + literal(bound))
        .collect(Collectors.joining(" AND "));
  }

  /** MySQL would take a text that is compared with a decimal for a double, and round both. */
  private static String literal(Bound bound) {
    return bound.order() == ValueOrder.NUMBER ? bound.text() : SqlText.literal(bound.text());
  }

  /**
   * Whether the shards hold different rows of a table of a sharded keyspace: only those with a
   * vindex are spread by it. A reference table is on every shard as a whole, and read through
   * vtgate, once.
   */
  private static boolean isSpread(MysqlSessions sessions, TableName name) {
    String table = SqlText.identifier(name.keyspace()) + "." + SqlText.identifier(name.table());
    try (Connection connection = sessions.lookUp("");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW VSCHEMA VINDEXES ON " + table)) {
      return rows.next();
    } catch (SQLException e) {
      throw SqlFailures.running("Looking up the vindexes of " + name, e);
    }
  }
}
