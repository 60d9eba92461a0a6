package io.vitessbeam.vstream;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.vstream.follow.PositionAtTime;
import io.vitessbeam.vstream.follow.StreamedTimes;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.PositionCheck;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns what a user asked to be followed into streams of shards, or says why it can't be. */
public final class StreamResolver {

  private final StreamOptions options;

  private StreamResolver(StreamOptions options) {
    this.options = options;
  }

  /**
   * Connects to the MySQL port of vtgate, which must know the keyspace, the tables and their
   * columns.
   *
   * @return streams whose plan is the time, in milliseconds
   * @throws ConfigurationException for what the user has to change
   * @throws io.vitessbeam.NeedsRefreshException if the start is out of reach
   * @throws io.vitessbeam.TransientException if the server can't be reached
   */
  public static StreamPlan resolve(StreamOptions options) {
    return new StreamResolver(options).resolve();
  }

  /** The position up to which the primaries of a keyspace have committed. */
  public static Vgtid currentPosition(VitessUri uri) {
    return ExecutedGtids.read(uri);
  }

  private StreamPlan resolve() {
    List<ShardStream.Table> tables = new StreamedTables(options).resolve();
    String keyspace = tables.get(0).schema().keyspace();
    VitessUri vitess = options.uri().vitess().withKeyspace(keyspace);
    Vgtid executed = ExecutedGtids.read(vitess);
    requireBoundary(keyspace, executed.shardNames());
    BinlogSettings.require(vitess, executed.shardNames());
    List<TableSchema> schemas = tables.stream().map(ShardStream.Table::schema).toList();
    // Another start gives other blocks, and orders of changes that sort behind all former ones.
    Streams streams = new Streams(keyspace, executed.shardNames(), System.currentTimeMillis());
    if (!(options.start() instanceof StreamOptions.Start.Copy)) {
      Vgtid from = start(vitess, schemas.get(0), executed);
      return new StreamPlan(schemas, List.of(), streams.ofShards(tables, from, options::until));
    }
    if (tables.size() == 1 || options.until() != null) {
      return new StreamPlan(schemas, List.of(), streams.copies(tables, options::until));
    }
    return new StreamPlan(
        schemas,
        streams.copies(tables, executed::gtid),
        streams.ofShards(tables, executed, shard -> ""));
  }

  /** Where the changes begin. */
  private Vgtid start(VitessUri vitess, TableSchema first, Vgtid executed) {
    if (options.start() instanceof StreamOptions.Start.At at) {
      new PositionCheck(PositionCheck.GIVEN, vitess, executed.shardNames())
          .require(Map.of(first.table(), at.position()));
      return at.position();
    }
    return options.start() instanceof StreamOptions.Start.Time start
        ? at(start.time(), vitess, executed)
        : executed;
  }

  private Vgtid at(Instant time, VitessUri vitess, Vgtid executed) {
    List<ShardGtid> found = new ArrayList<>();
    try (VtgateGrpc vtgate = VtgateGrpc.open(options.uri().grpc())) {
      for (ShardGtid shard : executed.shards()) {
        PositionAtTime search =
            new PositionAtTime(
                new StreamedTimes(vtgate, vitess.tabletType(), executed.keyspace(), shard.shard()),
                GtidSet.parse(shard.gtid()),
                ShardGtids.of(vitess, shard.shard()).purged());
        String name = executed.keyspace() + "/" + shard.shard();
        found.add(new ShardGtid(shard.shard(), search.at(time, name).toString()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + time + " was looked for", e);
    }
    return new Vgtid(executed.keyspace(), found);
  }

  /** Makes streams of the shards of a keyspace. */
  private final class Streams {

    private final String keyspace;
    private final List<String> shards;
    private final long plan;

    Streams(String keyspace, List<String> shards, long plan) {
      this.keyspace = keyspace;
      this.shards = shards;
      this.plan = plan;
    }

    /** One per shard and table: Vitess resumes no copy of several without losing some. */
    List<ShardStream> copies(List<ShardStream.Table> tables, Function<String, String> until) {
      int count = shards.size() * tables.size();
      List<ShardStream> streams = new ArrayList<>();
      for (ShardStream.Table table : tables) {
        for (String shard : shards) {
          StreamPosition from = StreamPosition.copy();
          streams.add(
              stream(shard, streams.size(), count, from, until.apply(shard), List.of(table)));
        }
      }
      return streams;
    }

    /** One per shard, from a position on. */
    List<ShardStream> ofShards(
        List<ShardStream.Table> tables, Vgtid from, Function<String, String> until) {
      List<ShardStream> streams = new ArrayList<>();
      for (String shard : shards) {
        StreamPosition begin = StreamPosition.at(from.gtid(shard));
        streams.add(
            stream(shard, streams.size(), shards.size(), begin, until.apply(shard), tables));
      }
      return streams;
    }

    private ShardStream stream(
        String shard,
        int index,
        int count,
        StreamPosition from,
        String until,
        List<ShardStream.Table> tables) {
      return new ShardStream(
          keyspace,
          shard,
          1,
          plan,
          index,
          count,
          from,
          until,
          tables,
          true,
          options.stall(),
          options.newColumns(),
          true);
    }
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

  private void requireBoundary(String keyspace, List<String> shards) {
    Vgtid until = options.until();
    if (until == null) {
      return;
    }
    if (!until.keyspace().equals(keyspace)
        || !new HashSet<>(until.shardNames()).equals(new HashSet<>(shards))) {
      throw new ConfigurationException(
          "The boundary is one of the shards "
              + String.join(", ", until.shardNames())
              + " of keyspace "
              + until.keyspace()
              + ", and "
              + keyspace
              + " has the shards "
              + String.join(", ", shards));
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
