package io.vitessbeam.benchmark.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's Vitess connector in its embedded engine, whose records, in the form that costs it
 * least, are thrown away.
 */
public final class DebeziumRead {

  private static final String BEATS = "beats";
  private static final long WARM_UP_SECONDS = 5;

  private final long wanted;
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile boolean warm;
  private long changes;
  private long firstNanos;
  private long lastNanos;
  private long[] micros = new long[1 << 16];
  private int latencies;

  private DebeziumRead(long wanted) {
    this.wanted = wanted;
  }

  /**
   * Reads some changes of a table: {@code DebeziumRead HOST PORT KEYSPACE SHARD USER PASSWORD TABLE
   * CHANGES GTID}, the position being a GTID set with its flavor; or for a time what is written to
   * a table and to the beats, with {@code SECONDS current}.
   */
  public static void main(String[] args) throws Exception {
    boolean now = args[8].equals("current");
    DebeziumRead read = new DebeziumRead(now ? Long.MAX_VALUE : Long.parseLong(args[7]));
    AtomicReference<String> failure = new AtomicReference<>();
    DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine =
        DebeziumEngine.create(Connect.class)
            .using(settings(args, now))
            .notifying(
                (records, committer) -> {
                  for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
                    read.take(event.value());
                    committer.markProcessed(event);
                  }
                  committer.markBatchFinished();
                })
            .using(
                (success, message, error) -> {
                  failure.set(message + " " + error);
                  read.first.countDown();
                  read.complete.countDown();
                })
            .build();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    thread.execute(engine);
    boolean came = (now ? read.first : read.complete).await(15, TimeUnit.MINUTES);
    if (now && came) {
      // Code that runs for the first time is slow.
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      read.warm = true;
      TimeUnit.SECONDS.sleep(Long.parseLong(args[7]));
    }
    if (failure.get() != null || !came) {
      System.err.println("after " + read.changes + " changes: " + failure.get());
      Runtime.getRuntime().halt(1);
    }
    System.out.println(read.figures());
    Runtime.getRuntime().halt(0);
  }

  private static Properties settings(String[] args, boolean now) {
    Properties settings = new Properties();
    settings.setProperty("name", "benchmark");
    settings.setProperty("connector.class", "io.debezium.connector.vitess.VitessConnector");
    settings.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    settings.setProperty("offset.flush.interval.ms", "10000");
    settings.setProperty("topic.prefix", "benchmark");
    settings.setProperty("database.hostname", args[0]);
    settings.setProperty("database.port", args[1]);
    settings.setProperty("vitess.keyspace", args[2]);
    settings.setProperty("vitess.shard", args[3]);
    if (!args[4].isEmpty()) {
      settings.setProperty("database.user", args[4]);
      settings.setProperty("database.password", args[5]);
    }
    settings.setProperty("vitess.tablet.type", "MASTER");
    settings.setProperty(
        "table.include.list", args[2] + "." + args[6] + (now ? "," + args[2] + "." + BEATS : ""));
    settings.setProperty("snapshot.mode", "never");
    settings.setProperty(
        "vitess.vgtid",
        "[{\"keyspace\":\"%s\",\"shard\":\"%s\",\"gtid\":\"%s\",\"table_p_ks\":[]}]"
            .formatted(args[2], args[3], args[8]));
    settings.setProperty("vitess.grpc.max_inbound_message_size", String.valueOf(64 << 20));
    settings.setProperty("tombstones.on.delete", "false");
    // Its default waits up to half a second for more, which is in its latency and not in its rate.
    settings.setProperty("poll.interval.ms", "10");
    return settings;
  }

  private void take(SourceRecord change) {
    if (!(change.value() instanceof Struct value) || value.schema().field("op") == null) {
      return;
    }
    long now = System.nanoTime();
    if (changes++ == 0) {
      firstNanos = now;
      first.countDown();
    }
    lastNanos = now;
    if (warm && change.topic().endsWith("." + BEATS)) {
      if (latencies == micros.length) {
        micros = Arrays.copyOf(micros, 2 * latencies);
      }
      long at = value.getStruct("after").getInt64("written");
      micros[latencies++] = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - at;
    }
    if (changes == wanted) {
      complete.countDown();
    }
  }

  private String figures() {
    String line =
        String.format(
            Locale.ROOT,
            "figures changes=%d seconds=%.3f",
            changes,
            (lastNanos - firstNanos) / 1e9);
    if (latencies == 0) {
      return line;
    }
    long[] sorted = Arrays.copyOf(micros, latencies);
    Arrays.sort(sorted);
    return line
        + String.format(
            Locale.ROOT,
            " p50 %.3f s, p99 %.3f s",
            sorted[(int) Math.ceil(0.5 * latencies) - 1] / 1e6,
            sorted[(int) Math.ceil(0.99 * latencies) - 1] / 1e6);
  }
}
