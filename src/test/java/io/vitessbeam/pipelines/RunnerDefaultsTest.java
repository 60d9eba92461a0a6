package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunnerDefaultsTest {

  @Test
  void theDirectRunnerDoesNotCheckEveryElement() {
    assertThat(addTo())
        .contains(
            "--enforceImmutability=false", "--enforceEncodability=false", "--blockOnRun=false");
  }

  @Test
  void theUserHasTheLastWord() {
    assertThat(addTo("--enforce-immutability", "--target-parallelism=7"))
        .contains("--enforceImmutability=true", "--targetParallelism=7")
        .doesNotContain("--enforceImmutability=false");
  }

  @Test
  void embeddedFlinkGetsAConfiguration() {
    String conf =
        addTo("--runner=FlinkRunner").stream()
            .filter(argument -> argument.startsWith("--flinkConfDir="))
            .findAny()
            .orElseThrow();
    Path file = Path.of(conf.substring(conf.indexOf('=') + 1), "config.yaml");
    assertThat(file).content().contains("pipeline.classpaths: file:/dev/null");
    assertThat(Files.isRegularFile(file)).isTrue();
  }

  @Test
  void aClusterKeepsItsOwn() {
    assertThat(addTo("--runner=flinkrunner", "--flink-master=host:8081"))
        .contains("--fasterCopy=true", "--objectReuse=true")
        .noneMatch(argument -> argument.startsWith("--flinkConfDir"))
        .noneMatch(argument -> argument.startsWith("--parallelism"));
  }

  @Test
  void aClusterIsLeftToItselfWhileTheJobRuns() {
    assertThat(addTo("--runner=flinkrunner", "--flink-master=host:8081"))
        .contains("--attachedMode=false", "--jobCheckIntervalInSecs=1");
  }

  @Test
  void aRunThatNeverEndsHasCheckpointsAndIsStartedAgain() throws IOException {
    List<String> embedded = streaming("--runner=FlinkRunner");
    List<String> cluster = streaming("--runner=FlinkRunner", "--flink-master=host:8081");

    for (List<String> arguments : List.of(embedded, cluster)) {
      assertThat(conf(arguments)).contains("restart-strategy.type: exponential-delay");
    }
    assertThat(cluster)
        .contains("--checkpointingInterval=10000", "--finishBundleBeforeCheckpointing=true")
        .noneMatch(argument -> argument.startsWith("--shutdownSources"));
    assertThat(embedded)
        .contains("--shutdownSourcesAfterIdleMs=0")
        .noneMatch(argument -> argument.startsWith("--checkpointing"));
    assertThat(conf(embedded))
        .contains("state.checkpoint-storage: filesystem", "state.checkpoints.dir: file:///");
    assertThat(conf(cluster)).doesNotContain("state.checkpoints.dir", "pipeline.classpaths");
  }

  @Test
  void theUserChoosesHowItIsStartedAgain() throws IOException {
    assertThat(conf(streaming("--runner=FlinkRunner", "--numberOfExecutionRetries=3")))
        .doesNotContain("restart-strategy");
    assertThat(streaming("--runner=FlinkRunner", "--flinkMaster=h:1", "--flinkConfDir=/mine"))
        .contains("--flinkConfDir=/mine");
    assertThat(
            streaming("--runner=FlinkRunner", "--flinkMaster=h:1", "--checkpointingInterval=1000"))
        .contains("--checkpointingInterval=1000")
        .doesNotContain("--checkpointingInterval=10000");
  }

  @Test
  void onlyAClusterTakesJobsThatNobodyWaitsFor() {
    assertThat(addTo("--runner=FlinkRunner", "--flinkMaster=host:8081", "--detached"))
        .contains("--detached=true");
    assertThatThrownBy(() -> addTo("--runner=FlinkRunner", "--detached"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--flinkMaster=host:port");
    assertThatThrownBy(() -> addTo("--detached")).isInstanceOf(UsageException.class);
  }

  @Test
  void dataflowIsAProfile() {
    if (getClass().getResource("/org/apache/beam/runners/dataflow/DataflowRunner.class") == null) {
      assertThatThrownBy(() -> addTo("--runner=DataflowRunner"))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("-Pdataflow");
    }
  }

  private static List<String> addTo(String... words) {
    return RunnerDefaults.addTo(CommandLine.parse(List.of(words)));
  }

  private static List<String> streaming(String... words) {
    return RunnerDefaults.addTo(CommandLine.parse(List.of(words)), true);
  }

  private static String conf(List<String> arguments) throws IOException {
    String option = "--flinkConfDir=";
    String folder =
        arguments.stream().filter(word -> word.startsWith(option)).findAny().orElseThrow();
    return Files.readString(Path.of(folder.substring(option.length()), "config.yaml"));
  }
}
