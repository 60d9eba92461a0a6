package io.vitessbeam.pipelines.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.pipelines.MysqldSocket;
import io.vitessbeam.pipelines.quickstart.LocalVitess;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes whose row images hold less than the whole row. */
class IngestCdcRowImageIT {

  private static final String KEYSPACE = "images";

  private static LocalVitess vitess;
  private static MysqldSocket mysqld;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    vitess = LocalVitess.start(Request.of(new Keyspace(KEYSPACE, 1)).withVtcomboFlags(List.of()));
    mysqld = new MysqldSocket(vitess.address().mysqldSocket().orElseThrow());
  }

  @AfterAll
  static void end() throws IOException {
    mysqld.close();
    vitess.close();
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** With binlog_row_image=noblob an update does not send large columns that it leaves alone. */
  @OnEachRunner
  void columnsThatAnUpdateDoesNotSendStay(EmbeddedRunner runner) throws SQLException {
    CdcCopy copy = CdcCopy.of(runner, KEYSPACE, folder);
    execute(
        vitess.connect(KEYSPACE),
        "DROP TABLE IF EXISTS wide",
        "CREATE TABLE wide (id INT PRIMARY KEY, a INT, t TEXT, b BLOB, j JSON, v VARCHAR(9))",
        "INSERT INTO wide VALUES (1, 1, 'text', X'00FF', '{\"k\": 1}', 'v'),"
            + " (2, 2, NULL, NULL, NULL, NULL), (3, 3, 't3', X'03', '[]', 'x')");
    String uri = "--source-uri=" + vitess.cdcUri(KEYSPACE);
    copy.sync("wide", uri);
    execute(
        mysqld.connect("vt_" + KEYSPACE + "_0"),
        "SET SESSION binlog_row_image = 'noblob'",
        "INSERT INTO wide VALUES (4, 4, 't4', X'04', '{}', 'y')",
        "UPDATE wide SET a = 10, v = 'new' WHERE id <= 2",
        "UPDATE wide SET t = 'changed' WHERE id = 1",
        "UPDATE wide SET t = NULL, b = NULL WHERE id = 3",
        "UPDATE wide SET a = 40 WHERE id = 4",
        "UPDATE wide SET id = 50 WHERE id = 4",
        "INSERT INTO wide VALUES (6, 6, 't6', X'06', '6', 'z')",
        "DELETE FROM wide WHERE id = 6");

    copy.sync("wide", uri);

    String columns = "SELECT id, a, t, b, v, j::VARCHAR FROM wide WHERE ";
    assertThat(copy.rows(columns + "NOT _cdc_deleted"))
        .containsExactly(
            "1|10|changed|00ff|new|{\"k\": 1}|",
            "2|10|NULL|NULL|new|NULL|",
            "3|3|NULL|NULL|x|[]|",
            "50|40|t4|04|y|{}|");
    // The key that changed could only be copied again, and these two were never known before.
    assertThat(copy.rows("SELECT id FROM wide WHERE _cdc_deleted")).isEmpty();
  }

  /** What an update did not send is what PostgreSQL has. */
  @Test
  void columnsThatAnUpdateDoesNotSendStayInPostgresql() throws SQLException {
    execute(
        vitess.connect(KEYSPACE),
        "DROP TABLE IF EXISTS relayed",
        "CREATE TABLE relayed (id INT PRIMARY KEY, a INT, t TEXT, b BLOB, j JSON)",
        "INSERT INTO relayed VALUES (1, 1, 'tab\t, é', X'00FF', '{\"k\": 1}'),"
            + " (2, 2, NULL, NULL, NULL)");
    List<String> flags =
        List.of("--source-uri=" + vitess.cdcUri(KEYSPACE), "--source-table=relayed");
    assertThat(FollowingServer.POSTGRESQL.run(EmbeddedRunner.DIRECT, flags).status()).isZero();
    execute(
        mysqld.connect("vt_" + KEYSPACE + "_0"),
        "SET SESSION binlog_row_image = 'noblob'",
        "UPDATE relayed SET a = 10",
        "UPDATE relayed SET t = 'changed' WHERE id = 2");

    IngestRun run = FollowingServer.POSTGRESQL.run(EmbeddedRunner.DIRECT, flags);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("0 inserted, 2 updated, 0 deleted");
    assertThat(FollowingServer.POSTGRESQL.rows("SELECT id, a, t, b, j FROM relayed"))
        .containsExactly("1|10|tab\t, é|00ff|{\"k\": 1}|", "2|10|changed|NULL|NULL|");
  }

  @Test
  void aServerThatLogsTooLittleIsNamed() throws SQLException {
    execute(
        vitess.connect(KEYSPACE),
        "DROP TABLE IF EXISTS minimal",
        "CREATE TABLE minimal (id INT PRIMARY KEY, a INT)");
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, KEYSPACE, folder);
    String uri = "--source-uri=" + vitess.cdcUri(KEYSPACE);
    copy.sync("minimal", uri);
    for (String setting :
        new String[] {
          "binlog_row_image = 'minimal'", "binlog_row_value_options = 'PARTIAL_JSON'"
        }) {
      execute(mysqld.connect(""), "SET GLOBAL " + setting);
      try {
        IngestRun run = copy.trySync("minimal", uri);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(setting.replaceAll(" =.*", "")).hasLineCount(1);
      } finally {
        execute(
            mysqld.connect(""),
            "SET GLOBAL binlog_row_image = 'full'",
            "SET GLOBAL binlog_row_value_options = ''");
      }
    }
    assertThat(copy.sync("minimal", uri)).contains("nothing new");
  }
}
