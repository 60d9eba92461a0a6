package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that change in a blank at the end, in a keyspace that follows another one. */
class FollowedKeysIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String ROWS =
      "SELECT CONCAT('<', k, '>'), v, _cdc_deleted FROM $t ORDER BY CAST(k AS BINARY)";

  private final String source = VITESS.newTable("source");
  private final Target copy = new Target();

  @BeforeEach
  void copyTwoRows() throws Exception {
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + source + " (k VARCHAR(9) PRIMARY KEY, v INT)",
        "INSERT INTO " + source + " VALUES ('a', 1), ('b', 2)");
    sync();
  }

  @Test
  void areDeletedAndInserted() throws Exception {
    // As a new table has it where the server is 8.0.17 or later.
    copy.execute("ALTER TABLE $t MODIFY k VARCHAR(9) COLLATE utf8mb4_0900_as_cs NOT NULL");
    VITESS.execute(SHOP + ":0", "UPDATE " + source + " SET k = 'a ' WHERE k = 'a'");
    sync();
    assertThat(copy.query(ROWS)).containsExactly("<a>|1|1", "<a >|1|0", "<b>|2|0");

    VITESS.execute(SHOP + ":0", "UPDATE " + source + " SET v = 5 WHERE k = 'a '");
    sync();
    assertThat(copy.query(ROWS)).containsExactly("<a>|1|1", "<a >|5|0", "<b>|2|0");
  }

  @Test
  void areRefusedByATableThatTakesThemForOne() throws Exception {
    copy.execute("ALTER TABLE $t MODIFY k VARCHAR(9) COLLATE utf8mb4_bin NOT NULL");
    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + source + " VALUES ('c', 3)",
        "UPDATE " + source + " SET k = 'a ' WHERE k = 'a'");

    assertThatThrownBy(this::sync)
        .hasStackTraceContaining("('a')")
        .hasStackTraceContaining("('a ')")
        .hasStackTraceContaining("the collation utf8mb4_bin of column k")
        .hasStackTraceContaining("ALTER TABLE " + copy.quoted() + " MODIFY `k`");
    assertThat(copy.query(ROWS)).containsExactly("<a>|1|0", "<b>|2|0");

    copy.execute("ALTER TABLE $t MODIFY k VARCHAR(9) COLLATE utf8mb4_0900_as_cs NOT NULL");
    sync();
    assertThat(copy.query(ROWS)).containsExactly("<a>|1|1", "<a >|1|0", "<b>|2|0", "<c>|3|0");
  }

  private void sync() {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://%s:%d/%s?grpc_port=%d"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort()));
    VitessSync sync = VitessSync.from(uri).to(VITESS.uri(SHOP)).withTable(source, "", copy.name());
    try {
      TestPipelines.read(EmbeddedRunner.DIRECT, sync);
    } catch (RuntimeException e) {
      sync.abort();
      throw e;
    }
  }
}
