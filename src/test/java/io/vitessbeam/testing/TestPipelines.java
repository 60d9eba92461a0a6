package io.vitessbeam.testing;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Runs a reading transform on an embedded runner and gives its elements to the test. */
public final class TestPipelines {

  /** The runners that live in this JVM. */
  public enum EmbeddedRunner {
    DIRECT("--runner=DirectRunner", "--enforceImmutability=false", "--targetParallelism=4"),
    FLINK("--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=2");

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to it.
    private final String[] options;

    EmbeddedRunner(String... options) {
      this.options = options;
    }

    /** Options that choose it. */
    public String[] args() {
      return options.clone();
    }
  }

  private TestPipelines() {}

  public static <T> List<T> read(EmbeddedRunner runner, PTransform<PBegin, PCollection<T>> read) {
    String id = UUID.randomUUID().toString();
    Queue<Object> elements = new ConcurrentLinkedQueue<>();
    try {
      run(runner, read, Collect.into(id, elements::add));
      @SuppressWarnings("unchecked")
      List<T> result = (List<T>) List.copyOf(elements);
      return result;
    } finally {
      Collect.forget(id);
    }
  }

  /** Hands every element to the test as it comes, from many threads. */
  public static <T> void forEach(
      EmbeddedRunner runner, PTransform<PBegin, PCollection<T>> read, Consumer<T> consumer) {
    String id = UUID.randomUUID().toString();
    try {
      run(runner, read, Collect.into(id, consumer));
    } finally {
      Collect.forget(id);
    }
  }

  private static <T> void run(
      EmbeddedRunner runner, PTransform<PBegin, PCollection<T>> read, Collect<T> collect) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs(runner.options).withValidation().create());
    pipeline.apply("Read", read).apply("Collect", ParDo.of(collect));
    pipeline.run().waitUntilFinish();
  }

  /** Gives elements to a test: the runners are embedded, so that a static map reaches it. */
  public static final class Collect<T> extends DoFn<T, Void> {

    private static final Map<String, Consumer<Object>> BY_RUN = new ConcurrentHashMap<>();

    private final String id;

    private Collect(String id) {
      this.id = id;
    }

    /**
     * Gives them to a consumer, from many threads.
     *
     * @param id of the consumer alone, until it is forgotten
     */
    public static <T> Collect<T> into(String id, Consumer<? super T> consumer) {
      @SuppressWarnings("unchecked")
      Consumer<Object> untyped = (Consumer<Object>) consumer;
      BY_RUN.put(id, untyped);
      return new Collect<>(id);
    }

    public static void forget(String id) {
      BY_RUN.remove(id);
    }

    @ProcessElement
    public void process(@Element T element) {
      BY_RUN.get(id).accept(element);
    }
  }
}
