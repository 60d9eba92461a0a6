package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that begin at a time, through another primary. */
@Timeout(180)
class VStreamReadTimeIT {

  private static final TestCluster CLUSTER = TestCluster.shared();

  private final String table = CLUSTER.newTable("times");

  @Test
  void whatWasCommittedAtATimeOrLater() throws SQLException {
    CLUSTER.execute(SHOP, "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY)");
    Instant first = nextSecond();
    insert(1, 2, 3);
    Instant second = nextSecond();
    insert(4, 5);
    Instant third = nextSecond();
    CLUSTER.reparent(SHOP, "0");
    insert(6, 7);
    Instant fourth = nextSecond();
    insert(8);
    VitessCdcUri uri = VitessCdcUri.parse(CLUSTER.cdcUriText(SHOP, TestCluster.PASSWORD));
    VStreamRead read =
        VStreamRead.from(uri).withTable(table).until(VStreamRead.currentPosition(uri));

    assertThat(ids(read.startingAt(first))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(ids(read.startingAt(second))).containsExactly(4L, 5L, 6L, 7L, 8L);
    assertThat(ids(read.startingAt(third))).containsExactly(6L, 7L, 8L);
    assertThat(ids(read.startingAt(fourth))).containsExactly(8L);
    assertThat(ids(read.startingAt(fourth.plusSeconds(3600)))).isEmpty();
    assertThatThrownBy(() -> ids(read.startingAt(Instant.EPOCH)))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("of shard shop/0 don't reach back to 1970-01-01T00:00:00Z");
  }

  private static List<Long> ids(VStreamRead read) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, read).stream()
        .map(change -> change.after().getInt64("id"))
        .sorted()
        .toList();
  }

  private void insert(long... ids) throws SQLException {
    for (long id : ids) {
      CLUSTER.execute(SHOP, "INSERT INTO " + table + " (id) VALUES (" + id + ")");
    }
  }

  /** The server's time when its second has changed: what was committed before has another. */
  private static Instant nextSecond() throws SQLException {
    try (Connection connection = CLUSTER.connect(SHOP);
        Statement statement = connection.createStatement()) {
      long begin = seconds(statement);
      long now = begin;
      while (now == begin) {
        now = seconds(statement);
      }
      return Instant.ofEpochSecond(now);
    }
  }

  private static long seconds(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT UNIX_TIMESTAMP()")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
