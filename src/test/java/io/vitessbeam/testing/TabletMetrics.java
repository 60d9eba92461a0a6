package io.vitessbeam.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a vttablet tells of its work at {@code /debug/vars}: its limits, and counters since its
 * start, of which the difference of two tells of the time between.
 */
public final class TabletMetrics {

  private final JsonNode vars;

  private TabletMetrics(JsonNode vars) {
    this.vars = vars;
  }

  static TabletMetrics of(String host, int port) {
    URI uri = URI.create("http://" + host + ":" + port + "/debug/vars");
    try (InputStream json = uri.toURL().openStream()) {
      return new TabletMetrics(JsonMapper.builder().build().readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException("the vttablet at " + host + ":" + port, e);
    }
  }

  /** Time limit of a statement in the OLTP workload. */
  public Duration queryTimeout() {
    return Duration.ofNanos(vars.path("QueryTimeout").longValue());
  }

  /** Time limit of a transaction. */
  public Duration transactionTimeout() {
    return Duration.ofNanos(vars.path("TransactionTimeout").longValue());
  }

  /** Rows that a statement may give in the OLTP workload. */
  public int mostRows() {
    return vars.path("MaxResultSize").intValue();
  }

  /** Transactions that may be open at once. */
  public int mostTransactions() {
    return vars.path("TransactionPoolCapacity").intValue();
  }

  /** What was killed since then, by kind; nothing if nothing was. */
  public Map<String, Long> killedSince(TabletMetrics before) {
    return increments(before, "Kills");
  }

  /** Statements that failed since then, by code; nothing if none did. */
  public Map<String, Long> errorsSince(TabletMetrics before) {
    return increments(before, "Errors");
  }

  /** Statements since then, by kind. */
  public Map<String, Long> statementsSince(TabletMetrics before) {
    return counts(before, "Queries", "Count");
  }

  /** Statements since then that took more than 10 s, by kind; nothing if none did. */
  public Map<String, Long> slowStatementsSince(TabletMetrics before) {
    return counts(before, "Queries", "inf");
  }

  /** Transactions since then that were open for more than 10 s, by how they ended. */
  public Map<String, Long> longTransactionsSince(TabletMetrics before) {
    return counts(before, "Transactions", "inf");
  }

  private Map<String, Long> increments(TabletMetrics before, String name) {
    Map<String, Long> increments = new HashMap<>();
    for (Map.Entry<String, JsonNode> counter : vars.path(name).properties()) {
      JsonNode earlier = before.vars.path(name).path(counter.getKey());
      add(increments, counter.getKey(), counter.getValue(), earlier);
    }
    return increments;
  }

  /** The increments of one bucket of all histograms of a name. */
  private Map<String, Long> counts(TabletMetrics before, String name, String bucket) {
    Map<String, Long> counts = new HashMap<>();
    JsonNode earlier = before.vars.path(name).path("Histograms");
    for (Map.Entry<String, JsonNode> kind : vars.path(name).path("Histograms").properties()) {
      add(
          counts,
          kind.getKey(),
          kind.getValue().path(bucket),
          earlier.path(kind.getKey()).path(bucket));
    }
    return counts;
  }

  private static void add(Map<String, Long> counts, String name, JsonNode now, JsonNode earlier) {
    long more = now.longValue() - earlier.longValue();
    if (more != 0) {
      counts.put(name, more);
    }
  }
}
