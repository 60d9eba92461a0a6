package io.vitessbeam.testing;

import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One thing that a {@link FakeVtgate} does in a stream. After the last one it stalls. */
public sealed interface FakeStep {

  /** Sends one response, once the client asks for more. */
  record Send(List<VEvent> events) implements FakeStep {
    public Send {
      events = List.copyOf(events);
    }
  }

  /** Goes on when the test opens the gate. */
  record Await(Gate gate) implements FakeStep {}

  /** Ends the stream with an error. */
  record Fail(Status status) implements FakeStep {}

  /** Ends the stream without one. */
  record Complete() implements FakeStep {}

  /** Sends nothing more until the client goes away. */
  record Stall() implements FakeStep {}

  static FakeStep send(VEvent... events) {
    return new Send(List.of(events));
  }

  static FakeStep send(List<VEvent> events) {
    return new Send(events);
  }

  /** A heartbeat of vtgate's own, which belongs to no shard. */
  static FakeStep heartbeat() {
    return send(VEvent.newBuilder().setType(VEventType.HEARTBEAT).build());
  }

  static FakeStep await(Gate gate) {
    return new Await(gate);
  }

  static FakeStep fail(Status status) {
    return new Fail(status);
  }

  static FakeStep fail(Status.Code code, String text) {
    return new Fail(code.toStatus().withDescription(text));
  }

  static FakeStep complete() {
    return new Complete();
  }

  static FakeStep stall() {
    return new Stall();
  }

  /** Where a script and its test wait for each other. */
  final class Gate {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final CompletableFuture<Void> reached = new CompletableFuture<>();
    final CompletableFuture<Void> opened = new CompletableFuture<>();

    /** Lets the script go on, now or when it comes here. */
    public void open() {
      opened.complete(null);
    }

    /** Waits until the script is here: everything before was handed to gRPC. */
    public void awaitReached() throws InterruptedException {
      await(reached, "the script did not come to the gate");
    }

    static void await(CompletableFuture<Void> future, String otherwise)
        throws InterruptedException {
      try {
        future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new AssertionError(otherwise, e);
      }
    }
  }
}
