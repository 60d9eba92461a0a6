package io.vitessbeam.benchmark;

import binlogdata.Binlogdata.Filter;
import binlogdata.Binlogdata.Rule;
import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VGtid;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.vitess.proto.Topodata.TabletType;
import io.vitess.proto.Vtgate.VStreamFlags;
import io.vitess.proto.Vtgate.VStreamRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The raw limit of a VStream: plain gRPC reads one table of one shard, counts what comes and throws
 * it away, in the thread that receives it. Uses nothing of this project.
 */
public final class RawStream implements StreamObserver<byte[]> {

  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  /** vtgate gives up on a position it hasn't after 90 s. */
  private static final int PATIENCE_SECONDS = 120;

  private final Map<String, Long> until;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final RawCounts counts = new RawCounts();
  private volatile long firstNanos;
  private volatile long lastNanos;

  private RawStream(Map<String, Long> until) {
    this.until = until;
  }

  /**
   * Reads a table: {@code RawStream HOST:PORT KEYSPACE/SHARD TABLE ROWS [FROM UNTIL]}. Without the
   * GTID sets FROM and UNTIL, up to the end of its copy. Fails if that was not the number of rows.
   */
  public static void main(String[] args)
      throws InterruptedException, ExecutionException, TimeoutException {
    boolean copy = args.length == 4;
    RawStream stream = new RawStream(copy ? Map.of() : lastTransactions(args[5]));
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(args[0])
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .directExecutor()
            .build();
    try {
      ClientCalls.asyncServerStreamingCall(
          channel.newCall(RawCounts.METHOD, CallOptions.DEFAULT),
          request(args[1].split("/", 2), args[2], copy ? "" : args[4]),
          stream);
      stream.awaitEnd();
    } finally {
      channel.shutdownNow();
    }
    long rows = Long.parseLong(args[3]);
    if (stream.counts.rows() != rows || stream.counts.bytes() == 0) {
      throw new IllegalStateException("instead of " + rows + " rows came " + stream.counts);
    }
    System.out.println(stream.counts);
    System.out.println(new StreamFigures(rows, (stream.lastNanos - stream.firstNanos) / 1e9, ""));
  }

  /**
   * Names without keyspace save vtgate a copy of each event. Not while tables are copied: in the
   * local Vitess, vtgate and vttablet are one process, and there vttablet overwrites rows that
   * vtgate still sends.
   */
  private static VStreamRequest request(String[] shard, String table, String from) {
    return VStreamRequest.newBuilder()
        .setTabletType(TabletType.PRIMARY)
        .setVgtid(
            VGtid.newBuilder()
                .addShardGtids(
                    ShardGtid.newBuilder()
                        .setKeyspace(shard[0])
                        .setShard(shard[1])
                        .setGtid(from.isEmpty() ? "" : "MySQL56/" + from)))
        .setFilter(
            Filter.newBuilder()
                .addRules(Rule.newBuilder().setMatch(table).setFilter("select * from " + table)))
        .setFlags(VStreamFlags.newBuilder().setExcludeKeyspaceFromTableName(!from.isEmpty()))
        .build();
  }

  /** By server, its last transaction of a GTID set without gaps. */
  private static Map<String, Long> lastTransactions(String set) {
    Map<String, Long> last = new HashMap<>();
    for (String part : set.substring(set.indexOf('/') + 1).split(",", -1)) {
      String[] words = part.strip().split(":", -1);
      if (words.length != 2) {
        throw new IllegalArgumentException("a set with gaps: " + set);
      }
      last.put(words[0], Long.parseLong(words[1].substring(words[1].indexOf('-') + 1)));
    }
    return last;
  }

  @Override
  public void onNext(byte[] response) {
    counts.add(response);
    lastNanos = System.nanoTime();
    if (firstNanos == 0 && counts.rows() > 0) {
      firstNanos = lastNanos;
    }
    if (until.isEmpty() ? counts.isCopied() : isReached(counts.position())) {
      end.complete(null);
    }
  }

  /** The position comes at the end of a transaction, behind its rows. */
  private boolean isReached(VGtid position) {
    if (position.getShardGtidsCount() == 0) {
      return false;
    }
    Map<String, Long> last = lastTransactions(position.getShardGtids(0).getGtid());
    return until.entrySet().stream()
        .allMatch(server -> last.getOrDefault(server.getKey(), 0L) >= server.getValue());
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.completeExceptionally(new IllegalStateException("the stream ended too early"));
  }

  private void awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
    for (long seen = -1; ; seen = counts.responses()) {
      try {
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        if (counts.responses() == seen) {
          throw e;
        }
      }
    }
  }
}
