package io.vitessbeam.vstream.decode;

import io.vitess.proto.Query.Field;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.ShardStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversions of a stream's columns. The server is asked for its collations when a column has
 * one that isn't common, and for columns that a table has got. For one thread.
 */
public final class StreamConversions implements RowDecoder.Conversions, Alterations {

  private static final Logger LOG = LoggerFactory.getLogger(StreamConversions.class);

  /** Those that need no question: binary, and the usual ones of utf8mb4 and utf8. */
  private static final Map<Integer, String> COMMON =
      Map.of(
          63, "binary", 45, "utf8mb4", 46, "utf8mb4", 255, "utf8mb4", 309, "utf8mb4", 33, "utf8",
          83, "utf8");

  private final VitessUri vitess;
  private final ShardStream stream;
  private Collations collations = new Collations(COMMON);
  private boolean asked;
  private final Set<String> askedTables = new HashSet<>();

  /**
   * @param vitess where to ask
   */
  public StreamConversions(VitessUri vitess, ShardStream stream) {
    this.vitess = vitess;
    this.stream = stream;
  }

  @Override
  public RowDecoder.Conversion of(
      Column column, Field field, boolean labelsAreText, boolean copying) {
    if (Collations.isUntold(field)) {
      if (askedTables.add(field.getTable())) {
        ask(field.getTable());
      }
    } else if (field.getCharset() != 0 && !COMMON.containsKey(field.getCharset())) {
      ask("");
    }
    StreamColumn conversion = StreamColumn.of(column, field, labelsAreText, copying, collations);
    return conversion.isIdentity() ? null : conversion::convert;
  }

  @Override
  public List<Column> columns(String table) {
    try (Connection connection = new Vtgate(vitess).lookUp(stream.shard())) {
      return new SchemaDiscovery(connection)
          .table(new TableName(stream.keyspace(), table))
          .map(found -> found.schema().columns())
          .orElse(List.of());
    } catch (SQLException e) {
      throw SqlFailures.running("Reading the columns of " + stream.describe(), e);
    }
  }

  @Override
  public Optional<String> migration(String migration) {
    try (Connection connection = new Vtgate(ExecutedGtids.primary(vitess)).lookUp("");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SHOW VITESS_MIGRATIONS LIKE " + SqlText.literal(migration))) {
      return rows.next()
          ? Optional.ofNullable(rows.getString("migration_statement"))
          : Optional.empty();
    } catch (SQLException e) {
      VitessBeamException failure =
          SqlFailures.running("Looking up the online DDL " + migration, e);
      if (failure instanceof TransientException) {
        throw failure;
      }
      LOG.info(
          "{} has an online DDL that isn't known: {}", stream.describe(), failure.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Asks for the server's collations, and for the character sets of a table, which the stream does
   * not tell where Vitess doesn't know a collation.
   */
  private void ask(String table) {
    if (asked && table.isEmpty()) {
      return;
    }
    try (Connection connection = new Vtgate(vitess).lookUp(stream.shard())) {
      collations = asked ? collations : Collations.read(connection);
      asked = true;
      if (!table.isEmpty()) {
        collations = collations.withTable(connection, table);
      }
    } catch (SQLException e) {
      throw SqlFailures.running("Reading the collations of " + stream.describe(), e);
    }
  }
}
