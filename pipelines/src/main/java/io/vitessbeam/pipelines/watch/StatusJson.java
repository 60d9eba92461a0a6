package io.vitessbeam.pipelines.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitessbeam.pipelines.report.CountedPart;
import io.vitessbeam.progress.ShardStatus;
import io.vitessbeam.progress.StreamSnapshot;
import io.vitessbeam.progress.TableStatus;
import io.vitessbeam.progress.TableStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a run stands, as the page reads it: times in milliseconds since 1970, durations in seconds,
 * {@code null} for what is not known.
 */
final class StatusJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatusJson() {}

  static ObjectNode of(WatchedRun run, History history, Health health, Instant now) {
    StreamSnapshot stream = run.progress().stream().snapshot();
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("source", run.source())
            .put("destination", run.destination())
            .put("now", now.toEpochMilli())
            .put("started", run.started().toEpochMilli())
            .put("stream", !stream.isEmpty())
            .put("rows", run.progress().rowsRead())
            .put("bytes", run.progress().bytesRead())
            .put("rowsPerSecond", history.rowsPerSecond())
            .put("applied", stream.applied())
            .put("lag", stream.lag(now).map(StatusJson::seconds).orElse(null))
            .put("lagBound", seconds(run.lagBound()))
            .put("behind", stream.behind().isPresent() ? stream.behind().getAsLong() : null);
    json.putObject("health").put("good", health.good()).put("reason", health.reason());
    addTables(json.putArray("tables"), stream.tables(), run.progress().rowsByShard());
    addShards(json.putArray("shards"), stream.shards(), now);
    addFlushes(json, stream);
    addHistory(json.putObject("history"), history);
    return json;
  }

  /** Those that rows were read of, and those of the stream. */
  private static void addTables(
      ArrayNode json, Map<String, TableStatus> tables, Map<String, Long> rowsByPart) {
    Map<String, Long> rowsByTable = new TreeMap<>();
    tables.keySet().forEach(table -> rowsByTable.put(table, 0L));
    rowsByPart.forEach(
        (part, rows) -> rowsByTable.merge(CountedPart.of(part).table(), rows, Long::sum));
    rowsByTable.forEach(
        (table, rows) -> {
          ObjectNode node = json.addObject().put("name", table).put("read", rows);
          TableStatus status = tables.get(table);
          if (status != null) {
            node.put("state", name(status.state()))
                .put("reason", status.reason())
                .put("since", status.since().toEpochMilli())
                .put("copied", status.copied())
                .put("inserted", status.inserted())
                .put("updated", status.updated())
                .put("deleted", status.deleted())
                .put("lastChange", status.lastChange().map(Instant::toEpochMilli).orElse(null));
          }
        });
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static void addShards(ArrayNode json, Map<String, ShardStatus> shards, Instant now) {
    shards.forEach(
        (shard, status) ->
            json.addObject()
                .put("name", shard)
                .put("gtid", status.gtid())
                .put("waits", status.waits())
                .put("lag", status.lag(now).map(StatusJson::seconds).orElse(null))
                .put("behind", status.behind().isPresent() ? status.behind().getAsLong() : null)
                .put("lastCommit", status.lastCommit().map(Instant::toEpochMilli).orElse(null)));
  }

  private static void addFlushes(ObjectNode json, StreamSnapshot stream) {
    json.put("flushes", stream.flushes())
        .put("flushedRows", stream.flushedRows())
        .put("flushSeconds", seconds(stream.flushTime()));
    stream
        .lastFlush()
        .ifPresent(
            flush ->
                json.putObject("lastFlush")
                    .put("at", flush.at().toEpochMilli())
                    .put("rows", flush.rows())
                    .put("bytes", flush.bytes())
                    .put("took", seconds(flush.took())));
    ArrayNode epochs = json.put("epochs", stream.epochs()).putArray("recentEpochs");
    stream
        .recentEpochs()
        .forEach(
            epoch ->
                epochs
                    .addObject()
                    .put("number", epoch.number())
                    .put("began", epoch.began().toEpochMilli())
                    .put("reason", epoch.reason()));
    json.put("failures", stream.failures());
    stream
        .lastFailure()
        .ifPresent(
            failure ->
                json.putObject("lastFailure")
                    .put("at", failure.at().toEpochMilli())
                    .put("message", failure.message())
                    .put("open", stream.openFailure().isPresent()));
  }

  /** Rates are those from one sample to the next. */
  private static void addHistory(ObjectNode json, History history) {
    double step = seconds(history.step());
    ArrayNode lags = json.put("step", step).putArray("lag");
    ArrayNode rates = json.putArray("rate");
    List<History.Sample> samples = history.samples();
    for (int i = 0; i < samples.size(); i++) {
      History.Sample sample = samples.get(i);
      lags.add(sample.lag().map(StatusJson::seconds).orElse(null));
      if (i > 0) {
        rates.add((sample.rows() - samples.get(i - 1).rows()) / step);
      }
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
