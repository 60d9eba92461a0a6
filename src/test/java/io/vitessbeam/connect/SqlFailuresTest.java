package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.exceptions.CJCommunicationsException;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFailuresTest {

  private static final MysqlAddress ADDRESS =
      new MysqlAddress("h", 3306, "u", new Secret("geh3im"), TlsMode.TRUE, "");

  @ParameterizedTest
  @ValueSource(ints = {1040, 1053, 1205, 1213, 1317, 2006, 2013, 3024})
  void numbersThatPass(int number) {
    assertThat(SqlFailures.running("x", new SQLException("m", "HY000", number)))
        .isInstanceOf(TransientException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1045, 1044, 1142, 1049, 1146, 1054, 1064, 1235})
  void numbersThatTheUserMends(int number) {
    assertThat(SqlFailures.running("x", new SQLException("m", "42000", number)))
        .isInstanceOf(ConfigurationException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "target: ks.0.primary: no healthy tablet available, true",
    "vttablet: rpc error: code = Unavailable desc = x, true",
    "code = ClusterEvent CLUSTER_EVENT, true",
    "resource_exhausted pool timed out, true",
    "table t not found, false"
  })
  void vtgatesErrorWithoutANumber(String message, boolean passes) {
    assertThat(SqlFailures.running("x", new SQLException(message, "HY000", 1105)))
        .isInstanceOf(passes ? TransientException.class : ConfigurationException.class);
  }

  @Test
  void whatBreaksInTheMiddleOfAStreamPasses() {
    assertThat(SqlFailures.running("x", new SQLException("m", "S1000", new EOFException("e"))))
        .isInstanceOf(TransientException.class);
    SQLException lost = new SQLException("m", "S1000", new CJCommunicationsException("lost"));
    assertThat(SqlFailures.running("x", lost)).isInstanceOf(TransientException.class);
    assertThat(SqlFailures.running("x", new SQLException("m", "08S01")))
        .isInstanceOf(TransientException.class);
  }

  @Test
  void theRestIsTheDatas() {
    assertThat(SqlFailures.running("Reading a.b", new SQLException("div\nat line", "22012", 1365)))
        .isInstanceOf(DataException.class)
        .hasMessage("Reading a.b failed: div");
  }

  /** Its text decides what it means only without the statement. */
  @Test
  void vttabletsStatementIsNoPartOfTheReason() {
    String reason = "target: ks.0.primary: vttablet: rpc error: code = Unknown desc = odd";
    String statement =
        " (CallerID: u): Sql: \"insert into t values (:v /* VARCHAR */)\", BindVars: {v:"
            + " \"type:VARCHAR value:\\\"deadline of the pool\\\"\"}";
    SQLException odd =
        new SQLException(reason + " (errno 1105) (sqlstate HY000)" + statement, "HY000", 1105);
    assertThat(SqlFailures.running("Staging ks.t", odd))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("Staging ks.t failed: " + reason + " (errno 1105) (sqlstate HY000)");
  }

  @Test
  void connecting() {
    assertThat(connecting(new UnknownHostException("h")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("Host h is unknown: check the host of the URI");
    assertThat(connecting(new ConnectException("refused")))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("Can't connect to h:3306: nothing listens there");
    assertThat(connecting(new SocketTimeoutException("slow")))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("h:3306 doesn't answer in the MySQL protocol");
    assertThat(connecting(new SSLHandshakeException("no trust")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("TLS with h:3306 failed (tls=true): no trust");
    assertThat(
            SqlFailures.connecting(ADDRESS, "the port", new SQLException("denied", "28000", 1045)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("h:3306 refuses user 'u': wrong user name or password");
  }

  /** The port is a right one: it is vtgate that answers. */
  @Test
  void aShardWithoutAPrimaryIsNoWrongPort() {
    String reason = "target: ks.0.primary: primary is not serving";
    assertThat(SqlFailures.connecting(ADDRESS, "the port", new SQLException(reason, "HY000", 1105)))
        .isInstanceOf(TransientException.class)
        .hasMessage("vtgate at h:3306 answers: " + reason);
  }

  private static Throwable connecting(Exception cause) {
    return SqlFailures.connecting(
        ADDRESS, "the port", new SQLException("Communications link", "08S01", cause));
  }
}
