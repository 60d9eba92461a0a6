package io.vitessbeam.benchmark;

import io.vitessbeam.ChangeRecord;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.Vgtid;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * {@link VStreamRead} in a pipeline of its own, whose records are thrown away. Everything runs in
 * this process.
 */
public final class StreamRead {

  private static final long WARM_UP_SECONDS = 5;

  private static final AtomicLong CHANGES = new AtomicLong();
  private static final Latencies LATENCIES = new Latencies();
  private static final CountDownLatch FIRST = new CountDownLatch(1);
  private static final CountDownLatch COMPLETE = new CountDownLatch(1);

  private static volatile long firstNanos;
  private static volatile long lastNanos;
  private static volatile boolean warm;
  private static volatile long wanted = Long.MAX_VALUE;

  private StreamRead() {}

  /**
   * Reads some changes of a table: {@code StreamRead URI TABLE CHANGES POSITION FLAGS…}, the
   * position being an encoded one; or for a time what is written to a table and to the beats:
   * {@code StreamRead URI TABLE SECONDS now FLAGS…}. The flags are the runner's.
   */
  public static void main(String[] args) throws InterruptedException {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    List.of(args).subList(4, args.length).toArray(new String[0]))
                .create());
    VStreamRead read = VStreamRead.from(args[0]);
    boolean now = args[3].equals("now");
    if (now) {
      read = read.withTables(List.of(args[1], Traffic.BEATS)).fromNow();
    } else {
      wanted = Long.parseLong(args[2]);
      read = read.withTable(args[1]).startingAt(Vgtid.decode(args[3]));
    }
    pipeline.apply(read).apply("Discard", ParDo.of(new DiscardFn()));
    Thread running = new Thread(pipeline::run, "pipeline");
    running.setDaemon(true);
    running.start();
    if (now) {
      await(FIRST, "no change came");
      // Code that runs for the first time is slow.
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      warm = true;
      TimeUnit.SECONDS.sleep(Long.parseLong(args[2]));
    } else {
      await(COMPLETE, "not all changes came");
    }
    System.out.println(
        new StreamFigures(
            CHANGES.get(), (lastNanos - firstNanos) / 1e9, now ? LATENCIES.toString() : ""));
    Runtime.getRuntime().halt(0);
  }

  private static void await(CountDownLatch latch, String otherwise) throws InterruptedException {
    if (!latch.await(15, TimeUnit.MINUTES)) {
      throw new IllegalStateException(otherwise + ": " + CHANGES);
    }
  }

  private static final class DiscardFn extends DoFn<ChangeRecord, Void> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element ChangeRecord change) {
      long count = CHANGES.incrementAndGet();
      if (count == 1) {
        firstNanos = System.nanoTime();
        FIRST.countDown();
      }
      if (warm && change.table().equals(Traffic.BEATS)) {
        LATENCIES.add(Latencies.nowMicros() - change.after().getInt64("written"));
      }
      if (count % 1_000 == 0 || count >= wanted) {
        lastNanos = System.nanoTime();
      }
      if (count == wanted) {
        COMPLETE.countDown();
      }
    }
  }
}
