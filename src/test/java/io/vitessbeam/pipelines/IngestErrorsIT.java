package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake of a user gives one line that names it, and nothing at the destination. */
class IngestErrorsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String TABLE = VITESS.newTable("AAA_errors");
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws SQLException {
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + TABLE + " (id INT PRIMARY KEY, at DATETIME)",
        "SET sql_mode = ''",
        "INSERT INTO " + TABLE + " VALUES (1, '2024-01-01')");
  }

  @Test
  void theHostIsUnknown() {
    assertFails(
        "vitess://no-such-host.invalid:3306/shop",
        TABLE,
        1,
        "Host no-such-host.invalid is unknown");
  }

  @Test
  void nothingListensAtThePort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertFails(
        "vitess://127.0.0.1:" + port + "/shop", TABLE, 1, "Can't connect to 127.0.0.1:" + port);
  }

  @Test
  void thePortIsVtgatesOtherPort() {
    assertFails(
        "vitess://" + VITESS.host() + ":" + VITESS.grpcPort() + "/shop", TABLE, 1, "MySQL port");
  }

  @Test
  void theKeyspaceIsUnknown() {
    assertFails(VITESS.uriText("nope"), TABLE, 1, "Keyspace nope doesn't exist", "customer, shop");
  }

  @Test
  void theTableIsUnknown() {
    assertFails(VITESS.uriText(SHOP), "nope", 1, "Keyspace shop has no table nope", TABLE);
  }

  @Test
  void aMysqlUriPointsAtAVitess() {
    assertFails(
        VITESS.uriText(SHOP).replace("vitess://", "mysql://"),
        TABLE,
        1,
        "is a Vitess",
        "vitess://");
  }

  @Test
  void aVitessUriIsMalformed() {
    assertFails("vitess://host:port/shop", TABLE, 2, "has a port that is not a number");
    assertFails("vitess://host:3306", TABLE, 2, "has no keyspace");
    assertFails("vitess://host/shop?tsl=true", TABLE, 2, "unknown parameter tsl");
  }

  @Test
  void theSourceHasADateThatNoCalendarHas() throws SQLException {
    String table = VITESS.newTable("zero");
    VITESS.execute(
        SHOP + ":0",
        "SET sql_mode = ''",
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, at DATETIME)",
        "INSERT INTO " + table + " VALUES (1, '0000-00-00')");

    assertFails(
        VITESS.uriText(SHOP),
        table,
        1,
        "at",
        "0000-00-00",
        "--zero-dates=null",
        "--zero-dates=text");
  }

  @Test
  void theFolderOfTheDestinationDoesNotExist() {
    IngestRun run = ingest(VITESS.uriText(SHOP), TABLE, folder.resolve("none/x.duckdb"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(folder.resolve("none").toString()).hasLineCount(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theDestinationIsNotADuckDbFile() throws IOException {
    Path file = folder.resolve("text.duckdb");
    Files.writeString(file, "not a database, and long enough to be looked at".repeat(500));

    IngestRun run = ingest(VITESS.uriText(SHOP), TABLE, file);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(file.toString()).hasLineCount(1);
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
  }

  private void assertFails(String uri, String table, int status, String... texts) {
    Path file = folder.resolve("x.duckdb");
    long begin = System.nanoTime();

    IngestRun run = ingest(uri, table, file);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
    assertThat(run.err()).contains(texts).hasLineCount(1);
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  private static IngestRun ingest(String uri, String table, Path file) {
    return IngestRun.of(
        "--source-uri=" + uri,
        "--source-table=" + table,
        "--dest-uri=duckdb:///" + file,
        "--progress=log");
  }
}
