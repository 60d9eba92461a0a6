package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.net.ConnectException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** With what real vtgates have said. */
class GrpcFailuresTest {

  private static final String STARTING =
      "error starting stream from shard GTID keyspace:\"customer\" shard:\"80-\" gtid:\"MySQL56/"
          + "249aee18-d2e8-11f0-8e5c-7e0d4bd4b2a5:1-30\": ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNAVAILABLE | error reading from server: EOF",
        "UNAVAILABLE | Connection closed after GOAWAY. HTTP/2 error code: NO_ERROR, debug data:"
            + " graceful_stop",
        "UNAVAILABLE | error reading from server: read tcp 127.0.0.1: connection reset by peer",
        "UNAVAILABLE | Network closed for unknown reason",
        "UNAVAILABLE | error streaming from tablet zone1-101 in customer/80-: x",
        "UNAVAILABLE | tls: use of closed connection",
        "UNAVAILABLE | connection error: desc = \"transport: authentication handshake failed:"
            + " EOF\"",
        "UNKNOWN | failed to resolve vstream parameters: failed to get shards in keyspace customer:"
            + " context deadline exceeded",
        "NOT_FOUND | failed to get tablet connection to zone1-0000000101: tablet: cell:zone1"
            + " uid:101 is either down or nonexistent",
        "ABORTED | unexpected server EOF while parsing events",
        "DEADLINE_EXCEEDED | deadline exceeded",
        "RESOURCE_EXHAUSTED | too many connections",
        "CANCELLED | RST_STREAM closed stream. HTTP/2 error code: CANCEL",
        "FAILED_PRECONDITION | operation not allowed in state NOT_SERVING",
        "INTERNAL | Received Rst Stream",
        "UNKNOWN | vttablet: rpc error: code = Unavailable desc = x",
        "UNKNOWN | persistent error in vstream for customer/80- on tablet zone1-100; giving up:"
            + " tablet zone1-100 is no longer healthy: x, restarting vstream",
        "UNKNOWN | persistent error in vstream for customer/80- on tablet zone1-100; giving up:"
            + " Lost connection to MySQL server during query (errno 2013) (sqlstate HY000)",
        "UNKNOWN | stream (at source tablet) error @ (including the GTID we failed to process) x:"
            + " unexpected server EOF",
        "UNKNOWN | A replica with the same server_uuid/server_id as this replica has connected to"
            + " the source (errno 1236) (sqlstate HY000)"
      })
  void passing(Status.Code code, String text) {
    assertThat(failure(code, text))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FAILED_PRECONDITION | failed to determine if keyspace customer has been resharded: shard"
            + " provided in VGTID, 0, not found in the customer keyspace | its shard is gone",
        "INVALID_ARGUMENT | GTIDSet Mismatch: requested source position:MySQL56/x:1-9, current"
            + " target vrep position: MySQL56/x:1-8 | the server never was at it",
        "UNKNOWN | Cannot replicate because the source purged required binary logs. Replicate the"
            + " missing transactions from elsewhere (errno 1236) (sqlstate HY000) | are purged",
        "UNKNOWN | x (errno 1789) (sqlstate HY000) | are purged",
        "INTERNAL | could not decode position: invalid MySQL 5.6 GTID set (\"xyz\"): expected"
            + " uuid:interval | it is damaged",
        "INTERNAL | could not decode position: parse error: unknown GTIDSet flavor \"\" | damaged",
        "UNKNOWN | persistent error in vstream for customer/80- on tablet x; giving up: stream"
            + " needs a position or a table to copy | it is empty",
        "INTERNAL | not all journaling participants are in the stream: journal: [x], stream: [y]"
            + " | the shards were changed"
      })
  void needsRefresh(Status.Code code, String text, String reason) {
    assertThat(failure(code, text))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("begin again with a copy")
        .hasMessageContaining(reason);
  }

  /** Four causes have one text, after 90 s. */
  @Test
  void noTabletOrNoPosition() {
    assertThat(
            failure(
                Status.Code.CANCELLED,
                "failed to find a PRIMARY tablet for VStream in customer/80- within the zone1"
                    + " cell(s): context has expired"))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("customer/80-")
        .hasMessageContaining("no tablet of this type serves the shard")
        .hasMessageContaining("purged binlogs")
        .hasMessageContaining("begin again with a copy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNAUTHENTICATED | username and password must be provided | user and password",
        "PERMISSION_DENIED | auth failure: caller \"reader\" provided invalid credentials | user"
            + " and password",
        "UNKNOWN | FindAllShardsInKeyspace(nokeyspace): List: node doesn't exist:"
            + " keyspaces/nokeyspace/shards | keyspace of the URI",
        "UNKNOWN | failed to resolve vstream parameters: failed to get shards in keyspace"
            + " nokeyspace: keyspace nokeyspace fetch error: node doesn't exist | keyspace of the"
            + " URI",
        "UNKNOWN | table notable is not present in the database | name of the table",
        "UNAVAILABLE | connection error: desc = \"transport: authentication handshake failed:"
            + " remote error: tls: certificate required\" | certificates",
        "UNAVAILABLE | x509: certificate is valid for localhost, not wrong.lab | certificates",
        "RESOURCE_EXHAUSTED | grpc: received message larger than max (17000000 vs. 16777216)"
            + " | --grpc-max-message-size",
        "UNKNOWN | vttablet: rpc error: code = ResourceExhausted desc = trying to send message"
            + " larger than max (17000000 vs. 16777216) | --grpc-max-message-size",
        "RESOURCE_EXHAUSTED | gRPC message exceeds maximum size 16777216: 17000000"
            + " | --grpc-max-message-size",
        "UNKNOWN | log event entry exceeded max_allowed_packet; Increase max_allowed_packet on"
            + " source (errno 1236) (sqlstate HY000) | larger than max_allowed_packet",
        "INTERNAL | minimal binlog_row_image is not supported by Vitess VReplication"
            + " | binlog_row_image=FULL",
        "UNKNOWN | partial row image encountered: ensure binlog_row_image is set to 'full'"
            + " | binlog_row_image=FULL",
        "INVALID_ARGUMENT | unsupported | unsupported",
        "UNIMPLEMENTED | unknown service vtgateservice.Vitess | vtgateservice"
      })
  void configuration(Status.Code code, String text, String advice) {
    assertThat(failure(code, text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(text)
        .hasMessageContaining(advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNKNOWN | cannot determine table columns for dl: event has [8 3 15 3], schema has [name:x]"
            + " | dl",
        "UNKNOWN | unknown table my table in schema | my table",
        "FAILED_PRECONDITION | column nocol not found in table acct | acct",
        "FAILED_PRECONDITION | cannot use column names in vstream filter as the current table"
            + " schema for table certificates is not compatible with the current event for this"
            + " table in the stream | certificates"
      })
  void tablesThatWereAlteredBehindTheirChanges(Status.Code code, String text, String table) {
    assertThat(failure(code, text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("The table was altered");
    assertThat(GrpcFailures.whyUnreadable(status(code, text), table)).isPresent();
    assertThat(GrpcFailures.whyUnreadable(status(code, text), table.substring(1))).isEmpty();
    assertThat(GrpcFailures.whyUnreadable(status(code, text), table + 2)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "INTERNAL", "DATA_LOSS"})
  void theRestIsTheDatas(Status.Code code) {
    assertThat(failure(code, "no valid integer value found for column c in table t"))
        .isInstanceOf(DataException.class);
    assertThat(GrpcFailures.whyUnreadable(status(code, "x"), "t")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "OK")
  void everyCodeWithoutAText(Status.Code code) {
    assertThat(GrpcFailures.streaming("Following ks/0", code.toStatus().asRuntimeException()))
        .hasMessageStartingWith("Following ks/0 failed: " + code);
  }

  @Test
  void ofTheChannelItself() {
    Throwable refused =
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [x]")
            .withCause(new ConnectException("Connection refused: h/127.0.0.1:1"))
            .asRuntimeException();
    assertThat(GrpcFailures.streaming("Following ks/0", refused))
        .isInstanceOf(TransientException.class)
        .hasMessage("Following ks/0 failed: UNAVAILABLE Connection refused: h/127.0.0.1:1")
        .hasCause(refused);
    assertThat(tls("No subject alternative names")).isInstanceOf(ConfigurationException.class);
    assertThat(tls("Connection closed while SSL/TLS handshake was in progress"))
        .isInstanceOf(TransientException.class);
    assertThat(tls("handshake timed out after 10000ms")).isInstanceOf(TransientException.class);
  }

  private static VitessBeamException tls(String text) {
    return GrpcFailures.streaming(
        "Following ks/0",
        Status.UNAVAILABLE
            .withDescription("io exception")
            .withCause(new SSLHandshakeException(text))
            .asRuntimeException());
  }

  @Test
  void whatIsExplainedAlreadyStays() {
    DataException known = new DataException("known");
    assertThat(GrpcFailures.streaming("x", known)).isSameAs(known);
  }

  @Test
  void longTextsKeepTheirReason() {
    String text = "a\n".repeat(5_000) + "the reason";
    assertThat(failure(Status.Code.UNKNOWN, text))
        .message()
        .hasSizeLessThan(1_100)
        .doesNotContain("\n")
        .endsWith("the reason");
  }

  private static VitessBeamException failure(Status.Code code, String text) {
    VitessBeamException failure =
        GrpcFailures.streaming("Following customer/80-", status(code, text));
    assertThat(failure).hasMessageStartingWith("Following customer/80- failed: " + code);
    return failure;
  }

  private static Throwable status(Status.Code code, String text) {
    return code.toStatus().withDescription(STARTING + text).asRuntimeException();
  }
}
