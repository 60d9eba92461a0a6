package io.vitessbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitessbeam.RunProgress;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.pipelines.UsageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchServerTest {

  private static final WatchAddress ANY_PORT = WatchAddress.parse("localhost:0");

  private final HttpClient client = HttpClient.newHttpClient();
  private final RunProgress progress = RunProgress.watch(UUID.randomUUID().toString());
  private final WatchServer server = WatchServer.start(ANY_PORT, run());

  private WatchedRun run() {
    return new WatchedRun(
        "shop", "/data/shop.duckdb", Duration.ofSeconds(1), Instant.now(), progress);
  }

  @AfterEach
  void close() {
    server.close();
    progress.close();
  }

  private HttpResponse<String> request(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create(ANY_PORT.url(server.port())).resolve(path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = request("GET", path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }

  private void report() {
    progress.read("shop.orders", "-80", 1_200, 120_000);
    progress.read("shop.orders", "80-", 800, 80_000);
    progress.stream().epoch("");
    progress.stream().following("shop.orders");
    progress.stream().waiting("shop.notes", "no \"key\" <b>");
    SyncedTable orders = new SyncedTable("shop.orders", "orders", true, "", 1_500, 300, 150, 50);
    progress.stream().flushed(List.of(orders), 2_000, 200_000, Duration.ofMillis(250));
    long now = System.currentTimeMillis();
    progress.stream().shard("-80", "MySQL56/a:1-9", now - 2_000);
    progress.stream().behind("-80", 17, now);
    progress.stream().behind("80-", 0, now);
    progress.stream().failed("no route to host");
  }

  @Test
  void metricsForPrometheus() throws Exception {
    report();
    assertThat(get("/metrics").lines())
        .contains(
            "# TYPE vitessbeam_rows_read_total counter",
            "vitessbeam_rows_read_total{shard=\"-80\",table=\"shop.orders\"} 1200.0",
            "vitessbeam_rows_read_total{shard=\"80-\",table=\"shop.orders\"} 800.0",
            "vitessbeam_bytes_read_total 200000.0",
            "vitessbeam_table_state{state=\"following\",table=\"shop.orders\"} 1.0",
            "vitessbeam_table_state{state=\"waiting\",table=\"shop.orders\"} 0.0",
            "vitessbeam_table_state{state=\"waiting\",table=\"shop.notes\"} 1.0",
            "vitessbeam_rows_copied_total{table=\"shop.orders\"} 1500.0",
            "vitessbeam_rows_inserted_total{table=\"shop.orders\"} 300.0",
            "vitessbeam_rows_updated_total{table=\"shop.orders\"} 150.0",
            "vitessbeam_rows_deleted_total{table=\"shop.orders\"} 50.0",
            "vitessbeam_transactions_behind{shard=\"-80\"} 17.0",
            "vitessbeam_transactions_behind{shard=\"80-\"} 0.0",
            "vitessbeam_flushes_total 1.0",
            "vitessbeam_flushed_rows_total 2000.0",
            "vitessbeam_flushed_bytes_total 200000.0",
            "vitessbeam_flush_seconds_total 0.25",
            "vitessbeam_epochs_total 1.0",
            "vitessbeam_failures_total 1.0",
            "vitessbeam_healthy 1.0")
        .anyMatch(line -> line.matches("vitessbeam_lag_seconds\\{shard=\"-80\"} [2-9]\\.\\d+"))
        .anyMatch(line -> line.startsWith("vitessbeam_last_flush_timestamp_seconds "))
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"} "));
  }

  @Test
  void aLoadHasMetricsToo() throws Exception {
    progress.read("shop.orders", "-80", 1_200, 120_000);
    assertThat(get("/metrics").lines())
        .contains("vitessbeam_rows_read_total{shard=\"-80\",table=\"shop.orders\"} 1200.0")
        .noneMatch(line -> line.startsWith("vitessbeam_flushes_total"));
    JsonNode json = new ObjectMapper().readTree(get("/status.json"));
    assertThat(json.get("stream").asBoolean()).isFalse();
    assertThat(json.at("/tables/0/read").asLong()).isEqualTo(1_200);
  }

  @Test
  void whatThePageReads() throws Exception {
    report();
    JsonNode json = new ObjectMapper().readTree(get("/status.json"));
    assertThat(json.get("source").asText()).isEqualTo("shop");
    assertThat(json.get("rows").asLong()).isEqualTo(2_000);
    assertThat(json.get("applied").asLong()).isEqualTo(2_000);
    assertThat(json.get("lag").asDouble()).isBetween(2.0, 30.0);
    assertThat(json.get("lagBound").asDouble()).isEqualTo(62);
    assertThat(json.at("/health/good").asBoolean()).isTrue();
    assertThat(json.at("/tables/0/name").asText()).isEqualTo("shop.notes");
    assertThat(json.at("/tables/0/reason").asText()).isEqualTo("no \"key\" <b>");
    assertThat(json.at("/tables/1/state").asText()).isEqualTo("following");
    assertThat(json.at("/tables/1/inserted").asLong()).isEqualTo(300);
    assertThat(json.at("/shards/0/gtid").asText()).isEqualTo("MySQL56/a:1-9");
    assertThat(json.at("/shards/1/lastCommit").isNull()).isTrue();
    assertThat(json.at("/lastFlush/rows").asLong()).isEqualTo(2_000);
    assertThat(json.at("/lastFailure/message").asText()).isEqualTo("no route to host");
  }

  @Test
  void healthIsAStatus() throws Exception {
    assertThat(get("/healthz")).isEqualTo("ok\n");
    report();
    assertThat(get("/healthz")).isEqualTo("ok\n");
  }

  @Test
  void thePageNeedsNothingButItself() throws Exception {
    HttpResponse<String> page = request("GET", "/");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(page.body()).startsWith("<!doctype html>").doesNotContain("src=\"", "@import");
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(request("GET", "/nothing").statusCode()).isEqualTo(404);
    assertThat(request("GET", "/healthz/x").statusCode()).isEqualTo(404);
    assertThat(request("POST", "/").statusCode()).isEqualTo(405);
    HttpResponse<String> head = request("HEAD", "/healthz");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPortThatIsTakenIsAMistakeOfTheUser() {
    WatchAddress taken = WatchAddress.parse("localhost:" + server.port());
    assertThatThrownBy(() -> WatchServer.start(taken, run()))
        .isInstanceOf(UsageException.class)
        .hasMessage("--metrics-addr=" + taken + ": Address already in use");
  }

  @Test
  void anAddressOfAnotherMachineIsAMistakeOfTheUser() {
    WatchAddress elsewhere = WatchAddress.parse("192.0.2.1:9090");
    assertThatThrownBy(() -> WatchServer.start(elsewhere, run()))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--metrics-addr=192.0.2.1:9090: ");
  }
}
