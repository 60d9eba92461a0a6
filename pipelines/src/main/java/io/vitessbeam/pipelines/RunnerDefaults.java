package io.vitessbeam.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The runner options that fit these pipelines, for those that the user did not set. */
public final class RunnerDefaults {

  private RunnerDefaults() {}

  /** The arguments for Beam's parser: the user's, and the defaults of the chosen runner. */
  public static List<String> addTo(CommandLine line) {
    Map<String, String> defaults = new TreeMap<>();
    int cores = Runtime.getRuntime().availableProcessors();
    switch (runner(line)) {
      case "direct" -> {
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
            String.valueOf(changes ? Math.max(1, cores - 1) : Math.max(2, cores)));
      }
      case "flink" -> {
        defaults.put("fasterCopy", "true");
        defaults.put("objectReuse", "true");
        if (isEmbedded(line)) {
          defaults.put("parallelism", String.valueOf(cores));
          if (System.getenv("FLINK_CONF_DIR") == null && !line.has("flinkConfDir")) {
            defaults.put("flinkConfDir", FlinkConf.create(cores).toString());
          }
        }
      }
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

  /** {@code direct}, {@code flink}, {@code dataflow}. */
  public static String runner(CommandLine line) {
    String name = line.option("runner", "DirectRunner");
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

  private static boolean isEmbedded(CommandLine line) {
    return line.option("flinkMaster", "[auto]").startsWith("[");
  }

  private static boolean isOnClassPath(String type) {
    return RunnerDefaults.class.getClassLoader().getResource(type.replace('.', '/') + ".class")
        != null;
  }
}
