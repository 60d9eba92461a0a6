package io.vitessbeam.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.quickstart.LocalVitess;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPostgresql;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of {@code ingest} in the documents, as it is typed there, with the addresses of
 * real servers in the place of those that it names.
 */
class DocumentedCommandsIT {

  private static final String PROGRAM = "pipelines/ingest";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A command, and where it stands. */
  private record Documented(Markdown document, String command) {
    @Override
    public String toString() {
      return document + ": " + command.replaceAll(" +", " ");
    }
  }

  private static LocalVitess vitess;

  @TempDir private Path folder;

  /** One of its own, as commands that name no table take all of a keyspace. */
  @BeforeAll
  static void shop() throws SQLException {
    vitess = LocalVitess.start(Request.of(new Keyspace("shop", 1)));
    try (Connection connection = connectToShop();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(10,2), changed DATETIME)");
      statement.execute(
          "INSERT INTO orders VALUES (1, 12.50, '2023-12-31 10:00:00'),"
              + " (2, 250.00, '2024-01-15 10:00:00'), (3, NULL, '2024-02-01 10:00:00')");
      statement.execute("CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(40))");
      statement.execute("INSERT INTO customers VALUES (7, 'Ann'), (8, NULL)");
    }
  }

  @BeforeAll
  static void database() throws SQLException {
    TestPostgresql.shared().execute("CREATE DATABASE documented");
  }

  @AfterAll
  static void end() {
    vitess.close();
  }

  private static Connection connectToShop() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://" + hostAndPort() + "/shop?sslMode=DISABLED", "user", "");
  }

  private static String hostAndPort() {
    return vitess.address().host() + ":" + vitess.address().mysqlPort();
  }

  /** But those with an ellipsis, which nobody can type. */
  private static Stream<Documented> commands() {
    return Markdown.all().stream()
        .flatMap(
            document ->
                document.commands(PROGRAM).stream()
                    .filter(command -> !command.contains("…"))
                    .map(command -> new Documented(document, command)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void itDoesWhatItIsThereFor(Documented documented) throws Exception {
    int page = freePort();
    String command = real(documented.command(), page);
    Process process = start(command);
    try {
      if (command.contains(" --stream")) {
        awaitHealthy(process, page);
        // What was copied is there, then.
        process.destroy();
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
      assertThat(process.exitValue()).as(output()).isZero();
    } finally {
      process.destroyForcibly();
    }
    assertThat(loaded(command)).as(output()).isNotEmpty().isEqualTo(expected(command));
  }

  private static String real(String command, int page) {
    return command
        .replace(PROGRAM, "exec " + Path.of(PROGRAM).toAbsolutePath())
        .replaceAll("user:password@vtgate(\\.example\\.com)?:3306", hostAndPort())
        .replace("grpc_port=15991", "grpc_port=" + vitess.address().grpcPort().orElseThrow())
        .replace("postgresql://user:password@db.example.com/shop", postgresql())
        .replace("localhost:9090", "localhost:" + page);
  }

  /** A database of its own. */
  private static String postgresql() {
    return TestPostgresql.shared().uri().replaceFirst("/[^/]*$", "/documented");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Process start(String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private void awaitHealthy(Process process, int page) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isHealthy(page) || !statusOf(page).contains("\"following\"")) {
      assertThat(process.isAlive()).as(output()).isTrue();
      assertThat(System.nanoTime()).as(output()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean isHealthy(int page) throws IOException {
    HttpURLConnection connection = open(page, "/healthz");
    try {
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      // Not there yet.
      return false;
    }
  }

  private static String statusOf(int page) throws IOException {
    return new String(open(page, "/status.json").getInputStream().readAllBytes(), UTF_8);
  }

  private static HttpURLConnection open(int page, String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://localhost:" + page + path).toURL().openConnection();
  }

  /** The rows of the table that the command is about, or of the first one. */
  private List<String> loaded(String command) throws SQLException {
    String table = flag(command, "dest-table", flag(command, "source-table", "orders"));
    String sql = "SELECT " + columns(table) + " FROM " + table;
    if (command.contains("--dest-uri postgresql:")) {
      try (Connection connection =
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:" + TestPostgresql.shared().port() + "/documented",
              TestPostgresql.USER,
              TestPostgresql.PASSWORD)) {
        return TableRows.of(connection, sql);
      }
    }
    return TableRows.ofDuckDb(folder.resolve("shop.duckdb"), sql);
  }

  private static List<String> expected(String command) throws SQLException {
    String source = flag(command, "source-table", "orders");
    String sql =
        source.startsWith("query:")
            ? source.substring("query:".length())
            : "SELECT " + columns(source) + " FROM " + source;
    String key = flag(command, "incremental-key", null);
    if (key != null) {
      sql +=
          " WHERE %s BETWEEN '%s' AND '%s'"
              .formatted(
                  key, flag(command, "interval-start", ""), flag(command, "interval-end", ""));
    }
    try (Connection connection = connectToShop()) {
      return TableRows.of(connection, sql);
    }
  }

  private static String columns(String table) {
    return table.contains("customers") ? "id, name" : "id, total";
  }

  /** What follows a flag, with or without quotes. */
  private static String flag(String command, String name, String otherwise) {
    Matcher found = Pattern.compile("--" + name + "[ =]+('([^']*)'|(\\S+))").matcher(command);
    return !found.find() ? otherwise : found.group(2) == null ? found.group(3) : found.group(2);
  }
}
