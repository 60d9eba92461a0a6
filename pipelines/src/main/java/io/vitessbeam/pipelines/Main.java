package io.vitessbeam.pipelines;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.pipelines.flink.FlinkClient;
import io.vitessbeam.pipelines.flink.StagedFiles;
import io.vitessbeam.pipelines.quickstart.Quickstart;
import io.vitessbeam.pipelines.report.ProgressDisplay;
import java.io.File;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.util.List;
import org.apache.beam.sdk.options.FileStagingOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: loads a table of a Vitess keyspace, or without arguments shows how on a Vitess of
 * its own. Ends with 0, with 1 if the run failed, with 2 if the command line is wrong.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** Set by the launcher: a folder for this process alone. */
  private static final String TEMPORARY = "vitessbeam.temporary";

  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) {
    String temporary = System.getProperty(TEMPORARY);
    if (temporary != null) {
      // Before anything else is: files go in the reverse order, and this folder once it is empty.
      new File(temporary).deleteOnExit();
    }
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> LOG.error("thread {} ended: {}", thread.getName(), failure, failure));
    List<String> words = List.of(arguments);
    ClassLoader loader = Main.class.getClassLoader();
    int status =
        OwnProcess.isNeeded(words, loader)
            ? OwnProcess.run(words, (URLClassLoader) loader)
            : run(words, System.out, System.err);
    System.out.flush();
    // Under Maven a good end leaves the rest of the build to Maven. On its own the program ends
    // here, whatever threads a runner or a driver leaves behind; and a bad end must be seen.
    boolean underMaven = loader != ClassLoader.getSystemClassLoader();
    if (status != 0 || !underMaven) {
      System.exit(status);
    }
  }

  /** Runs the program within this process and returns its exit code. */
  static int run(List<String> words, PrintStream out, PrintStream err) {
    boolean debug = words.contains("--debug") || words.contains("--debug=true") || isDebugSet();
    if (!FlinkClient.startedThis()) {
      // Flink's client has a configuration of its own, and maybe another library.
      Logs.configure(debug);
    }
    try {
      CommandLine line = CommandLine.parse(words);
      switch (line.action()) {
        case HELP -> Help.print(out);
        case COMPLETION -> Completion.print(line.arguments().get(0), out);
        case VERSION -> out.println(Help.version());
        case QUICKSTART -> Quickstart.run(line, out, err);
        case INGEST -> ingest(line, out, err);
      }
      return 0;
    } catch (UsageException e) {
      Failures.print(e, err);
      return WRONG_USAGE;
    } catch (Throwable e) {
      Failures.print(e, err);
      return FAILED;
    }
  }

  private static boolean isDebugSet() {
    return Flag.ALL.get("debug").variables().stream()
        .anyMatch(variable -> "true".equals(System.getenv(variable)));
  }

  /** Ends the process, which was told to end, wherever it is. */
  static void endAsTold() {
    System.exit(0);
  }

  private static void ingest(CommandLine line, PrintStream out, PrintStream err) {
    if (!line.ignored().isEmpty()) {
      LOG.debug("without effect: {}", String.join(", ", line.ignored()));
    }
    requireWorkersOfThisProcess(line);
    FastStart.loadDuckDb();
    IngestRequest request = request(options(line.arguments()));
    IngestOptions options = options(RunnerDefaults.addTo(line, request.isStream()));
    if (RunnerDefaults.isSubmittedByUs(line) && !line.has("filesToStage")) {
      String jar = StagedFiles.ofThisProgram().toString();
      options.as(FileStagingOptions.class).setFilesToStage(List.of(jar));
    }
    ProgressDisplay display =
        ProgressDisplay.of(options.getProgress(), err, Surroundings.terminalColumns());
    request.warnings().forEach(warning -> err.println("ingest: warning: " + warning));
    out.println(Ingest.run(request, options, display));
    out.flush();
    if (!request.isStream()) {
      // Takes seconds, minutes on a machine that is busy: too long for who was told to end.
      FastStart.archiveClasses();
    }
  }

  /** Elsewhere they count elsewhere, and a page that knows nothing would show that all is well. */
  private static void requireWorkersOfThisProcess(CommandLine line) {
    boolean elsewhere =
        RunnerDefaults.isForFlinkCluster(line)
            || !List.of("direct", "flink").contains(RunnerDefaults.runner(line));
    if (elsewhere && line.has("metricsAddr")) {
      throw new UsageException(
          "--metrics-addr shows runs of this process, and this one is to run on a cluster, which"
              + " has the same figures among the metrics of the job; leave it out");
    }
  }

  public static IngestOptions options(List<String> arguments) {
    try {
      return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
          .as(IngestOptions.class);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Failures.oneLine(e.getMessage()));
    }
  }

  public static IngestRequest request(IngestOptions options) {
    try {
      return IngestRequest.of(options);
    } catch (ConfigurationException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
