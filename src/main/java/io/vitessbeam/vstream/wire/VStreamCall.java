package io.vitessbeam.vstream.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.vitess.proto.Vtgate;
import io.vitess.proto.grpc.VitessGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One open VStream, whose responses wait here until they are taken, undecoded: some megabytes at
 * most, after which vtgate has to wait. For one taker.
 */
public final class VStreamCall implements AutoCloseable {

  private static final MethodDescriptor<Vtgate.VStreamRequest, byte[]> METHOD =
      VitessGrpc.getVStreamMethod().toBuilder(
              VitessGrpc.getVStreamMethod().getRequestMarshaller(), new Bytes())
          .build();

  private final long mostWaitingBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private ClientCallStreamObserver<?> call;
  private long waitingBytes;
  private boolean paused;
  private Status end;

  /**
   * Begins the stream.
   *
   * @param mostWaitingBytes a response has 250 kB by vttablet's default packet size
   */
  public VStreamCall(
      Channel channel, CallOptions options, Vtgate.VStreamRequest request, long mostWaitingBytes) {
    this.mostWaitingBytes = mostWaitingBytes;
    ClientCalls.asyncServerStreamingCall(channel.newCall(METHOD, options), request, new Observer());
  }

  /**
   * The next response; null if none comes in time.
   *
   * @throws io.grpc.StatusRuntimeException when the stream has ended, also without an error
   */
  public byte[] take(long patienceMillis) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
      while (waiting.isEmpty() && end == null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      byte[] response = waiting.poll();
      if (response == null && end != null) {
        throw end.asRuntimeException();
      }
      if (response != null) {
        waitingBytes -= response.length;
        if (paused && waitingBytes < mostWaitingBytes) {
          paused = false;
          call.request(1);
        }
      }
      return response;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a response waits to be taken. */
  boolean isWaiting() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    ClientCallStreamObserver<?> open = call;
    if (open != null) {
      open.cancel("closed by the reader", null);
    }
  }

  private final class Observer implements ClientResponseObserver<Vtgate.VStreamRequest, byte[]> {

    @Override
    public void beforeStart(ClientCallStreamObserver<Vtgate.VStreamRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(2);
    }

    @Override
    public void onNext(byte[] response) {
      lock.lock();
      try {
        waiting.add(response);
        waitingBytes += response.length;
        paused = paused || waitingBytes >= mostWaitingBytes;
        if (!paused) {
          call.request(1);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onError(Throwable failure) {
      end(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end(Status.UNAVAILABLE.withDescription("vtgate ended the stream"));
    }

    private void end(Status status) {
      lock.lock();
      try {
        end = status;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Leaves a response as it came: {@link ResponseParser} takes it apart on another thread. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      throw new UnsupportedOperationException("responses are only read");
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        // gRPC knows how much there is.
        byte[] response = stream.readNBytes(stream.available());
        if (stream.read() >= 0) {
          throw Status.INTERNAL
              .withDescription("a response is longer than gRPC said")
              .asRuntimeException();
        }
        return response;
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("reading a response failed")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }
}
