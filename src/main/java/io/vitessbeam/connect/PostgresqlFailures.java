package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says what a failure of PostgreSQL or its driver means, by its SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
public final class PostgresqlFailures {

  private static final String WRONG_PASSWORD = "28P01";
  private static final String UNKNOWN_DATABASE = "3D000";
  private static final String REJECTED = "08004";
  private static final String READ_ONLY = "25006";
  private static final String DEPENDED_ON = "2BP01";

  /** Lost connections, lack of resources, operator's intervention, failures of the system. */
  private static final List<String> PASSING_CLASSES = List.of("08", "53", "57", "58");

  /** Serialization failure (also a conflict with recovery on a replica), deadlock, lock. */
  private static final Set<String> PASSING = Set.of("40001", "40P01", "55P03");

  private PostgresqlFailures() {}

  /** A failure to connect and log in. */
  static VitessBeamException connecting(PostgresqlUri uri, SQLException failure) {
    String where = uri.hostAndPort();
    if (isCausedBy(failure, UnknownHostException.class)) {
      return new ConfigurationException(
          "Host " + uri.host() + " is unknown: check the host of the URI", failure);
    }
    if (isCausedBy(failure, ConnectException.class)
        || isCausedBy(failure, NoRouteToHostException.class)) {
      return new TransientException(
          "Can't connect to " + where + ": nothing listens there. Check host and port", failure);
    }
    if (isCausedBy(failure, SSLException.class)
        || isCausedBy(failure, GeneralSecurityException.class)
        || (REJECTED.equals(failure.getSQLState()) && message(failure).contains("SSL"))) {
      return new ConfigurationException(
          "TLS with "
              + where
              + " failed (sslmode="
              + uri.tls().getOrDefault(PostgresqlUri.SSL_MODE, "prefer")
              + "): "
              + rootMessage(failure)
              + ". Check that the server has TLS, that its certificate names the host, and"
              + " sslrootcert",
          failure);
    }
    if (isCausedBy(failure, SocketTimeoutException.class)) {
      return new TransientException(
          where + " doesn't answer in PostgreSQL's protocol. Check host and port", failure);
    }
    String state = String.valueOf(failure.getSQLState());
    if (state.equals(WRONG_PASSWORD)) {
      return new ConfigurationException(
          where + " refuses user '" + uri.user() + "': wrong user name or password", failure);
    }
    if (state.equals(UNKNOWN_DATABASE)) {
      return new ConfigurationException(
          "Database " + uri.database() + " doesn't exist at " + where, failure);
    }
    return isPassing(failure) && !state.equals(REJECTED)
        ? new TransientException("Can't talk to " + where + ": " + rootMessage(failure), failure)
        : new ConfigurationException(
            "Can't connect to " + where + ": " + rootMessage(failure), failure);
  }

  /**
   * A failure of a statement.
   *
   * @param doing what was being done, naming the table
   */
  public static VitessBeamException running(String doing, Exception failure) {
    String text = doing + " failed: " + rootMessage(failure) + detail(failure);
    if (isPassing(failure)) {
      return new TransientException(text, failure);
    }
    String state = failure instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    // Syntax, unknown names and missing rights; what is not supported; servers that only read.
    return state.startsWith("42")
            || state.startsWith("0A")
            || state.equals(READ_ONLY)
            || state.equals(DEPENDED_ON)
        ? new ConfigurationException(text, failure)
        : new DataException(text, failure);
  }

  /** Names the row or the object that is in the way. */
  private static String detail(Exception failure) {
    ServerErrorMessage server =
        failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    return server == null || server.getDetail() == null
        ? ""
        : " (" + server.getDetail().replace('\n', ' ') + ")";
  }

  private static boolean isPassing(Exception failure) {
    if (isCausedBy(failure, IOException.class)) {
      return true;
    }
    String state = failure instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    return PASSING.contains(state) || PASSING_CLASSES.stream().anyMatch(state::startsWith);
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /** The first line of the innermost message. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String line = message(root).strip().lines().findFirst().orElse("").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
