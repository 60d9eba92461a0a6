package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Maven has loaded the program, a job for a Flink cluster is submitted by another JVM. */
class OwnProcessTest {

  @ParameterizedTest
  @CsvSource({
    "--runner=FlinkRunner --flinkMaster=localhost:8081, true",
    "--runner=FlinkRunner --flinkMaster=[local], false",
    "--runner=FlinkRunner, false",
    "--runner=DirectRunner, false",
    "--no-such-flag, false"
  })
  void onlyTheClientOfAClusterNeedsIt(String flags, boolean needed) throws IOException {
    List<String> words = Splitter.on(' ').splitToList(flags + " --source-uri=x --dest-uri=y");
    try (URLClassLoader maven = loader()) {
      assertThat(OwnProcess.isNeeded(words, maven)).isEqualTo(needed);
    }
    assertThat(OwnProcess.isNeeded(words, ClassLoader.getSystemClassLoader())).isFalse();
  }

  @Test
  void itEndsAsTheProgramDoes() throws IOException {
    try (URLClassLoader maven = loader()) {
      assertThat(OwnProcess.run(List.of("--version"), maven)).isZero();
      assertThat(OwnProcess.run(List.of("--no-such-flag"), maven)).isEqualTo(2);
    }
  }

  /** As Maven's: the class path of this JVM, which the JVM's own loader needn't have. */
  private static URLClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    String classPath = System.getProperty("java.class.path");
    for (String entry : Splitter.on(File.pathSeparatorChar).split(classPath)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), null);
  }
}
