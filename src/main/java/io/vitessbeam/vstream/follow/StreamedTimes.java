package io.vitessbeam.vstream.follow;

import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import io.grpc.StatusRuntimeException;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.GrpcFailures;
import io.vitessbeam.connect.TabletType;
import io.vitessbeam.connect.VtgateGrpc;
import io.vitessbeam.read.Retry;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.wire.ResponseParser;
import io.vitessbeam.vstream.wire.RowImages;
import io.vitessbeam.vstream.wire.VStreamCall;
import io.vitessbeam.vstream.wire.VStreamRequests;
import java.time.Duration;

/** Tells commit times by what a stream of the shard begins with. For one thread. */
public final class StreamedTimes implements PositionAtTime.CommitTimes {

  /** vtgate looks for a tablet for 90 s before it says that it has none. */
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private static final long WAITING_BYTES = 1 << 20;

  private final VtgateGrpc vtgate;
  private final TabletType tablets;
  private final String keyspace;
  private final String shard;

  public StreamedTimes(VtgateGrpc vtgate, TabletType tablets, String keyspace, String shard) {
    this.vtgate = vtgate;
    this.tablets = tablets;
    this.keyspace = keyspace;
    this.shard = shard;
  }

  @Override
  public long ofFirstAfter(GtidSet set) throws InterruptedException {
    Retry retry = new Retry(Retry.DEFAULT_PATIENCE);
    while (true) {
      try {
        return first(set);
      } catch (StatusRuntimeException e) {
        VitessBeamException explained =
            GrpcFailures.streaming("Looking for times in " + keyspace + "/" + shard, e);
        if (!(explained instanceof TransientException passing)) {
          throw explained;
        }
        retry.awaitNext(passing);
      }
    }
  }

  private long first(GtidSet set) throws InterruptedException {
    VitessGrpc.VitessStub stub = vtgate.stub();
    ResponseParser parser = new ResponseParser();
    First first = new First();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (VStreamCall call =
        new VStreamCall(
            stub.getChannel(),
            stub.getCallOptions(),
            VStreamRequests.withoutRows(tablets, keyspace, shard, set.toString()),
            WAITING_BYTES)) {
      while (first.seconds == 0) {
        byte[] response = call.take(1000);
        if (response != null) {
          parser.parse(response, first);
        } else if (System.nanoTime() - deadline > 0) {
          throw new TransientException(
              keyspace + "/" + shard + " streams nothing after " + set + ", though it has more",
              null);
        }
      }
    }
    return first.seconds;
  }

  /** Takes the time of the first transaction. */
  private static final class First implements ResponseParser.Handler {

    private long seconds;

    @Override
    public void event(VEvent event) {
      if (seconds == 0 && event.getType() != VEventType.HEARTBEAT) {
        seconds = event.getTimestamp();
      }
    }

    @Override
    public void rows(String table, long timestamp) {}

    @Override
    public void row(RowImages images) {}
  }
}
