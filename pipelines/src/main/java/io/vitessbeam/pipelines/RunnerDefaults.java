package io.vitessbeam.pipelines;

import io.vitessbeam.pipelines.flink.FlinkClient;
import io.vitessbeam.pipelines.flink.FlinkConf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The runner options that fit these pipelines, for those that the user did not set. */
public final class RunnerDefaults {

  /** Of Flink's own programs, which name no other runner than the one that they are for. */
  private static final String UNDER_FLINK = "FlinkRunner";

  private RunnerDefaults() {}

  /** Those of a run that ends. */
  public static List<String> addTo(CommandLine line) {
    return addTo(line, false);
  }

  /**
   * The arguments for Beam's parser: the user's, and the defaults of the chosen runner.
   *
   * @param streaming whether the run never ends
   * @throws UsageException if the runner can't do what is asked for
   */
  public static List<String> addTo(CommandLine line, boolean streaming) {
    if (isDetached(line) && !isForFlinkCluster(line)) {
      throw new UsageException(
          "--detached leaves a job to a Flink cluster; name one by --runner=FlinkRunner"
              + " --flinkMaster=host:port");
    }
    Map<String, String> defaults = new TreeMap<>();
    switch (runner(line)) {
      case "direct" -> addDirect(line, defaults);
      case "flink" -> addFlink(line, streaming, defaults);
      default -> {}
    }
    List<String> arguments = new ArrayList<>(line.arguments());
    defaults.forEach(
        (name, value) -> {
          if (!line.has(name)) {
            arguments.add("--" + name + "=" + value);
          }
        });
    return arguments;
  }

  private static void addDirect(CommandLine line, Map<String, String> defaults) {
    // The checks of the elements cost a multiple of the work.
    defaults.put("enforceImmutability", "false");
    defaults.put("enforceEncodability", "false");
    // run() returns at once, so that a signal can cancel what it started.
    defaults.put("blockOnRun", "false");
    // Servers are read by threads of their own. One thread of the runner's without work spins,
    // which takes 9 of 20 seconds of CPU when one of two has a stream of changes to stage;
    // ranges of a table keep both of them at work.
    boolean changes = line.option("sourceUri", "").contains("+cdc:");
    defaults.put(
        "targetParallelism",
        String.valueOf(changes ? Math.max(1, cores() - 1) : Math.max(2, cores())));
  }

  private static void addFlink(CommandLine line, boolean streaming, Map<String, String> defaults) {
    defaults.put("fasterCopy", "true");
    defaults.put("objectReuse", "true");
    if (streaming) {
      defaults.putAll(
          isEmbedded(line) ? FlinkConf.EMBEDDED_STREAMING : FlinkConf.CLUSTER_STREAMING);
    }
    // Whoever sets a number of tries has chosen Flink's older way of restarts.
    boolean restarts = streaming && !line.has("numberOfExecutionRetries");
    boolean hasConf = System.getenv("FLINK_CONF_DIR") != null || line.has("flinkConfDir");
    if (isEmbedded(line)) {
      defaults.put("parallelism", String.valueOf(cores()));
      if (!hasConf) {
        defaults.put("flinkConfDir", FlinkConf.embedded(cores(), streaming, restarts).toString());
      }
      return;
    }
    // run() returns at once, as above. The job is looked at each second.
    defaults.put("attachedMode", "false");
    defaults.put("jobCheckIntervalInSecs", "1");
    if (FlinkClient.startedThis()) {
      defaults.put("runner", UNDER_FLINK);
      defaults.put("detached", String.valueOf(!FlinkClient.waits()));
    } else if (restarts && !hasConf) {
      defaults.put("flinkConfDir", FlinkConf.ofRestartingJob().toString());
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** {@code direct}, {@code flink}, {@code dataflow}. */
  public static String runner(CommandLine line) {
    String otherwise = FlinkClient.startedThis() ? UNDER_FLINK : "DirectRunner";
    String name = line.option("runner", otherwise);
    String simple = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String runner = simple.replaceFirst("runner$", "");
    if (runner.equals("dataflow")
        && !isOnClassPath("org.apache.beam.runners.dataflow.DataflowRunner")) {
      throw new UsageException(
          "the Dataflow runner is not in this build; build with -Pdataflow: mvn -q -Pdataflow"
              + " -DskipTests package");
    }
    return runner;
  }

  static boolean isForFlinkCluster(CommandLine line) {
    return runner(line).equals("flink") && !isEmbedded(line);
  }

  /** Whether this program brings the job to the cluster, and its classes with it. */
  static boolean isSubmittedByUs(CommandLine line) {
    return isForFlinkCluster(line) && !FlinkClient.startedThis();
  }

  private static boolean isDetached(CommandLine line) {
    return Boolean.parseBoolean(line.option("detached", "false"));
  }

  private static boolean isEmbedded(CommandLine line) {
    return line.option("flinkMaster", "[auto]").startsWith("[") && !FlinkClient.startedThis();
  }

  private static boolean isOnClassPath(String type) {
    return RunnerDefaults.class.getClassLoader().getResource(type.replace('.', '/') + ".class")
        != null;
  }
}
