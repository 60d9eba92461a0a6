package io.vitessbeam.testing;

import static io.vitessbeam.testing.ShardEvents.column;
import static io.vitessbeam.testing.ShardEvents.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import binlogdata.Binlogdata.RowChange;
import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import binlogdata.Binlogdata.VGtid;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.vitess.proto.Query;
import io.vitess.proto.Vtgate.VStreamFlags;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.testing.FakeStep.Gate;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plain stub gets what was scripted, and what it asks can be looked at. */
@Timeout(60)
class FakeVtgateTest {

  private static final ShardEvents SHOP = new ShardEvents("shop", "0");
  private static final String GTID = "MySQL56/3e11fa47-71ca-11e1-9e33-c80aa9429562:1-";

  private FakeVtgate vtgate;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    vtgate = new FakeVtgate();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", vtgate.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    vtgate.close();
  }

  @Test
  void responsesComeAsScripted() {
    List<VEvent> first =
        List.of(
            SHOP.begin(),
            SHOP.fields(
                "shop.t",
                column("id", Query.Type.INT64, "bigint"),
                column("name", Query.Type.VARCHAR, "varchar(20)")),
            SHOP.insert("shop.t", 1, "a"));
    List<VEvent> second =
        List.of(
            SHOP.update("shop.t", row(1, "a"), row(1, null)),
            SHOP.delete("shop.t", 1, null),
            SHOP.vgtid(GTID + 5),
            SHOP.commit());
    vtgate.next(
        FakeStep.send(first), FakeStep.heartbeat(), FakeStep.send(second), FakeStep.complete());

    Iterator<VStreamResponse> responses = stream("0");

    assertThat(responses.next().getEventsList()).isEqualTo(first);
    assertThat(responses.next().getEvents(0).getType()).isEqualTo(VEventType.HEARTBEAT);
    assertThat(responses.next().getEventsList()).isEqualTo(second);
    assertThat(responses.hasNext()).isFalse();
  }

  @Test
  void failsWithTheStatus() {
    vtgate.next(FakeStep.fail(Status.Code.UNAVAILABLE, "no tablet"));

    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> stream("0").hasNext());

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("no tablet");
  }

  @Test
  void callsTakeTheScriptMeantForThem() {
    vtgate
        .next("80-", FakeStep.send(SHOP.ddl("right")), FakeStep.complete())
        .next(FakeStep.send(SHOP.ddl("left")), FakeStep.complete())
        .always(FakeStep.fail(Status.Code.INTERNAL, "enough"));

    assertThat(stream("-80").next().getEvents(0).getStatement()).isEqualTo("left");
    assertThat(stream("80-").next().getEvents(0).getStatement()).isEqualTo("right");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> stream("80-").hasNext()).hasMessageContaining("enough");
    }
  }

  @Test
  void callWithoutScriptIsRefused() {
    assertThatThrownBy(() -> stream("0").hasNext())
        .hasMessageContaining("UNIMPLEMENTED: the test has no script for this call");
    assertThat(vtgate.calls()).hasSize(1);
  }

  @Test
  void requestsAreKept() {
    vtgate.next(FakeStep.complete());
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("username", Metadata.ASCII_STRING_MARSHALLER), "reader");
    VStreamRequest request =
        request("0").toBuilder()
            .setFlags(VStreamFlags.newBuilder().setHeartbeatInterval(5))
            .build();

    assertThat(
            VitessGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .vStream(request)
                .hasNext())
        .isFalse();

    assertThat(vtgate.requests()).containsExactly(request);
    assertThat(vtgate.calls().get(0).header("username")).contains("reader");
    assertThat(vtgate.calls().get(0).header("password")).isEmpty();
  }

  @Test
  void scriptWaitsForTheTest() throws InterruptedException {
    Gate gate = new Gate();
    vtgate.next(
        FakeStep.send(SHOP.begin()),
        FakeStep.await(gate),
        FakeStep.send(SHOP.commit()),
        FakeStep.complete());

    Iterator<VStreamResponse> responses = stream("0");
    assertThat(responses.next().getEvents(0).getType()).isEqualTo(VEventType.BEGIN);
    gate.awaitReached();
    assertThat(vtgate.calls().get(0).sent()).isEqualTo(1);
    gate.open();

    assertThat(responses.next().getEvents(0).getType()).isEqualTo(VEventType.COMMIT);
    assertThat(responses.hasNext()).isFalse();
  }

  @Test
  void staysOpenUntilTheClientGoes() throws InterruptedException {
    vtgate.next(FakeStep.send(SHOP.other()));
    Context.CancellableContext context = Context.current().withCancellation();
    Context previous = context.attach();
    try {
      assertThat(stream("0").next().getEvents(0).getType()).isEqualTo(VEventType.OTHER);
    } finally {
      context.detach(previous);
    }
    FakeCall call = vtgate.calls().get(0);
    assertThat(call.isCancelled()).isFalse();

    context.cancel(null);
    call.awaitEnd();

    assertThat(call.isCancelled()).isTrue();
  }

  @Test
  void sendsNoMoreThanTheClientAskedFor() throws InterruptedException {
    String big = "x".repeat(1 << 20);
    Gate begun = new Gate();
    FakeStep[] steps = new FakeStep[50];
    Arrays.fill(steps, FakeStep.send(SHOP.insert("t", big)));
    steps[0] = FakeStep.await(begun);
    steps[49] = FakeStep.complete();
    vtgate.next(steps);
    CountDownLatch all = new CountDownLatch(48);
    OneByOne client = new OneByOne(all);
    VitessGrpc.newStub(channel).vStream(request("0"), client);
    begun.open();

    assertThat(client.first.await(30, TimeUnit.SECONDS)).isTrue();
    // The client has asked for one; gRPC's windows hold a few more, but never all of them.
    assertThat(vtgate.calls().get(0).sent()).isLessThan(20);
    client.call.request(100);

    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    vtgate.calls().get(0).awaitEnd();
    assertThat(vtgate.calls().get(0).sent()).isEqualTo(48);
  }

  @Test
  void bitmapsBeginAtTheLowestBit() {
    RowChange change =
        ShardEvents.withColumns(
            ShardEvents.updated(row(1, "a"), row(1, null)), true, true, false, false, true, true);

    assertThat(change.getDataColumns().getCount()).isEqualTo(6);
    assertThat(change.getDataColumns().getCols().toByteArray()).containsExactly(0x33);
    assertThat(change.getAfter().getLengthsList()).containsExactly(1L, -1L);
    assertThat(change.getAfter().getValues().toStringUtf8()).isEqualTo("1");
  }

  private Iterator<VStreamResponse> stream(String shard) {
    return VitessGrpc.newBlockingStub(channel).vStream(request(shard));
  }

  private static VStreamRequest request(String shard) {
    ShardGtid position =
        ShardGtid.newBuilder().setKeyspace("shop").setShard(shard).setGtid(GTID + 3).build();
    return VStreamRequest.newBuilder()
        .setVgtid(VGtid.newBuilder().addAllShardGtids(Collections.singleton(position)))
        .build();
  }

  /** Asks for one response, and for more only when told. */
  private static final class OneByOne
      implements ClientResponseObserver<VStreamRequest, VStreamResponse> {
    final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch all;
    private ClientCallStreamObserver<VStreamRequest> call;

    OneByOne(CountDownLatch all) {
      this.all = all;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<VStreamRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(VStreamResponse response) {
      all.countDown();
      first.countDown();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
