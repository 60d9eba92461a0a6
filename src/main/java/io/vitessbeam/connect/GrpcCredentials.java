package io.vitessbeam.connect;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What vtgate's static authentication ({@code --grpc-auth-mode static}) wants with every call.
 *
 * <p>gRPC's own logger {@code io.grpc.netty.shaded.io.grpc.netty.NettyClientHandler} writes all
 * headers, these too, at level DEBUG; a library can't hinder it, so programs keep it above.
 */
final class GrpcCredentials {

  private GrpcCredentials() {}

  /** None without a user, and none that can't be sent, which {@link #areSendable} tells. */
  static List<ClientInterceptor> of(GrpcAddress address) {
    if (address.user().isEmpty() || !areSendable(address)) {
      return List.of();
    }
    Metadata headers = new Metadata();
    headers.put(key("username"), address.user());
    headers.put(key("password"), address.password().reveal());
    return List.of(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** gRPC would replace other characters than ASCII by question marks. */
  static boolean areSendable(GrpcAddress address) {
    return StandardCharsets.US_ASCII
        .newEncoder()
        .canEncode(address.user() + address.password().reveal());
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
