package io.vitessbeam.pipelines.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobJarTest {

  private static final String SERVICE = "META-INF/services/a.Service";

  @TempDir private Path folder;

  @Test
  void itHasAllEntriesOfItsClassPathAndTheFirstOfEqualNames() throws IOException {
    try (JarFile jar = written()) {
      assertThat(text(jar, "a/Ours.class")).isEqualTo("ours");
      assertThat(text(jar, "a/First.class")).isEqualTo("of the folder");
      assertThat(text(jar, "b/Second.class")).isEqualTo("b".repeat(10_000));
      assertThat(text(jar, "META-INF/versions/11/b/Second.class")).isEqualTo("newer");
    }
  }

  @Test
  void aLibraryIsFoundByItsName() throws IOException {
    Path library = Files.writeString(folder.resolve("library.so"), "code");
    Path file = folder.resolve("job.jar");

    JobJar.write(file, List.of(library), "a.Main");

    try (JarFile jar = new JarFile(file.toFile())) {
      assertThat(text(jar, "library.so")).isEqualTo("code");
    }
  }

  @Test
  void servicesAreJoined() throws IOException {
    try (JarFile jar = written()) {
      assertThat(text(jar, SERVICE).lines().filter(line -> !line.isEmpty()))
          .containsExactly("a.Ours", "b.First", "b.Second");
    }
  }

  @Test
  void whatIsOfOneJarAloneIsLeftOut() throws IOException {
    try (JarFile jar = written()) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .doesNotContain("META-INF/B.SF", "META-INF/B.RSA", "module-info.class");
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Main-Class")).isEqualTo("a.Main");
      assertThat(manifest.getValue("Multi-Release")).isEqualTo("true");
      assertThat(manifest.getValue("Of-B")).isNull();
    }
  }

  @Test
  void itIsMadeAnewWhenSomethingHasChanged() throws IOException {
    List<Path> classPath = classPath();
    Path jar = StagedFiles.kept(classPath, folder);
    Path same = StagedFiles.kept(classPath, folder);
    Files.writeString(classPath.get(0).resolve("a/New.class"), "new");

    Path other = StagedFiles.kept(classPath, folder);

    assertThat(same).isEqualTo(jar);
    assertThat(other).isNotEqualTo(jar).exists();
    assertThat(jar).doesNotExist();
  }

  private JarFile written() throws IOException {
    Path file = folder.resolve("job.jar");
    JobJar.write(file, classPath(), "a.Main");
    return new JarFile(file.toFile());
  }

  /** A folder, a jar, and what is not there. */
  private List<Path> classPath() throws IOException {
    Path classes = folder.resolve("classes");
    Map<String, String> ours =
        Map.of("a/Ours.class", "ours", "a/First.class", "of the folder", SERVICE, "a.Ours\n");
    for (Map.Entry<String, String> entry : ours.entrySet()) {
      Path file = classes.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, entry.getValue());
    }
    Path jar = folder.resolve("b").resolve("b.zip");
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      put(out, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nOf-B: yes\r\n\r\n");
      put(out, "META-INF/B.SF", "signed");
      put(out, "META-INF/B.RSA", "signed");
      put(out, "META-INF/versions/11/b/Second.class", "newer");
      put(out, SERVICE, "b.First\nb.Second");
      put(out, "module-info.class", "b");
      put(out, "a/First.class", "of the jar");
      put(out, "b/Second.class", "b".repeat(10_000));
    }
    return List.of(classes, jar, folder.resolve("missing.jar"));
  }

  private static void put(JarOutputStream out, String name, String content) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(content.getBytes(UTF_8));
    out.closeEntry();
  }

  private static String text(JarFile jar, String name) throws IOException {
    return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
  }
}
