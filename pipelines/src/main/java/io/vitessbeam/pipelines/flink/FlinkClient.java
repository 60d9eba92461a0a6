package io.vitessbeam.pipelines.flink;

import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink's own client, {@code flink run}, which runs a program to learn its job. */
public final class FlinkClient {

  /** What loads a program that it runs. */
  private static final String CLASS_LOADER = "org.apache.flink.util.FlinkUserCodeClassLoader";

  private static final String DETACHED_RESULT =
      "org.apache.beam.runners.flink.FlinkDetachedRunnerResult";

  private FlinkClient() {}

  /** Whether it has started this program. Asked also where no class of Flink's is at hand. */
  public static boolean startedThis() {
    Class<?> type = FlinkClient.class.getClassLoader().getClass();
    while (type != null && !type.getName().equals(CLASS_LOADER)) {
      type = type.getSuperclass();
    }
    return type != null;
  }

  /** Whether Flink's runner gave this result, and has not waited. Asked as the former is. */
  public static boolean submitted(PipelineResult result) {
    return result.getClass().getName().equals(DETACHED_RESULT);
  }

  /** Whether it waits until the job ends: without {@code --detached} of its own. */
  public static boolean waits() {
    return configuration().get(DeploymentOptions.ATTACHED);
  }

  /** Which cluster it submits to, and how. */
  static Configuration configuration() {
    return Configuration.fromMap(
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration().toMap());
  }
}
