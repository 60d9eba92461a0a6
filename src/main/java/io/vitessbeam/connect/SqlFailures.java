package io.vitessbeam.connect;

import com.mysql.cj.exceptions.CJCommunicationsException;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Says what a failure of the driver or of vtgate means: which of the project's exceptions it is and
 * what to do about it. vtgate's prose changes from version to version, so errors are told apart by
 * number and VT code where they have one.
 */
public final class SqlFailures {

  private static final int ACCESS_DENIED = 1045;
  private static final int ACCESS_DENIED_TO_DATABASE = 1044;
  private static final int UNKNOWN_DATABASE = 1049;
  private static final int NO_SUCH_TABLE = 1146;
  private static final int UNKNOWN_COLUMN = 1054;
  private static final int SYNTAX = 1064;
  private static final int NOT_SUPPORTED = 1235;
  private static final int VITESS_UNKNOWN = 1105;
  private static final int TABLE_ACCESS_DENIED = 1142;

  /** Lost connections, killed queries, lock and deadlock time-outs, a server that goes down. */
  private static final Set<Integer> PASSING =
      Set.of(1040, 1053, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1317, 2006, 2013, 3024);

  /** What 1105, vtgate's error without a number of its own, says when a tablet is away. */
  private static final Set<String> PASSING_TEXTS =
      Set.of(
          "unavailable",
          "no healthy tablet",
          "not serving",
          "cluster_event",
          "connection refused",
          "connection reset",
          "eof",
          "broken pipe",
          "deadline",
          "resource_exhausted",
          "pool",
          "operation not allowed in state",
          "failed_precondition");

  /** What vttablet adds to a reason: its caller, the statement, and the values of all its rows. */
  private static final Pattern STATEMENT =
      Pattern.compile(
          "(\\(sqlstate \\w{5}\\))(?: \\(CallerID: .*?\\))?: Sql: \".*", Pattern.DOTALL);

  private SqlFailures() {}

  /**
   * A failure to connect and log in.
   *
   * @param port which port the address has to be of, for advice
   */
  static VitessBeamException connecting(MysqlAddress address, String port, SQLException failure) {
    String where = address.hostAndPort();
    Optional<VitessBeamException> before =
        unreachable(address, port, failure).or(() -> unsafe(address, failure));
    if (before.isPresent()) {
      return before.get();
    }
    if (find(failure, SocketTimeoutException.class) != null) {
      return new TransientException(
          where
              + " doesn't answer in the MySQL protocol. Check host and port: it has to be "
              + port
              + ", not a gRPC or web port",
          failure);
    }
    return switch (failure.getErrorCode()) {
      case VITESS_UNKNOWN ->
          isPassing(failure)
              ? new TransientException(
                  "vtgate at " + where + " answers: " + rootMessage(failure), failure)
              : refusal(where, port, failure);
      case ACCESS_DENIED ->
          configuration(
              where + " refuses user '" + address.user() + "': wrong user name or password",
              failure);
      default ->
          isPassing(failure)
              ? new TransientException(
                  "Can't talk to "
                      + where
                      + ": "
                      + rootMessage(failure)
                      + ". Check that this is "
                      + port,
                  failure)
              : refusal(where, port, failure);
    };
  }

  private static Optional<VitessBeamException> unreachable(
      MysqlAddress address, String port, SQLException failure) {
    if (find(failure, UnknownHostException.class) != null) {
      return Optional.of(
          configuration(
              "Host " + address.host() + " is unknown: check the host of the URI", failure));
    }
    if (find(failure, ConnectException.class) != null
        || find(failure, NoRouteToHostException.class) != null) {
      return Optional.of(
          new TransientException(
              "Can't connect to "
                  + address.hostAndPort()
                  + ": nothing listens there. Check host and port ("
                  + port
                  + ")",
              failure));
    }
    return Optional.empty();
  }

  /** TLS that fails, or that a login without it would need. */
  private static Optional<VitessBeamException> unsafe(MysqlAddress address, SQLException failure) {
    String where = address.hostAndPort();
    if (find(failure, SSLException.class) != null
        || find(failure, java.security.GeneralSecurityException.class) != null
        || message(failure).contains("SSL")) {
      return Optional.of(
          configuration(
              "TLS with "
                  + where
                  + " failed (tls="
                  + address.tls()
                  + "): "
                  + rootMessage(failure)
                  + ". Check that the server has TLS, that its certificate names the host, and"
                  + " tls_ca",
              failure));
    }
    if (message(failure).contains("Public Key Retrieval")) {
      return Optional.of(
          configuration(
              where
                  + " offers no TLS, and without it whoever is on the way could take the password"
                  + " of user '"
                  + address.user()
                  + "'. If the network is to be trusted, say so by tls=false",
              failure));
    }
    return Optional.empty();
  }

  private static ConfigurationException refusal(String where, String port, SQLException failure) {
    // Without a server's error number the driver itself could make nothing of what came.
    String advice = failure.getErrorCode() == 0 ? ". Check that this is " + port : "";
    return configuration(
        "Can't connect to " + where + ": " + rootMessage(failure) + advice, failure);
  }

  /**
   * A failure of a statement. Its message has the reason, but neither the statement nor its values.
   *
   * @param doing what was being done, naming keyspace and table: "reading shop.events"
   */
  public static VitessBeamException running(String doing, SQLException failure) {
    String text = doing + " failed: " + rootMessage(failure);
    if (isPassing(failure)) {
      return new TransientException(text, failure);
    }
    return switch (failure.getErrorCode()) {
      case ACCESS_DENIED,
          ACCESS_DENIED_TO_DATABASE,
          TABLE_ACCESS_DENIED,
          UNKNOWN_DATABASE,
          NO_SUCH_TABLE,
          UNKNOWN_COLUMN,
          SYNTAX,
          NOT_SUPPORTED,
          VITESS_UNKNOWN ->
          configuration(text, failure);
      default -> new DataException(text, failure);
    };
  }

  /** Whether a later try of the same may succeed. */
  static boolean isPassing(SQLException failure) {
    String state = failure.getSQLState();
    if (PASSING.contains(failure.getErrorCode()) || (state != null && state.startsWith("08"))) {
      return true;
    }
    // What breaks in the middle of a streaming result has neither a number nor a state.
    if (find(failure, IOException.class) != null
        || find(failure, CJCommunicationsException.class) != null) {
      return true;
    }
    String message = message(failure).toLowerCase(Locale.ROOT);
    return failure.getErrorCode() == VITESS_UNKNOWN
        && PASSING_TEXTS.stream().anyMatch(message::contains);
  }

  static boolean isUnknownKeyspace(SQLException failure) {
    return failure.getErrorCode() == UNKNOWN_DATABASE
        || message(failure).contains("VT05003")
        || message(failure).contains("VT05004");
  }

  static boolean isSyntaxError(SQLException failure) {
    return failure.getErrorCode() == SYNTAX;
  }

  private static ConfigurationException configuration(String text, SQLException cause) {
    return new ConfigurationException(text, cause);
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : STATEMENT.matcher(failure.getMessage()).replaceFirst("$1");
  }

  /** The first line of the innermost message; the driver wraps it in paragraphs of advice. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = message(root).strip();
    int lineEnd = message.indexOf('\n');
    String line = lineEnd < 0 ? message : message.substring(0, lineEnd).strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
