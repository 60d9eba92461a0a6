package io.vitessbeam.pipelines.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FlinkUserCodeClassLoader;

/** Flink's own client, {@code flink run}, which runs a program to learn its job. */
public final class FlinkClient {

  private FlinkClient() {}

  /** Whether it has started this program. */
  public static boolean startedThis() {
    return FlinkClient.class.getClassLoader() instanceof FlinkUserCodeClassLoader;
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
