package io.vitessbeam.connect;

import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitess.proto.grpc.VitessGrpc.VitessStub;
import io.vitessbeam.ConfigurationException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel to the gRPC port of a vtgate, which connects at its first call. For any thread.
 *
 * <p>One for each stream: all calls of a channel share the window of its connection, so a stream
 * whose reader pauses would stop the others. Closing it ends its calls.
 */
public final class VtgateGrpc implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VtgateGrpc.class);

  /**
   * Never the first limit to be met: vtgate's own (--grpc-max-message-size, 16 MiB by default) says
   * how large a row can be, and where that is raised it is for rows up to MySQL's
   * max_allowed_packet, 64 MiB in Vitess's own settings, of which a change holds two. gRPC's
   * default is 4 MiB. A limit takes no memory by itself.
   */
  private static final int MAX_MESSAGE_BYTES = 160 << 20;

  /**
   * What vtgate may send ahead of the reader: some fifteen of its usual responses of 272 KB, enough
   * for 400 MB/s at 10 ms of round trip. Fixed, as it bounds what a stream that isn't read keeps in
   * memory.
   */
  private static final int WINDOW_BYTES = 4 << 20;

  /** vtgate cuts off clients that ping more often than every 10 s, or without a call. */
  private static final Duration PING_EVERY = Duration.ofSeconds(30);

  /** How long an answer to a ping may take until the connection counts as dead. */
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

  /** Shorter than the half minute within which a wrong address is to be reported. */
  private static final Duration REACH_TIMEOUT = Duration.ofSeconds(20);

  private final GrpcAddress address;
  private final ManagedChannel channel;

  private VtgateGrpc(GrpcAddress address, ManagedChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /**
   * Makes a channel. Nothing is sent yet.
   *
   * @throws ConfigurationException if a file of the address's TLS can't be used
   */
  public static VtgateGrpc open(GrpcAddress address) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .flowControlWindow(WINDOW_BYTES)
            .keepAliveTime(PING_EVERY.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .keepAliveWithoutCalls(false)
            .intercept(GrpcCredentials.of(address))
            .userAgent("vitess-beam")
            // What comes in is only put aside: a thread hop per response would cost more.
            .directExecutor();
    if (address.tls().isEnabled()) {
      builder.sslContext(GrpcEncryption.context(address.tls()));
    } else {
      builder.usePlaintext();
    }
    LOG.debug("Channel to {}, grpc_tls={}", address.hostAndPort(), address.tls().mode());
    return new VtgateGrpc(address, builder.build());
  }

  /** Asynchronous calls, which have no deadline of their own. */
  public VitessStub stub() {
    return VitessGrpc.newStub(channel);
  }

  public GrpcAddress address() {
    return address;
  }

  /**
   * Fails within half a minute unless a vtgate answers that takes the login.
   *
   * @throws io.vitessbeam.VitessBeamException with the address, the reason and what to do
   */
  public void requireReachable() {
    requireReachable(REACH_TIMEOUT);
  }

  void requireReachable(Duration timeout) {
    try {
      // A stream without a position: vtgate refuses it by a look at the arguments, after it has
      // checked the login, and asks neither topology nor tablets. Every version has the call.
      boolean responds =
          VitessGrpc.newBlockingStub(channel)
              .withDeadline(Deadline.after(timeout.toMillis(), TimeUnit.MILLISECONDS))
              .vStream(VStreamRequest.getDefaultInstance())
              .hasNext();
      LOG.debug("{} accepts a stream without a position: {}", address.hostAndPort(), responds);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
        throw ChannelFailures.connecting(address, e);
      }
    }
  }

  /** Ends all calls at once; what has arrived of them is dropped. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
