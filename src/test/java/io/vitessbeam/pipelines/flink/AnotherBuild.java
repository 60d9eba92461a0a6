package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The program as a later build may have it: no class has the serialVersionUID that it has here. */
final class AnotherBuild {

  private static final Path TARGET = Path.of("target");

  private AnotherBuild() {}

  /**
   * Makes it.
   *
   * @param home an empty folder, for what {@code pipelines/ingest} needs
   * @return its {@code pipelines/ingest}
   */
  static Path in(Path home) throws IOException {
    Path classes = TARGET.resolve("classes");
    List<Path> files;
    try (Stream<Path> found = Files.walk(classes)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    int changed = 0;
    for (Path file : files) {
      Path copy = home.resolve("target/classes").resolve(classes.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      byte[] before = Files.readAllBytes(file);
      byte[] after = file.toString().endsWith(".class") ? changed(before) : before;
      changed += after == before ? 0 : 1;
      Files.write(copy, after);
    }
    assertThat(changed).as("classes with a serialVersionUID").isPositive();
    Path program = home.resolve("pipelines/ingest");
    Files.createDirectories(program.getParent());
    Files.copy(Path.of("pipelines/ingest"), program);
    Files.copy(TARGET.resolve("runtime.classpath"), home.resolve("target/runtime.classpath"));
    return program;
  }

  /** The same array if there is nothing to change. */
  private static byte[] changed(byte[] before) {
    boolean[] changed = new boolean[1];
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(before)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public FieldVisitor visitField(
                  int access, String name, String descriptor, String signature, Object value) {
                boolean id = name.equals("serialVersionUID");
                changed[0] |= id;
                Object other = id ? (Object) ((Long) value + 1) : value;
                return super.visitField(access, name, descriptor, signature, other);
              }
            },
            0);
    return changed[0] ? writer.toByteArray() : before;
  }
}
