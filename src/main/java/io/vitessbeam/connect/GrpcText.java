package io.vitessbeam.connect;

import io.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What a gRPC status and its causes say, in one line. */
final class GrpcText {

  /** vtgate puts its own words, and the position, before those of the tablet. */
  private static final int HEAD = 300;

  private static final int TAIL = 700;

  /** What gRPC for Java says where only the cause tells. */
  private static final List<String> EMPTY_WORDS =
      List.of("io exception", "ssl exception", "http2 exception");

  /** How a handshake ends that was broken off, which says nothing of certificates. */
  private static final List<String> BROKEN_OFF = List.of("closed", "timed out", "reset");

  /** How Go's TLS says it, with which vtgate talks to its tablets. */
  private static final Pattern OF_CERTIFICATES =
      Pattern.compile(
          "x509: |tls: [a-z ]*certificate|tls: handshake failure|tls: [a-z ]*protocol version"
              + "|tls: first record does not look like");

  private GrpcText() {}

  static String of(Status status) {
    String said = status.getDescription() == null ? "" : status.getDescription();
    int pipeline = said.indexOf("\nChannel Pipeline:");
    if (pipeline >= 0) {
      said = said.substring(0, pipeline);
    }
    String text = EMPTY_WORDS.contains(said) ? root(status) : said;
    return status.getCode() + (text.isBlank() ? "" : " " + shortened(text));
  }

  /** The innermost words. */
  static String root(Status status) {
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root == null) {
      return String.valueOf(status.getDescription());
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** Everything that is said, of the causes too. */
  static String all(Status status) {
    StringBuilder text = new StringBuilder(String.valueOf(status.getDescription()));
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      text.append('\n').append(t.getMessage());
    }
    return text.toString();
  }

  static <T extends Throwable> boolean hasCause(Status status, Class<T> type) {
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether TLS failed, here or, by what vtgate says, between it and a tablet. Both have the code
   * of a server that is away.
   */
  static boolean isOfTls(Status status) {
    if (status.getCode() != Status.Code.UNAVAILABLE) {
      return false;
    }
    if (hasCause(status, SSLException.class)) {
      String root = root(status).toLowerCase(Locale.ROOT);
      return BROKEN_OFF.stream().noneMatch(root::contains);
    }
    return OF_CERTIFICATES.matcher(String.valueOf(status.getDescription())).find();
  }

  /** One line, the middle cut out of a long one: the reason is at its end. */
  static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= HEAD + TAIL
        ? line
        : line.substring(0, HEAD) + " … " + line.substring(line.length() - TAIL);
  }
}
