package io.vitessbeam.write.duckdb.file;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As two jobs in one TaskManager of Flink: all classes, and DuckDB, are there twice. */
class FileClaimTest {

  @TempDir private Path folder;

  private final URLClassLoader otherJob =
      new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());

  @AfterEach
  void close() throws IOException {
    otherJob.close();
  }

  @Test
  void aFileIsOfOneJobAtATime() throws Exception {
    String path = folder.resolve("x.duckdb").toString();
    DuckDbFile ours = DuckDbFile.open(path, Set.of());
    DuckDbFile again =
        DuckDbFile.open(folder + "/../" + folder.getFileName() + "/x.duckdb", Set.of());
    ours.close();
    ours.close();

    assertThatThrownBy(() -> openInOtherJob(path))
        .hasMessageContaining(path + " is open in another job of this process");

    again.close();
    AutoCloseable theirs = openInOtherJob(path);
    assertThatThrownBy(() -> DuckDbFile.open(path, Set.of()))
        .isInstanceOf(TransientException.class);
    theirs.close();
    assertThatCode(() -> DuckDbFile.open(path, Set.of()).close()).doesNotThrowAnyException();
  }

  @Test
  void aFileThatCannotBeOpenedIsNobodys() throws Exception {
    String path = folder.resolve("no/x.duckdb").toString();
    assertThatThrownBy(() -> DuckDbFile.open(path, Set.of()))
        .hasMessageContaining("its directory doesn't exist");
    assertThatThrownBy(() -> openInOtherJob(path))
        .hasMessageContaining("its directory doesn't exist");
  }

  private AutoCloseable openInOtherJob(String path) throws Exception {
    Method open =
        otherJob.loadClass(DuckDbFile.class.getName()).getMethod("open", String.class, Set.class);
    try {
      return (AutoCloseable) open.invoke(null, path, Set.of());
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(FileClaimTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String file) {
    try {
      return Path.of(file).toUri().toURL();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
