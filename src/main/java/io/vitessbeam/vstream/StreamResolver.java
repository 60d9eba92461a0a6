package io.vitessbeam.vstream;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.PositionCheck;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Turns what a user asked to be followed into streams of shards, or says why it can't be. */
public final class StreamResolver {

  private final StreamOptions options;

  private StreamResolver(StreamOptions options) {
    this.options = options;
  }

  /**
   * Connects to the MySQL port of vtgate, which must know the keyspace, the table and its columns.
   *
   * @return one stream per shard, of the one table; their plan is the time, in milliseconds
   * @throws ConfigurationException for what the user has to change
   * @throws io.vitessbeam.NeedsRefreshException if the start is out of reach
   * @throws io.vitessbeam.TransientException if the server can't be reached
   */
  public static List<ShardStream> resolve(StreamOptions options) {
    if (options.table().isEmpty()) {
      throw new ConfigurationException("Give a table whose changes are to be read");
    }
    return new StreamResolver(options).resolve();
  }

  /** The position up to which the primaries of a keyspace have committed. */
  public static Vgtid currentPosition(VitessUri uri) {
    return ExecutedGtids.read(uri);
  }

  private List<ShardStream> resolve() {
    TableSchema schema = schema();
    VitessUri vitess = options.uri().vitess().withKeyspace(schema.keyspace());
    Vgtid executed = ExecutedGtids.read(vitess);
    List<String> shards = executed.shardNames();
    requireBoundary(schema, shards);
    BinlogSettings.require(vitess, shards);
    Vgtid from = start(vitess, schema, executed);
    // Another start gives other blocks, and orders of changes that sort behind all former ones.
    long plan = System.currentTimeMillis();
    List<ShardStream> streams = new ArrayList<>();
    for (String shard : shards) {
      streams.add(
          new ShardStream(
              schema.keyspace(),
              shard,
              1,
              plan,
              streams.size(),
              shards.size(),
              from == null ? StreamPosition.copy() : StreamPosition.at(from.gtid(shard)),
              options.until(shard),
              List.of(new ShardStream.Table(schema, "")),
              true,
              options.stall()));
    }
    return streams;
  }

  /** Where the changes begin; null for a copy. */
  private Vgtid start(VitessUri vitess, TableSchema schema, Vgtid executed) {
    if (options.start() instanceof StreamOptions.Start.At at) {
      new PositionCheck(PositionCheck.GIVEN, vitess, executed.shardNames())
          .require(Map.of(schema.table(), at.position()));
      return at.position();
    }
    return options.start() instanceof StreamOptions.Start.Now ? executed : null;
  }

  private TableSchema schema() {
    ReadOptions read =
        ReadOptions.of(options.uri().vitess())
            .withTable(options.table())
            .withZeroDates(options.zeroDates());
    ReadRequest whole = ReadResolver.resolve(read);
    if (whole.shards().isEmpty()) {
      throw new ConfigurationException(
          whole.name()
              + " is a view, or a table that every shard has as a whole; follow the tables that its"
              + " rows come from");
    }
    requireStreamable(whole.schema().keyspace(), whole.schema().table());
    TableSchema schema =
        options.without().isEmpty()
            ? whole.schema()
            : ReadResolver.resolve(read.without(options.without())).schema();
    for (String column : whole.schema().primaryKey()) {
      if (schema.indexOf(column) < 0) {
        throw new ConfigurationException(
            "Column "
                + column
                + " is in the primary key of "
                + whole.name()
                + ", by which its changes are told apart; it can't be left out");
      }
    }
    if (options.start() instanceof StreamOptions.Start.Copy) {
      requireCopyable(schema);
    }
    requireFollowed(schema);
    return schema;
  }

  /**
   * A rule's name that begins with a slash is a regular expression to Vitess, and one with a
   * backquote ends the stream of Vitess 23.0.3 with an error.
   *
   * @throws ConfigurationException if VStream can't give a table of this name
   */
  public static void requireStreamable(String keyspace, String table) {
    if (table.startsWith("/") || table.contains("`")) {
      throw new ConfigurationException(
          "VStream can't follow "
              + keyspace
              + "."
              + table
              + ": Vitess takes no table whose name begins with a slash or holds a backquote");
    }
    SchemaDiscovery.whyNotFollowed(table)
        .ifPresent(
            reason -> {
              throw new ConfigurationException(
                  "VStream can't follow " + keyspace + "." + table + ": " + reason);
            });
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

  private void requireBoundary(TableSchema schema, List<String> shards) {
    Vgtid until = options.until();
    if (until == null) {
      return;
    }
    if (!until.keyspace().equals(schema.keyspace())
        || !new HashSet<>(until.shardNames()).equals(new HashSet<>(shards))) {
      throw new ConfigurationException(
          "The boundary is one of the shards "
              + String.join(", ", until.shardNames())
              + " of keyspace "
              + until.keyspace()
              + ", and "
              + schema.qualifiedName()
              + " is in the shards "
              + String.join(", ", shards)
              + " of "
              + schema.keyspace());
    }
    for (String shard : shards) {
      try {
        GtidSet.parse(until.gtid(shard));
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            "The boundary on shard " + shard + " is no GTID set: " + e.getMessage(), e);
      }
    }
  }
}
