package io.vitessbeam.vstream;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.vstream.position.ShardStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tables that a user asked for, each looked up and checked. */
final class StreamedTables {

  private final StreamOptions options;

  StreamedTables(StreamOptions options) {
    this.options = options;
  }

  /**
   * Asks the server.
   *
   * @throws ConfigurationException for one that isn't there or can't be followed
   */
  List<ShardStream.Table> resolve() {
    List<ShardStream.Table> tables = new ArrayList<>();
    Set<String> missing = new HashSet<>(options.without());
    for (String name : names()) {
      ReadRequest whole = whole(name);
      TableSchema schema = whole.schema();
      Set<String> without = new HashSet<>(options.without());
      without.retainAll(schema.columns().stream().map(Column::name).toList());
      missing.removeAll(without);
      tables.add(new ShardStream.Table(reduced(schema, without), "", without));
    }
    requireOneKeyspace(tables);
    if (!missing.isEmpty()) {
      throw new ConfigurationException(
          (tables.size() == 1 ? tables.get(0).schema().qualifiedName() + " has" : "No table has a")
              + (tables.size() == 1 ? " no column " : " column ")
              + String.join(", ", missing)
              + " to exclude");
    }
    return tables;
  }

  private List<String> names() {
    if (!options.allTables()) {
      if (options.tables().isEmpty()) {
        throw new ConfigurationException("Give the tables whose changes are to be read");
      }
      return options.tables().stream().distinct().toList();
    }
    VitessUri uri = options.uri().vitess();
    Vtgate vtgate = new Vtgate(uri);
    try (Connection connection = vtgate.lookUp(vtgate.shards().get(0))) {
      List<String> names = new SchemaDiscovery(connection).baseTableNames();
      if (names.isEmpty()) {
        throw new ConfigurationException("Keyspace " + uri.keyspace() + " has no tables");
      }
      return names.stream().map(StreamedTables::quoted).toList();
    } catch (SQLException e) {
      throw SqlFailures.running("Looking up the tables of " + uri.keyspace(), e);
    }
  }

  private static String quoted(String table) {
    return "`" + table.replace("`", "``") + "`";
  }

  private ReadRequest whole(String name) {
    ReadRequest whole =
        ReadResolver.resolve(
            ReadOptions.of(options.uri().vitess())
                .withTable(name)
                .withZeroDates(options.zeroDates()));
    if (whole.shards().isEmpty()) {
      throw new ConfigurationException(
          whole.name()
              + " is a view, or a table that every shard has as a whole; follow the tables that its"
              + " rows come from");
    }
    StreamResolver.requireStreamable(whole.schema().keyspace(), whole.schema().table());
    return whole;
  }

  private TableSchema reduced(TableSchema whole, Set<String> without) {
    for (String column : whole.primaryKey()) {
      if (without.contains(column)) {
        throw new ConfigurationException(
            "Column "
                + column
                + " is in the primary key of "
                + new TableName(whole.keyspace(), whole.table())
                + ", by which its changes are told apart; it can't be left out");
      }
    }
    List<Column> columns =
        whole.columns().stream().filter(column -> !without.contains(column.name())).toList();
    if (columns.isEmpty()) {
      throw new ConfigurationException(
          "All columns of " + whole.qualifiedName() + " are excluded; leave one at least");
    }
    TableSchema schema = whole.withColumns(columns);
    if (options.start() instanceof StreamOptions.Start.Copy) {
      requireCopyable(schema);
    }
    requireFollowed(schema);
    return schema;
  }

  private static void requireCopyable(TableSchema schema) {
    if (schema.primaryKey().isEmpty()) {
      throw new ConfigurationException(
          schema.qualifiedName()
              + " has no primary key, without which VStream can't copy it: read its changes from a"
              + " position on, or from now on");
    }
    for (Column column : schema.columns()) {
      StreamColumn.whyNotCopiedByVStream(column)
          .ifPresent(
              reason -> {
                throw new ConfigurationException(schema.qualifiedName() + ": " + reason);
              });
    }
  }

  private static void requireFollowed(TableSchema schema) {
    for (Column column : schema.columns()) {
      StreamColumn.whyNotFollowed(column)
          .ifPresent(
              reason -> {
                throw new ConfigurationException(schema.qualifiedName() + ": " + reason);
              });
    }
  }

  private static void requireOneKeyspace(List<ShardStream.Table> tables) {
    List<String> keyspaces =
        tables.stream().map(table -> table.schema().keyspace()).distinct().sorted().toList();
    if (keyspaces.size() > 1) {
      throw new ConfigurationException(
          "The tables are of the keyspaces "
              + String.join(", ", keyspaces)
              + ", each of which has logs of its own: read each by a transform of its own");
    }
  }
}
