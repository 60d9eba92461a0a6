package io.vitessbeam.sync;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(SourceTables.class);

  /** What vtgate says of a table that its VSchema doesn't have. */
  private static final int NO_SUCH_TABLE = 1146;

  /** Where a plan of vtgate's, in JSON, goes. */
  private static final Pattern PLANNED_KEYSPACE =
      Pattern.compile("\"Keyspace\":\\s*\\{\\s*\"Name\":\\s*\"([^\"]+)\"");

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

  /**
   * Whether statements that name the table here go to this keyspace. They go to another one while
   * MoveTables brings the table from there, or when it took it there: its rows can't be read here.
   */
  boolean isServed(String table) {
    return servedElsewhere(table).isEmpty();
  }

  /**
   * Passes if the rows of a table can be read here.
   *
   * @throws ConfigurationException naming the keyspace where they are
   */
  void requireServed(String table) {
    servedElsewhere(table)
        .ifPresent(
            elsewhere -> {
              throw new ConfigurationException(
                  new TableName(uri.keyspace(), table)
                      + " can't be copied: keyspace "
                      + elsewhere
                      + " serves it, between which and "
                      + uri.keyspace()
                      + " it is being moved. Wait until its traffic is switched to "
                      + uri.keyspace()
                      + ", exclude it, or follow it in "
                      + elsewhere);
            });
  }

  private Optional<String> servedElsewhere(String table) {
    String name = SqlText.identifier(uri.keyspace()) + "." + SqlText.identifier(table);
    try (Statement statement = keyspace.createStatement()) {
      // The driver takes it for none that has a result, and would refuse to send it as a query.
      statement.execute("VEXPLAIN PLAN SELECT 1 FROM " + name);
      try (ResultSet rows = statement.getResultSet()) {
        Matcher matcher = PLANNED_KEYSPACE.matcher(rows.next() ? rows.getString(1) : "");
        return Optional.of(matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .filter(served -> !served.equals(uri.keyspace()));
      }
    } catch (SQLException e) {
      VitessBeamException failure = SqlFailures.running("Looking where " + name + " is served", e);
      if (failure instanceof TransientException) {
        throw failure;
      }
      // A vtgate without VEXPLAIN, or a table that its VSchema doesn't have.
      LOG.debug("It is taken for one that is served", failure);
      return Optional.empty();
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
