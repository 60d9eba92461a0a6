package io.vitessbeam.connect;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.testing.TestCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Messages of a real vttablet, which hold the whole statement. */
class SqlFailuresIT {

  private static final TestCluster CLUSTER = TestCluster.shared();

  /** Of the length of those that stage rows, over several lines and with marks of messages. */
  private static final String VALUE =
      "a \"value\",\n(errno 1) (sqlstate HY000): Sql: ".repeat(1000);

  private final String table = CLUSTER.newTable("told");

  @Test
  void aReasonThatPassesIsToldWithoutTheStatement() throws SQLException {
    create();
    try (Connection other = CLUSTER.connect(SHOP + ":0");
        Statement holder = other.createStatement()) {
      holder.execute("BEGIN");
      holder.execute("DELETE FROM " + table + " WHERE id = 1");

      assertThat(failureOfInsert())
          .isInstanceOf(TransientException.class)
          .hasMessage(
              "Staging failed: target: shop.0.primary: vttablet: rpc error: code ="
                  + " DeadlineExceeded desc = Lock wait timeout exceeded; try restarting"
                  + " transaction (errno 1205) (sqlstate HY000)");
    }
  }

  @Test
  void aReasonThatStaysIsToldWithoutTheStatement() throws SQLException {
    create();
    assertThat(failureOfInsert())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Staging failed: target: shop.0.primary: vttablet: rpc error: code = AlreadyExists"
                + " desc = Duplicate entry '1' for key 'PRIMARY' (errno 1062) (sqlstate 23000)");
  }

  private void create() throws SQLException {
    CLUSTER.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, told LONGTEXT)",
        "INSERT INTO " + table + " VALUES (1, '')");
  }

  private VitessBeamException failureOfInsert() throws SQLException {
    try (Connection connection = CLUSTER.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      statement.execute("SET innodb_lock_wait_timeout = 1");
      SQLException failure =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.execute("INSERT INTO " + table + " VALUES (1, '" + VALUE + "')"));
      assertThat(failure.getMessage()).contains("Sql: \"insert into").hasSizeGreaterThan(7_000);
      return SqlFailures.running("Staging", failure);
    }
  }
}
