package io.vitessbeam.pipelines.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser without a screen, led by the W3C WebDriver protocol. (Selenium's client asks for
 * another OpenTelemetry than Beam.) Used by one thread.
 */
final class Chromium implements AutoCloseable {

  private static final Path INSTALL = Path.of("runners/chromium/install");
  private static final Pattern STARTED = Pattern.compile(".*started successfully on port (\\d+).*");
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final URI session;

  private Chromium() throws IOException, InterruptedException {
    driver = start(List.of(installed(), "--port=0"));
    Matcher started = STARTED.matcher("");
    BufferedReader output = driver.inputReader();
    for (String line = ""; !started.reset(line).matches(); line = output.readLine()) {
      assertThat(line).as("output of chromedriver").isNotNull();
    }
    URI root = URI.create("http://localhost:" + started.group(1) + "/session");
    ObjectNode request = JSON.createObjectNode();
    ObjectNode wanted = request.putObject("capabilities").putObject("alwaysMatch");
    wanted.putObject("goog:loggingPrefs").put("browser", "ALL");
    wanted
        .putObject("goog:chromeOptions")
        .putArray("args")
        .add("--headless=new")
        // As root, and where /dev/shm is small: in containers.
        .add("--no-sandbox")
        .add("--disable-dev-shm-usage")
        .add("--disable-gpu");
    String id = post(root, request).get("sessionId").asText();
    session = URI.create(root + "/" + id + "/");
  }

  static Chromium start() throws IOException, InterruptedException {
    return new Chromium();
  }

  private static String installed() throws IOException, InterruptedException {
    Process install = start(List.of(INSTALL.toString()));
    String path = new String(install.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(install.waitFor()).as("exit code of " + INSTALL).isZero();
    return path;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private JsonNode post(URI uri, ObjectNode body) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body.toString())));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).get("value");
  }

  /** Sets what the page believes to be shown on. */
  void screen(int width, int height, boolean phone, boolean dark)
      throws IOException, InterruptedException {
    ObjectNode metrics = JSON.createObjectNode().put("cmd", "Emulation.setDeviceMetricsOverride");
    metrics
        .putObject("params")
        .put("width", width)
        .put("height", height)
        .put("deviceScaleFactor", phone ? 2 : 1)
        .put("mobile", phone);
    post(session.resolve("goog/cdp/execute"), metrics);
    ObjectNode media = JSON.createObjectNode().put("cmd", "Emulation.setEmulatedMedia");
    media
        .putObject("params")
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    post(session.resolve("goog/cdp/execute"), media);
  }

  void open(String url) throws IOException, InterruptedException {
    post(session.resolve("url"), JSON.createObjectNode().put("url", url));
  }

  /** What a script returns. */
  JsonNode run(String script) throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("script", script);
    request.putArray("args");
    return post(session.resolve("execute/sync"), request);
  }

  /** What a person can read of an element; empty if it is hidden. */
  String text(String selector) throws IOException, InterruptedException {
    return run("const found = document.querySelector('%s'); return found.checkVisibility() ? found.innerText : ''"
            .formatted(selector))
        .asText();
  }

  /** Looks until an element is as it should be. */
  String await(String selector, Predicate<String> wanted) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    String text = text(selector);
    while (!wanted.test(text) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
      text = text(selector);
    }
    assertThat(text).as(selector).matches(wanted, "what is waited for");
    return text;
  }

  /** Of the whole page, as a PNG. */
  void photograph(Path file) throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("cmd", "Page.captureScreenshot");
    request.putObject("params").put("captureBeyondViewport", true);
    String data = post(session.resolve("goog/cdp/execute"), request).get("data").asText();
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** What pages complained of since this was last asked. */
  String complaints() throws IOException, InterruptedException {
    JsonNode lines =
        post(session.resolve("se/log"), JSON.createObjectNode().put("type", "browser"));
    return lines.isEmpty() ? "" : lines.toString();
  }

  @Override
  public void close() throws IOException {
    try {
      send(HttpRequest.newBuilder(URI.create(session.toString().replaceFirst("/$", ""))).DELETE());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      driver.destroy();
    }
  }
}
