package io.vitessbeam.connect;

import io.grpc.Status;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says why a vtgate can't be reached by gRPC, and what to change. */
final class ChannelFailures {

  private static final String WHICH_PORT = "vtgate's gRPC port (its flag --grpc-port)";

  /** gRPC and TLS show the first bytes of what they don't understand, as hexadecimal digits. */
  private static final String SHOWN = "(?:first 5 bytes|SSL/TLS record): ";

  /** The greeting of a MySQL server, or its refusal: length, number 0, protocol 10 or error. */
  private static final Pattern MYSQL = Pattern.compile(SHOWN + "[0-9a-f]{6}00(?:0a|ff)");

  /** {@code HTTP/}. */
  private static final Pattern WEB = Pattern.compile(SHOWN + "485454502f");

  /** The SETTINGS frame, with which an unencrypted gRPC server begins. */
  private static final Pattern PLAIN_GRPC = Pattern.compile(SHOWN + "[0-9a-f]{6}04");

  /** An alert of TLS. */
  private static final Pattern TLS = Pattern.compile(SHOWN + "1503");

  private ChannelFailures() {}

  static VitessBeamException connecting(GrpcAddress address, Throwable failure) {
    String where = address.hostAndPort();
    Status status = Status.fromThrowable(failure);
    String all = GrpcText.all(status);
    Optional<VitessBeamException> before =
        unreachable(address, status, failure).or(() -> wrongPort(address, all, failure));
    if (before.isPresent()) {
      return before.get();
    }
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> unauthenticated(address, failure);
      case PERMISSION_DENIED ->
          configuration(
              where
                  + " refuses user '"
                  + address.user()
                  + "': "
                  + GrpcText.shortened(String.valueOf(status.getDescription()))
                  + ". Check user and password of the URI",
              failure);
      case UNIMPLEMENTED ->
          configuration(
              where
                  + " speaks gRPC but is no vtgate: "
                  + GrpcText.shortened(String.valueOf(status.getDescription()))
                  + ". grpc_port has to be "
                  + WHICH_PORT
                  + ", not that of a vttablet or vtctld",
              failure);
      case DEADLINE_EXCEEDED -> silent(where, failure);
      default ->
          address.tls().isEnabled()
              ? encrypted(address, status, failure)
              : plain(address, status, all, failure);
    };
  }

  private static Optional<VitessBeamException> unreachable(
      GrpcAddress address, Status status, Throwable failure) {
    if (GrpcText.hasCause(status, UnknownHostException.class)) {
      return Optional.of(
          configuration(
              "Host " + address.host() + " is unknown: check grpc_host, or the host of the URI",
              failure));
    }
    if (GrpcText.hasCause(status, ConnectException.class)
        || GrpcText.hasCause(status, NoRouteToHostException.class)) {
      return Optional.of(
          new TransientException(
              "Can't connect to "
                  + address.hostAndPort()
                  + ": nothing listens there. Check grpc_host and grpc_port, "
                  + WHICH_PORT,
              failure));
    }
    return Optional.empty();
  }

  /** A port of another protocol, told by the bytes with which it answers. */
  private static Optional<VitessBeamException> wrongPort(
      GrpcAddress address, String all, Throwable failure) {
    String where = address.hostAndPort();
    if (MYSQL.matcher(all).find()) {
      return Optional.of(
          configuration(
              where + " is a port of the MySQL protocol. grpc_port has to be " + WHICH_PORT,
              failure));
    }
    if (WEB.matcher(all).find()) {
      return Optional.of(
          configuration(where + " is a web port. grpc_port has to be " + WHICH_PORT, failure));
    }
    if (PLAIN_GRPC.matcher(all).find()) {
      return Optional.of(
          configuration(
              where
                  + " speaks gRPC without TLS, and the URI has grpc_tls="
                  + address.tls().mode()
                  + " (which is that of tls where it is not given). Use grpc_tls=false, or give"
                  + " vtgate a certificate (its flags --grpc-cert and --grpc-key)",
              failure));
    }
    return Optional.empty();
  }

  private static VitessBeamException unauthenticated(GrpcAddress address, Throwable failure) {
    String where = address.hostAndPort();
    if (address.user().isEmpty()) {
      return configuration(where + " wants a user and a password: put them into the URI", failure);
    }
    return configuration(
        where
            + " refuses user '"
            + address.user()
            + (GrpcCredentials.areSendable(address)
                ? "'. Check user and password of the URI"
                : "', as gRPC can't send a user or password with other characters than ASCII"),
        failure);
  }

  private static VitessBeamException encrypted(
      GrpcAddress address, Status status, Throwable failure) {
    String where = address.hostAndPort();
    String root = GrpcText.root(status);
    if (root.contains("CERTIFICATE_REQUIRED")) {
      return configuration(
          where
              + " wants a client certificate: "
              + (address.tls().cert().isEmpty()
                  ? "give grpc_cert and grpc_key"
                  : "that of grpc_cert isn't signed by an authority that it trusts (vtgate's flag"
                      + " --grpc-ca)"),
          failure);
    }
    if (root.contains("KEY_VALUES_MISMATCH")) {
      return configuration(
          "grpc_key: " + address.tls().key() + " is not the key of " + address.tls().cert(),
          failure);
    }
    if (GrpcText.isOfTls(status)) {
      return configuration(
          "TLS with "
              + where
              + " failed (grpc_tls="
              + address.tls().mode()
              + "): "
              + GrpcText.shortened(root)
              + ". Check that the server's certificate names the host, grpc_ca, and grpc_cert where"
              + " the server wants a client certificate",
          failure);
    }
    if (root.contains("handshake timed out")) {
      return silent(where, failure);
    }
    return GrpcFailures.streaming("Connecting to " + where, failure);
  }

  private static VitessBeamException plain(
      GrpcAddress address, Status status, String all, Throwable failure) {
    // A vtgate with TLS closes a plain connection without a word, as others do for other reasons.
    boolean closed =
        status.getCode() == Status.Code.UNAVAILABLE
            && (status.getCause() != null || all.startsWith("Network closed"));
    if (TLS.matcher(all).find() || (closed && TlsProbe.speaksTls(address))) {
      return configuration(
          address.hostAndPort() + " wants TLS: use grpc_tls=true, and grpc_ca if need be", failure);
    }
    return GrpcFailures.streaming("Connecting to " + address.hostAndPort(), failure);
  }

  private static TransientException silent(String where, Throwable failure) {
    return new TransientException(
        where + " doesn't answer. Check that grpc_port is " + WHICH_PORT, failure);
  }

  private static ConfigurationException configuration(String text, Throwable cause) {
    return new ConfigurationException(text, cause);
  }
}
