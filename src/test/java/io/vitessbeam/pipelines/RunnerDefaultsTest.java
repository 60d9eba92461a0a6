package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
