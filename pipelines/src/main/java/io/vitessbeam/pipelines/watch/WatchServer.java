package io.vitessbeam.pipelines.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vitessbeam.pipelines.UsageException;
import io.vitessbeam.progress.StreamSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Serves how a run stands over HTTP, without a login: to read, nothing can be changed by it. */
final class WatchServer implements AutoCloseable {

  private static final String PAGE = "page.html";

  private final WatchedRun run;
  private final Clock clock = Clock.systemUTC();
  private final History history;
  private final HttpServer server;
  private final ScheduledExecutorService threads;

  private WatchServer(WatchedRun run, HttpServer server) {
    this.run = run;
    this.history = History.of(run.flushInterval());
    this.server = server;
    // A sampler, and a request that takes its time lets others pass.
    this.threads =
        Executors.newScheduledThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task, "watch");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Listens until it is closed.
   *
   * @throws UsageException if it can't listen there
   */
  static WatchServer start(WatchAddress address, WatchedRun run) {
    HttpServer http;
    try {
      http = HttpServer.create(address.resolve(), 0);
    } catch (IOException e) {
      throw new UsageException("--metrics-addr=" + address + ": " + e.getMessage());
    }
    WatchServer server = new WatchServer(run, http);
    server.serve();
    return server;
  }

  private void serve() {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new RunMetrics(run, this::health, clock));
    JvmMetrics.builder().register(registry);
    server.createContext("/metrics", new MetricsHandler(registry));
    server.createContext("/healthz", at("/healthz", this::answerHealth));
    server.createContext("/status.json", at("/status.json", this::answerStatus));
    byte[] page = page();
    server.createContext("/", at("/", exchange -> answer(exchange, 200, "text/html", page)));
    server.setExecutor(threads);
    server.start();
    ScheduledFuture<?> unused =
        threads.scheduleAtFixedRate(
            this::sample, 0, history.step().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where it listens. */
  int port() {
    return server.getAddress().getPort();
  }

  private void sample() {
    StreamSnapshot stream = run.progress().stream().snapshot();
    long rows = run.progress().rowsRead();
    history.add(new History.Sample(stream.lag(clock.instant()), rows, rows + stream.flushedRows()));
  }

  private Health health() {
    return Health.of(run.progress().stream().snapshot(), history, run.lagBound(), clock.instant());
  }

  private void answerHealth(HttpExchange exchange) throws IOException {
    Health health = health();
    String text = health.good() ? "ok" : health.reason();
    answer(exchange, health.good() ? 200 : 503, "text/plain", (text + "\n").getBytes(UTF_8));
  }

  private void answerStatus(HttpExchange exchange) throws IOException {
    Instant now = clock.instant();
    String json = StatusJson.of(run, history, health(), now).toString();
    answer(exchange, 200, "application/json", json.getBytes(UTF_8));
  }

  /** A context of the server is a prefix; the path is to be all of it. */
  private static HttpHandler at(String path, HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        String method = exchange.getRequestMethod();
        if (!exchange.getRequestURI().getPath().equals(path)) {
          answer(exchange, 404, "text/plain", "not found\n".getBytes(UTF_8));
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
          exchange.getResponseHeaders().set("Allow", "GET, HEAD");
          answer(exchange, 405, "text/plain", "only GET\n".getBytes(UTF_8));
        } else {
          handler.handle(exchange);
        }
      }
    };
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src"
                + " 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] page() {
    try (InputStream page = WatchServer.class.getResourceAsStream(PAGE)) {
      return page.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
