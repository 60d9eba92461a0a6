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
    Collect.BY_RUN.put(id, elements::add);
    try {
      run(runner, read, new Collect<>(id));
      @SuppressWarnings("unchecked")
      List<T> result = (List<T>) List.copyOf(elements);
      return result;
    } finally {
      Collect.BY_RUN.remove(id);
    }
  }

  /** Hands every element to the test as it comes, from many threads. */
  public static <T> void forEach(
      EmbeddedRunner runner, PTransform<PBegin, PCollection<T>> read, Consumer<T> consumer) {
    String id = UUID.randomUUID().toString();
    @SuppressWarnings("unchecked")
    Consumer<Object> untyped = (Consumer<Object>) consumer;
    Collect.BY_RUN.put(id, untyped);
    try {
      run(runner, read, new Collect<>(id));
    } finally {
      Collect.BY_RUN.remove(id);
    }
  }

  private static <T> void run(
      EmbeddedRunner runner, PTransform<PBegin, PCollection<T>> read, Collect<T> collect) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs(runner.options).withValidation().create());
    pipeline.apply("Read", read).apply("Collect", ParDo.of(collect));
    pipeline.run().waitUntilFinish();
  }

  /** The runners are embedded, so that a static map reaches the test. */
  private static final class Collect<T> extends DoFn<T, Void> {

    private static final Map<String, Consumer<Object>> BY_RUN = new ConcurrentHashMap<>();

    private final String id;

    Collect(String id) {
      this.id = id;
    }

    @ProcessElement
    public void process(@Element T element) {
      BY_RUN.get(id).accept(element);
    }
  }
}
