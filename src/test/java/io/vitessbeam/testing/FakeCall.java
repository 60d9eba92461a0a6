package io.vitessbeam.testing;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One VStream that was asked of a {@link FakeVtgate}: what was asked, and how far it came. */
public final class FakeCall {

  private final VStreamRequest request;
  private final Metadata headers;
  private final ServerCallStreamObserver<VStreamResponse> client;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int sent;

  FakeCall(
      VStreamRequest request, Metadata headers, ServerCallStreamObserver<VStreamResponse> client) {
    this.request = request;
    this.headers = headers;
    this.client = client;
    client.setOnReadyHandler(this::wake);
    client.setOnCancelHandler(
        () -> {
          ended.complete(null);
          wake();
        });
  }

  /** Position, filter and flags. */
  public VStreamRequest request() {
    return request;
  }

  /** What the client sent along, such as its {@code username}. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(
        headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  /** Responses handed to gRPC; some of them may wait there for the client. */
  public synchronized int sent() {
    return sent;
  }

  public boolean isCancelled() {
    return client.isCancelled();
  }

  /** Waits until the stream has ended: by its script, or because the client went away. */
  public void awaitEnd() throws InterruptedException {
    FakeStep.Gate.await(ended, "the stream goes on");
  }

  void play(List<FakeStep> script) throws InterruptedException {
    for (FakeStep step : script) {
      if (client.isCancelled()) {
        return;
      }
      if (step instanceof FakeStep.Send send) {
        send(send);
      } else if (step instanceof FakeStep.Await await) {
        await.gate().reached.complete(null);
        CompletableFuture.anyOf(await.gate().opened, ended).join();
      } else if (step instanceof FakeStep.Fail fail) {
        end(() -> client.onError(fail.status().asRuntimeException()));
        return;
      } else if (step instanceof FakeStep.Complete) {
        end(client::onCompleted);
        return;
      } else {
        return;
      }
    }
  }

  void refuse(String text) {
    end(() -> client.onError(Status.UNIMPLEMENTED.withDescription(text).asRuntimeException()));
  }

  private void end(Runnable how) {
    if (!client.isCancelled()) {
      how.run();
    }
    ended.complete(null);
  }

  /** As vtgate does, it keeps what the client has not asked for yet. */
  private synchronized void send(FakeStep.Send step) throws InterruptedException {
    while (!client.isReady() && !client.isCancelled()) {
      wait();
    }
    if (!client.isCancelled()) {
      client.onNext(VStreamResponse.newBuilder().addAllEvents(step.events()).build());
      sent++;
    }
  }

  private synchronized void wake() {
    notifyAll();
  }
}
