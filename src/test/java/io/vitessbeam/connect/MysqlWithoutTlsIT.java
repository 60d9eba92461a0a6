package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.testing.ScriptServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that has no TLS, or from whose answers somebody on the way has taken it. */
class MysqlWithoutTlsIT {

  private static final ScriptServer SERVER = ScriptServer.start("mysql", List.of("--ssl=0"));

  /** The login of MySQL 8 sends the password under a key that the other side names. */
  @Test
  void thePasswordIsSentOnlyWhereNoTlsWasAskedFor() throws SQLException {
    for (String tls : List.of("", "?tls=preferred")) {
      assertThatThrownBy(() -> session(tls))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("offers no TLS")
          .hasMessageContaining("tls=false")
          .hasMessageNotContaining(":beam@");
    }
    assertThatThrownBy(() -> session("?tls=skip-verify"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("TLS");

    try (Connection connection = session("?tls=false");
        Statement statement = connection.createStatement();
        ResultSet user = statement.executeQuery("SELECT CURRENT_USER()")) {
      assertThat(user.next()).isTrue();
      assertThat(user.getString(1)).isEqualTo("beam@%");
    }
  }

  private static Connection session(String tls) {
    return new MysqlServer(MysqlUri.parse(SERVER.uri() + tls)).lookUp("");
  }
}
