package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.vitess.proto.Query.Row;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitess.proto.grpc.VitessGrpc.VitessImplBase;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against servers that answer as a vtgate may. */
class VtgateGrpcTest {

  private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
  private Server server;

  @AfterEach
  void end() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  @Test
  void reachedWhereArgumentsAreLookedAt() {
    serve(refusing(Status.INVALID_ARGUMENT.withDescription("vgtid must have at least one value")));
    assertThatCode(() -> reach("u", "p")).doesNotThrowAnyException();

    serve(vstream(observer -> observer.onNext(VStreamResponse.getDefaultInstance())));
    assertThatCode(() -> reach("u", "p")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "reader, geh3im, reader, geh3im",
    "reader, '', reader, ''",
    "'', geh3im, null, null",
    "'', '', null, null",
    "reader, gehäim, null, null",
    "rädér, geh3im, null, null"
  })
  void theLoginGoesWithACall(String user, String password, String sentUser, String sentPassword)
      throws InterruptedException {
    serve(refusing(Status.INVALID_ARGUMENT));
    reach(user, password);

    Metadata sent = headers.poll(10, TimeUnit.SECONDS);
    assertThat(String.valueOf(sent.get(key("username")))).isEqualTo(sentUser);
    assertThat(String.valueOf(sent.get(key("password")))).isEqualTo(sentPassword);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Test
  void refusals() {
    serve(refusing(Status.UNAUTHENTICATED.withDescription("x")));
    assertThatThrownBy(() -> reach("", ""))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(where() + " wants a user and a password: put them into the URI");
    assertThatThrownBy(() -> reach("u", "geh3im"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(where() + " refuses user 'u'. Check user and password of the URI");

    serve(refusing(Status.PERMISSION_DENIED.withDescription("no\nway")));
    assertThatThrownBy(() -> reach("u", "geh3im"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(where() + " refuses user 'u': no way. Check user and password of the URI");

    serve(refusing(Status.UNAVAILABLE.withDescription("going away")));
    assertThatThrownBy(() -> reach("u", "p"))
        .isInstanceOf(TransientException.class)
        .hasMessage("Connecting to " + where() + " failed: UNAVAILABLE going away");

    serve(refusing(Status.UNKNOWN.withDescription("what?")));
    assertThatThrownBy(() -> reach("u", "p"))
        .isInstanceOf(DataException.class)
        .hasMessage("Connecting to " + where() + " failed: UNKNOWN what?");
  }

  @Test
  void anotherGrpcServer() {
    serve();
    assertThatThrownBy(() -> reach("u", "p"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(where() + " speaks gRPC but is no vtgate: ")
        .hasMessageEndingWith("not that of a vttablet or vtctld");
  }

  @Test
  void aServerThatTakesItsTime() {
    serve(vstream(observer -> {}));
    try (VtgateGrpc vtgate = VtgateGrpc.open(address("u", "p"))) {
      assertThatThrownBy(() -> vtgate.requireReachable(Duration.ofMillis(500)))
          .isInstanceOf(TransientException.class)
          .hasMessageStartingWith(where() + " doesn't answer");
    }
  }

  /** gRPC's own limit is 4 MiB, and vtgate's is 16 MiB unless it is raised. */
  @Test
  void largeResponsesArrive() throws Exception {
    VStreamResponse.Builder large = VStreamResponse.newBuilder();
    large
        .addEventsBuilder()
        .getRowEventBuilder()
        .addRowChangesBuilder()
        .setAfter(Row.newBuilder().setValues(ByteString.copyFrom(new byte[70 << 20])));
    serve(vstream(observer -> observer.onNext(large.build())));
    try (VtgateGrpc vtgate = VtgateGrpc.open(address("", ""))) {
      CompletableFuture<Integer> size = new CompletableFuture<>();
      vtgate.stub().vStream(VStreamRequest.getDefaultInstance(), sizeOfFirst(size));

      assertThat(size.get(30, TimeUnit.SECONDS)).isGreaterThan(70 << 20);
    }
  }

  @Test
  void closingEndsTheCalls() {
    serve(vstream(observer -> {}));
    CompletableFuture<Integer> size = new CompletableFuture<>();
    try (VtgateGrpc vtgate = VtgateGrpc.open(address("", ""))) {
      vtgate.stub().vStream(VStreamRequest.getDefaultInstance(), sizeOfFirst(size));
      assertThat(size).isNotDone();
    }
    assertThat(size).failsWithin(Duration.ofSeconds(10));
  }

  private static StreamObserver<VStreamResponse> sizeOfFirst(CompletableFuture<Integer> size) {
    return new StreamObserver<>() {
      @Override
      public void onNext(VStreamResponse response) {
        size.complete(response.getSerializedSize());
      }

      @Override
      public void onError(Throwable failure) {
        size.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {
        size.completeExceptionally(new AssertionError("ended without a response"));
      }
    };
  }

  private static BindableService refusing(Status status) {
    return vstream(observer -> observer.onError(status.asRuntimeException()));
  }

  private static BindableService vstream(Consumer<StreamObserver<VStreamResponse>> answer) {
    return new VitessImplBase() {
      @Override
      public void vStream(VStreamRequest request, StreamObserver<VStreamResponse> observer) {
        answer.accept(observer);
      }
    };
  }

  private void serve(BindableService... services) {
    end();
    NettyServerBuilder builder = NettyServerBuilder.forPort(0).intercept(new Listening());
    List.of(services).forEach(builder::addService);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Keeps the headers of every call. */
  private final class Listening implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
      headers.add(sent);
      return next.startCall(call, sent);
    }
  }

  private void reach(String user, String password) {
    try (VtgateGrpc vtgate = VtgateGrpc.open(address(user, password))) {
      vtgate.requireReachable();
    }
  }

  private GrpcAddress address(String user, String password) {
    return new GrpcAddress("localhost", server.getPort(), user, new Secret(password), GrpcTls.NONE);
  }

  private String where() {
    return "localhost:" + server.getPort();
  }
}
