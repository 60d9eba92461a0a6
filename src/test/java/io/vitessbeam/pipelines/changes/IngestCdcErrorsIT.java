package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake of a user gives one line that names it, soon, and nothing at the destination. */
class IngestCdcErrorsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String TABLE = VITESS.newTable("errors");
  private static final Duration LONGEST = Duration.ofSeconds(40);

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws SQLException {
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + TABLE + " (id INT PRIMARY KEY)",
        "INSERT INTO " + TABLE + " VALUES (1)");
  }

  @Test
  void theGrpcPortIsMissing() {
    assertFails(base(SHOP), TABLE, 2, "grpc_port");
  }

  @Test
  void theGrpcPortIsTheMysqlPort() {
    assertFails(base(SHOP) + "?grpc_port=" + VITESS.port(), TABLE, 2, "grpc_port", "MySQL");
  }

  @Test
  void thePortsAreSwapped() {
    assertFails(
        "vitess+cdc://%s:%d/shop?grpc_port=%d"
            .formatted(VITESS.host(), VITESS.grpcPort(), VITESS.port()),
        TABLE,
        1,
        "MySQL protocol",
        "grpc_port");
  }

  @Test
  void nothingListensAtTheGrpcPort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertFails(base(SHOP) + "?grpc_port=" + port, TABLE, 1, "" + port);
  }

  /** It takes connections and never says a word. */
  @Test
  void somethingSilentListensAtTheGrpcPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      assertFails(base(SHOP) + "?grpc_port=" + socket.getLocalPort(), TABLE, 1, "gRPC");
    }
  }

  @Test
  void theGrpcHostIsUnknown() {
    assertFails(
        CdcCopy.uri(SHOP) + "&grpc_host=no-such-host.invalid", TABLE, 1, "no-such-host.invalid");
  }

  @Test
  void theGrpcPortHasNoTls() {
    assertFails(CdcCopy.uri(SHOP) + "&grpc_tls=true", TABLE, 1, "grpc_tls");
  }

  @Test
  void theKeyspaceIsUnknown() {
    assertFails(CdcCopy.uri("nope"), TABLE, 1, "Keyspace nope doesn't exist", "customer, shop");
    assertFails(CdcCopy.uri("nope"), "", 1, "Keyspace nope doesn't exist");
  }

  /** Vitess sends neither the 64th member nor anything of a table with such an index. */
  @Test
  void changesThatVitessCanNotTell() throws SQLException {
    String set = VITESS.newTable("errors");
    String index = VITESS.newTable("errors");
    String members =
        IntStream.rangeClosed(1, 64).mapToObj(i -> "'m" + i + "'").collect(Collectors.joining(","));
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + set + " (id INT PRIMARY KEY, tags SET(" + members + "))",
        "CREATE TABLE " + index + " (id INT PRIMARY KEY, phone VARCHAR(20))",
        "CREATE INDEX by_end ON " + index + " ((RIGHT(phone, 4)))");
    assertFails(CdcCopy.uri(SHOP), set, 1, set, "Column tags", "--sql-exclude-columns");
    assertFails(CdcCopy.uri(SHOP), index, 1, index + " (by_end)", "drop the index");
  }

  @Test
  void theTableIsUnknown() {
    assertFails(CdcCopy.uri(SHOP), "nope", 1, "Keyspace shop has no table nope");
  }

  @Test
  void theTableIsOfAnotherKeyspace() {
    assertFails(CdcCopy.uri(SHOP), "customer." + TABLE, 1, "customer");
  }

  @Test
  void theTableIsAView() throws SQLException {
    String view = VITESS.newTable("looks");
    VITESS.execute(SHOP + ":0", "CREATE VIEW " + view + " AS SELECT * FROM " + TABLE);
    assertFails(CdcCopy.uri(SHOP), view, 1, view);
  }

  @ParameterizedTest
  @CsvSource({
    "--sql-exclude-columns=nope, nope",
    "--sql-exclude-columns=id, primary key",
    "--primary-key=nope, nope",
  })
  void columnsAreUnknownOrOfTheKey(String flag, String text) {
    fails(
        1,
        List.of(text, TABLE),
        "--source-uri=" + CdcCopy.uri(SHOP),
        "--source-table=" + TABLE,
        flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&copy=vstream"})
  void theGivenPrimaryKeyIsNotUnique(String copy) throws SQLException {
    String keyless = VITESS.newTable("keyless");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + keyless + " (code INT NOT NULL, name VARCHAR(9))",
        "INSERT INTO " + keyless + " VALUES (1, 'one'), (2, 'two'), (1, 'uno')");
    fails(
        1,
        List.of(keyless, "more than one row with the key (code) = (1): choose a key"),
        "--source-uri=" + CdcCopy.uri(SHOP) + copy,
        "--source-table=" + keyless,
        "--primary-key=code");
  }

  @Test
  void theGrpcFlagsOfTheUriAreWrong() {
    assertFails(CdcCopy.uri(SHOP) + "&grpc_tls=perhaps", TABLE, 2, "grpc_tls");
    assertFails(CdcCopy.uri(SHOP) + "&mode=ever", TABLE, 2, "invalid mode: ever");
    assertFails(CdcCopy.uri(SHOP) + "&copy=fast", TABLE, 2, "copy");
    assertFails(CdcCopy.uri(SHOP) + "&grpc_prot=1", TABLE, 2, "grpc_prot");
  }

  @Test
  void theReplicasOfATargetMayLag() {
    String uri = CdcCopy.uri(SHOP).replace("/shop?", "/shop@replica?");
    assertFails(uri, TABLE, 2, "@replica", "copy=vstream");
  }

  @Test
  void theFolderOfTheDestinationDoesNotExist() {
    fails(
        1,
        List.of(folder.resolve("none").toString()),
        folder.resolve("none/x.duckdb"),
        "--source-uri=" + CdcCopy.uri(SHOP),
        "--source-table=" + TABLE);
  }

  private static String base(String keyspace) {
    return "vitess+cdc://" + VITESS.host() + ":" + VITESS.port() + "/" + keyspace;
  }

  private void assertFails(String uri, String table, int status, String... texts) {
    fails(
        status,
        List.of(texts),
        "--source-uri=" + uri,
        table.isEmpty() ? "--debug=false" : "--source-table=" + table);
  }

  private void fails(int status, List<String> texts, String... flags) {
    fails(status, texts, folder.resolve("x.duckdb"), flags);
  }

  private void fails(int status, List<String> texts, Path file, String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--dest-uri=duckdb:///" + file);
    all.add("--progress=json");
    long begin = System.nanoTime();

    IngestRun run = IngestRun.of(all.toArray(String[]::new));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
    List<String> lines = run.err().lines().filter(line -> !line.startsWith("{")).toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).contains(texts).doesNotContain("Exception");
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
