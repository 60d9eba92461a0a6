package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;

/** A run that never ends is started again, unless its failure lasts. */
class FlinkRestartsTest {

  private static final Map<String, AtomicInteger> TRIES = new ConcurrentHashMap<>();

  @Test
  void aFailureThatMayPassStartsTheJobAgain() {
    run("passing");

    assertThat(TRIES.get("passing")).hasValue(2);
  }

  @Test
  void aFailureThatLastsEndsItAtOnce() {
    assertThatThrownBy(() -> run("lasting"))
        .hasStackTraceContaining("ConfigurationException: no such table");

    assertThat(TRIES.get("lasting")).hasValue(1);
  }

  /** The source of one element ends at once, so that the job does. */
  private static void run(String kind) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--runner=FlinkRunner",
                    "--streaming",
                    "--parallelism=1",
                    "--checkpointingInterval=10000",
                    "--shutdownSourcesAfterIdleMs=0",
                    "--flinkConfDir=" + FlinkConf.embedded(1, true, true))
                .create());
    pipeline.apply(Create.of(kind)).apply(ParDo.of(new FailingFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class FailingFn extends DoFn<String, Void> {

    @ProcessElement
    public void process(@Element String kind) {
      int tries = TRIES.computeIfAbsent(kind, name -> new AtomicInteger()).incrementAndGet();
      if (tries == 1) {
        throw failure(kind);
      }
    }

    private static VitessBeamException failure(String kind) {
      IllegalStateException cause = new IllegalStateException("as a server says it");
      return kind.equals("lasting")
          ? new ConfigurationException("no such table", cause)
          : new TransientException("the server is away", cause);
    }
  }
}
