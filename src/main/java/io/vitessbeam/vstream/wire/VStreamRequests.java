package io.vitessbeam.vstream.wire;

import binlogdata.Binlogdata;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vitess.proto.Topodata;
import io.vitess.proto.Vtgate;
import io.vitessbeam.connect.TabletType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.Collection;

/** The requests that open a shard's stream. */
public final class VStreamRequests {

  /** In seconds. Heartbeats say that vtgate is alive, and nothing about the shard. */
  private static final int HEARTBEAT_SECONDS = 5;

  /** From a position on, vttablet takes a rule for a table that isn't there. */
  private static final String NO_TABLE = "_vitessbeam_no_table";

  private VStreamRequests() {}

  /**
   * Of one shard: its changes from a position on.
   *
   * @param tablets of which one is streamed from
   * @param tables those to stream, in the order of the rules
   */
  public static Vtgate.VStreamRequest from(
      TabletType tablets, ShardStream stream, StreamPosition position, Collection<String> tables) {
    Binlogdata.Filter.Builder filter = Binlogdata.Filter.newBuilder();
    for (String table : tables) {
      filter.addRules(
          Binlogdata.Rule.newBuilder()
              .setMatch(table)
              .setFilter("select * from " + SqlText.identifier(table)));
    }
    return request(tablets, start(stream, position), filter, position.copied());
  }

  /**
   * Of one shard: where its transactions are, without any row.
   *
   * @param gtid of the transactions that are left out
   */
  public static Vtgate.VStreamRequest withoutRows(
      TabletType tablets, String keyspace, String shard, String gtid) {
    Binlogdata.Filter.Builder filter =
        Binlogdata.Filter.newBuilder()
            .addRules(
                Binlogdata.Rule.newBuilder()
                    .setMatch(NO_TABLE)
                    .setFilter("select * from " + NO_TABLE));
    Binlogdata.ShardGtid start =
        Binlogdata.ShardGtid.newBuilder()
            .setKeyspace(keyspace)
            .setShard(shard)
            .setGtid(gtid)
            .build();
    return request(tablets, start, filter, true);
  }

  private static Vtgate.VStreamRequest request(
      TabletType tablets,
      Binlogdata.ShardGtid start,
      Binlogdata.Filter.Builder filter,
      boolean copied) {
    return Vtgate.VStreamRequest.newBuilder()
        .setTabletType(tabletType(tablets))
        .setVgtid(Binlogdata.VGtid.newBuilder().addShardGtids(start))
        .setFilter(filter)
        .setFlags(
            Vtgate.VStreamFlags.newBuilder()
                .setHeartbeatInterval(HEARTBEAT_SECONDS)
                // Without it a stream goes over to other shards, whose changes it would take for
                // its own.
                .setIncludeReshardJournalEvents(true)
                // Saves vtgate a copy of each event, since v23; older ones ignore it. While a table
                // is copied the copy is needed where vtgate and vttablet are one process (vtcombo):
                // there the rows would change before they are sent.
                .setExcludeKeyspaceFromTableName(copied))
        .build();
  }

  /** How far the copy of a shard is, see {@link StreamPosition}; empty if nothing is copied. */
  public static ByteString lastKeys(Binlogdata.ShardGtid shard) {
    return shard.getTablePKsCount() == 0
        ? ByteString.EMPTY
        : Binlogdata.ShardGtid.newBuilder()
            .addAllTablePKs(shard.getTablePKsList())
            .build()
            .toByteString();
  }

  private static Binlogdata.ShardGtid start(ShardStream stream, StreamPosition position) {
    Binlogdata.ShardGtid.Builder start = Binlogdata.ShardGtid.newBuilder();
    if (!position.lastKeys().isEmpty()) {
      try {
        start.mergeFrom(position.lastKeys());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalArgumentException("the last keys of a copy are no ShardGtid", e);
      }
    }
    return start
        .setKeyspace(stream.keyspace())
        .setShard(stream.shard())
        .setGtid(position.gtid())
        .build();
  }

  private static Topodata.TabletType tabletType(TabletType type) {
    return switch (type) {
      case PRIMARY -> Topodata.TabletType.PRIMARY;
      case REPLICA -> Topodata.TabletType.REPLICA;
      case RDONLY -> Topodata.TabletType.RDONLY;
    };
  }
}
