package io.vitessbeam.testing;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitess.proto.grpc.VitessGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A vtgate on a loopback port whose streams go as the test wrote them. Each call takes the first
 * script not taken yet that is meant for it; one for which there is none fails with UNIMPLEMENTED.
 * A stream stays open at the end of its script, as vtgate's do. All methods are safe to call from
 * any thread.
 */
public final class FakeVtgate implements AutoCloseable {

  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  private record Script(Predicate<VStreamRequest> meant, List<FakeStep> steps, boolean once) {}

  private final ExecutorService players = Executors.newCachedThreadPool();
  private final List<Script> scripts = new ArrayList<>();
  private final List<FakeCall> calls = new ArrayList<>();
  private final Server server;

  public FakeVtgate() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(new Streams(), new KeepHeaders()))
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /** {@code vitess+cdc://…} of a keyspace; nothing answers at its MySQL port. */
  public String uriText(String keyspace) {
    return "vitess+cdc://127.0.0.1:1/" + keyspace + "?grpc_port=" + port();
  }

  /** What the next call gets. */
  public FakeVtgate next(FakeStep... steps) {
    return add(new Script(request -> true, List.of(steps), true));
  }

  /** What the next call for one shard gets. */
  public FakeVtgate next(String shard, FakeStep... steps) {
    return add(new Script(request -> isFor(request, shard), List.of(steps), true));
  }

  /** What the next call gets that is of a kind. */
  public FakeVtgate next(Predicate<VStreamRequest> meant, FakeStep... steps) {
    return add(new Script(meant, List.of(steps), true));
  }

  /** The same with steps that are made as they are taken. */
  public FakeVtgate next(Predicate<VStreamRequest> meant, List<FakeStep> steps) {
    return add(new Script(meant, steps, true));
  }

  /** What every call gets from here on that no script added before is left for. */
  public FakeVtgate always(FakeStep... steps) {
    return add(new Script(request -> true, List.of(steps), false));
  }

  private FakeVtgate add(Script script) {
    synchronized (calls) {
      scripts.add(script);
    }
    return this;
  }

  private static boolean isFor(VStreamRequest request, String shard) {
    return request.getVgtid().getShardGtidsCount() == 1
        && request.getVgtid().getShardGtids(0).getShard().equals(shard);
  }

  /** The calls so far, in the order in which they came. */
  public List<FakeCall> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** What was asked so far. */
  public List<VStreamRequest> requests() {
    return calls().stream().map(FakeCall::request).toList();
  }

  private Optional<Script> begin(FakeCall call) {
    synchronized (calls) {
      calls.add(call);
      for (Iterator<Script> all = scripts.iterator(); all.hasNext(); ) {
        Script script = all.next();
        if (script.meant().test(call.request())) {
          if (script.once()) {
            all.remove();
          }
          return Optional.of(script);
        }
      }
      return Optional.empty();
    }
  }

  private static void play(FakeCall call, Script script) {
    try {
      call.play(script.steps());
    } catch (InterruptedException e) {
      // The test is over.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    players.shutdownNow();
  }

  private final class Streams extends VitessGrpc.VitessImplBase {
    @Override
    public void vStream(VStreamRequest request, StreamObserver<VStreamResponse> client) {
      FakeCall call =
          new FakeCall(request, HEADERS.get(), (ServerCallStreamObserver<VStreamResponse>) client);
      begin(call)
          .ifPresentOrElse(
              script -> players.execute(() -> play(call, script)),
              () -> call.refuse("the test has no script for this call"));
    }
  }

  private static final class KeepHeaders implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, headers), call, headers, next);
    }
  }
}
