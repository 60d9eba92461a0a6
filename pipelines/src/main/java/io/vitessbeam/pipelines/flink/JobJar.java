package io.vitessbeam.pipelines.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * One jar of many. Entries are copied as they are compressed, which takes two seconds for 190 MB;
 * of equal names the first counts, as on a class path, and lists of services are joined.
 */
final class JobJar {

  private static final String SERVICES = "META-INF/services/";

  /** Each jar's own: its manifest, signatures, which would be wrong, and its module. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]*\\.(SF|DSA|RSA|EC))|(.*/)?module-info\\.class");

  private final ZipArchiveOutputStream out;
  private final Set<String> names = new HashSet<>();
  private final Map<String, StringBuilder> services = new TreeMap<>();

  private JobJar(ZipArchiveOutputStream out) {
    this.out = out;
  }

  /**
   * Writes it.
   *
   * @param classPath jars, folders, and libraries (.so), which are found by their names
   * @param mainClass what {@code flink run} starts
   */
  static void write(Path file, List<Path> classPath, String mainClass) {
    try (ZipArchiveOutputStream out =
        new ZipArchiveOutputStream(
            new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
      JobJar jar = new JobJar(out);
      jar.add(JarFile.MANIFEST_NAME, manifest(mainClass));
      for (Path part : classPath) {
        if (Files.isDirectory(part)) {
          jar.addFolder(part);
        } else if (Files.exists(part)) {
          if (part.getFileName().toString().contains(".so")) {
            jar.addFile(part);
          } else {
            jar.addJar(part);
          }
        }
      }
      for (Map.Entry<String, StringBuilder> service : jar.services.entrySet()) {
        jar.add(service.getKey(), service.getValue().toString().getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static byte[] manifest(String mainClass) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
    attributes.put(Attributes.Name.MULTI_RELEASE, "true");
    // For java -jar: Arrow, and Flink's serializers.
    attributes.putValue("Add-Opens", "java.base/java.nio java.base/java.lang java.base/java.util");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private void addFolder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      if (isService(name)) {
        addService(name, Files.readAllBytes(file));
      } else if (isWanted(name)) {
        add(name, Files.readAllBytes(file));
      }
    }
  }

  private void addFile(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (names.add(name)) {
      out.putArchiveEntry(new ZipArchiveEntry(name));
      Files.copy(file, out);
      out.closeArchiveEntry();
    }
  }

  private void addJar(Path jar) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(jar).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        String name = entry.getName();
        if (entry.isDirectory()) {
          continue;
        }
        if (isService(name)) {
          try (InputStream content = zip.getInputStream(entry)) {
            addService(name, content.readAllBytes());
          }
        } else if (isWanted(name)) {
          try (InputStream content = zip.getRawInputStream(entry)) {
            out.addRawArchiveEntry(entry, content);
          }
        }
      }
    }
  }

  private static boolean isService(String name) {
    return name.startsWith(SERVICES) && name.indexOf('/', SERVICES.length()) < 0;
  }

  private void addService(String name, byte[] lines) {
    services
        .computeIfAbsent(name, first -> new StringBuilder())
        .append(new String(lines, UTF_8))
        .append('\n');
  }

  private boolean isWanted(String name) {
    return !LEFT_OUT.matcher(name).matches() && names.add(name);
  }

  private void add(String name, byte[] content) throws IOException {
    out.putArchiveEntry(new ZipArchiveEntry(name));
    out.write(content);
    out.closeArchiveEntry();
  }
}
