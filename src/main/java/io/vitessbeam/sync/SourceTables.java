package io.vitessbeam.sync;

import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.schema.discovery.TableDefinition;
import io.vitessbeam.vstream.position.ExecutedGtids;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tables of a keyspace as they are now, by two sessions. For one thread. */
final class SourceTables implements AutoCloseable {

  /**
   * A table as it is now.
   *
   * @param spread whether each row is on one shard only
   * @param functionalIndexes the names of its indexes over expressions
   */
  record SourceTable(
      TableSchema schema,
      TableDefinition definition,
      boolean spread,
      List<String> functionalIndexes) {}

  /** What vtgate says of a table that its VSchema doesn't have. */
  private static final int NO_SUCH_TABLE = 1146;

  private final VitessUri uri;
  private final boolean sharded;
  private final Connection shard;
  private final Connection keyspace;

  SourceTables(VitessUri uri, List<String> shards) {
    this(uri, shards, new Vtgate(ExecutedGtids.primary(uri))::lookUp);
  }

  /**
   * @param sessions opens a session of a shard; of the keyspace for an empty name
   */
  SourceTables(VitessUri uri, List<String> shards, Function<String, Connection> sessions) {
    this.uri = ExecutedGtids.primary(uri);
    this.sharded = shards.size() > 1;
    this.shard = sessions.apply(shards.get(0));
    try {
      this.keyspace = sessions.apply("");
    } catch (RuntimeException e) {
      try (shard) {
        throw e;
      } catch (SQLException closing) {
        e.addSuppressed(closing);
        throw e;
      }
    }
  }

  /** The names of all that can be followed. */
  List<String> names() {
    try {
      return new SchemaDiscovery(shard).baseTableNames();
    } catch (SQLException e) {
      throw SqlFailures.running("Listing the tables of " + uri.keyspace(), e);
    }
  }

  /** The table, or nothing if none has exactly this name. */
  Optional<SourceTable> find(String table) {
    TableName name = new TableName(uri.keyspace(), table);
    try {
      SchemaDiscovery discovery = new SchemaDiscovery(shard);
      Optional<SchemaDiscovery.Found> found = discovery.table(name).filter(any -> !any.view());
      Optional<TableDefinition> definition = discovery.definition(name);
      if (found.isEmpty() || definition.isEmpty()) {
        return Optional.empty();
      }
      boolean spread = !sharded || hasVindex(name);
      return Optional.of(
          new SourceTable(
              found.get().schema(), definition.get(), spread, discovery.functionalIndexes(name)));
    } catch (SQLException e) {
      throw SqlFailures.running("Looking up " + name, e);
    }
  }

  /** Without one, a table of a sharded keyspace may be on every shard as a whole. */
  private boolean hasVindex(TableName name) throws SQLException {
    String table = SqlText.identifier(name.keyspace()) + "." + SqlText.identifier(name.table());
    try (Statement statement = keyspace.createStatement();
        ResultSet rows = statement.executeQuery("SHOW VSCHEMA VINDEXES ON " + table)) {
      return rows.next();
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try (shard;
        keyspace) {
      // Closes both.
    } catch (SQLException e) {
      throw SqlFailures.running("Closing a session to " + uri.keyspace(), e);
    }
  }
}
