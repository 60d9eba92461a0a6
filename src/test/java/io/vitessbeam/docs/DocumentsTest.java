package io.vitessbeam.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents agree with the code, with each other, and with what is on disk. */
class DocumentsTest {

  /** A shorter one may be a term that is used twice. */
  private static final int SENTENCE = 60;

  private static final Pattern TYPE =
      Pattern.compile("(?<name>[A-Z]+)(?<unsigned> UNSIGNED)?(\\((?<a>\\d+)(, (?<b>\\d+))?\\))?");

  private static final String IMPORTS =
      """
      import io.vitessbeam.*;
      import java.util.List;
      import org.apache.beam.sdk.Pipeline;
      import org.apache.beam.sdk.transforms.PTransform;
      import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
      import org.apache.beam.sdk.values.*;
      """;

  /** What an example may take for given. */
  private static final String EXAMPLE =
      """
      static class Example%d {
        static class WriteFailures
            extends PTransform<PCollection<BadRecord>, PCollection<BadRecord>> {
          @Override
          public PCollection<BadRecord> expand(PCollection<BadRecord> failures) {
            return failures;
          }
        }
        void example(Pipeline pipeline, PCollection<Row> rows, String uri)
            throws Exception {
          %s
        }
      }
      """;

  private static List<Markdown> documents() {
    return Markdown.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Markdown document) {
    Path folder = document.file().toAbsolutePath().getParent();
    for (String link : document.links()) {
      if (link.startsWith("https://")) {
        continue;
      }
      String file = link.replaceFirst("#.*", "");
      Path target = file.isEmpty() ? document.file() : folder.resolve(file).normalize();
      assertThat(target).as(link).exists();
      if (link.contains("#")) {
        assertThat(Markdown.of(target).anchors()).contains(link.substring(link.indexOf('#') + 1));
      }
    }
  }

  @Test
  void noSentenceStandsTwice() {
    Map<String, Path> known = new HashMap<>();
    List<String> twice = new ArrayList<>();
    for (Markdown document : documents()) {
      for (String sentence : document.sentences()) {
        if (sentence.length() < SENTENCE) {
          continue;
        }
        Path other = known.put(sentence, document.file());
        if (other != null) {
          twice.add(other + ", " + document.file() + ": " + sentence);
        }
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void theReadmeCanBeReadInOneGo() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(150);
  }

  @Test
  void everyDocumentIsLinkedFromTheReadme() {
    Markdown readme = Markdown.of(Path.of("README.md"));
    for (Markdown document : documents()) {
      if (document.file().startsWith("docs")) {
        assertThat(readme.links()).contains(document.file().toString());
      }
    }
  }

  @Test
  void architectureNamesClassesThatAreThere() {
    Set<String> classes =
        sources()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> named =
        Markdown.code(String.join("\n", Markdown.of(Path.of("docs/architecture.md")).prose()));
    assertThat(named.stream().filter(name -> name.matches("[A-Z][A-Za-z0-9]+")))
        .isNotEmpty()
        .isSubsetOf(classes);
  }

  @Test
  void messagesOfOperationsAreThoseOfTheCode() {
    String literals =
        sources()
            .filter(file -> !file.startsWith("src/test"))
            .map(DocumentsTest::text)
            .collect(Collectors.joining("\n"))
            .replaceAll("\"\\s*\\+\\s*\"", "");
    List<List<String>> rows =
        Markdown.of(Path.of("docs/operations.md")).table("## What the messages mean");
    assertThat(rows).hasSizeGreaterThan(10);
    for (List<String> row : rows) {
      for (String message : Markdown.code(row.get(0))) {
        assertThat(literals.contains(message)).as(message).isTrue();
      }
    }
  }

  @Test
  void examplesInJavaCompile(@TempDir Path folder) throws IOException {
    List<String> bodies =
        documents().stream()
            .flatMap(document -> document.fences().stream())
            .filter(fence -> fence.language().equals("java"))
            .map(fence -> String.join("\n", fence.lines()))
            .toList();
    assertThat(bodies).hasSizeGreaterThan(3);
    StringBuilder source = new StringBuilder(IMPORTS + "class Examples {\n");
    for (int i = 0; i < bodies.size(); i++) {
      source.append(EXAMPLE.formatted(i, bodies.get(i)));
    }
    Path file = Files.writeString(folder.resolve("Examples.java"), source.append("}\n"));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, "-proc:none", "-d", folder.toString(), file.toString());
    assertThat(status).as(messages.toString(UTF_8)).isZero();
  }

  @Test
  void typesAreThoseOfTheTypeTable() {
    Set<MysqlType> missing = EnumSet.allOf(MysqlType.class);
    for (List<String> row : Markdown.of(Path.of("docs/types.md")).table("# Types")) {
      ColumnType type = type(row.get(0));
      missing.remove(type.base());
      assertThat(row)
          .isEqualTo(
              List.of(
                  row.get(0),
                  name(type.base().beam(type).type()),
                  type.base().duckDb(type).replace(",", ", "),
                  type.base().postgresql(type).replace(",", ", ")));
    }
    assertThat(missing).isEmpty();
  }

  /** A TINYINT(1) stands for one that a boolean becomes. */
  private static ColumnType type(String text) {
    Matcher parts = TYPE.matcher(text);
    assertThat(parts.matches()).as(text).isTrue();
    MysqlType base = MysqlType.named(parts.group("name"));
    int a = parts.group("a") == null ? 0 : Integer.parseInt(parts.group("a"));
    int b = parts.group("b") == null ? 0 : Integer.parseInt(parts.group("b"));
    if (parts.group("unsigned") != null) {
      return ColumnType.unsigned(base);
    }
    return switch (base) {
      case TINYINT -> a == 1 ? ColumnType.truth() : ColumnType.of(base);
      case DECIMAL -> ColumnType.decimal(a, b);
      case DATETIME, TIMESTAMP, TIME -> ColumnType.temporal(base, a);
      case ENUM, SET -> ColumnType.labelled(base, List.of("a", "b"));
      default -> ColumnType.of(base, a);
    };
  }

  private static String name(FieldType type) {
    if (type.getLogicalType() == null) {
      return type.getTypeName().toString();
    }
    return type.getLogicalType().getClass().getSimpleName();
  }

  private static Stream<Path> sources() {
    return Stream.of("src/main/java", "pipelines/src/main/java", "src/test/java")
        .flatMap(folder -> files(Path.of(folder)).stream())
        .filter(file -> file.toString().endsWith(".java"));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
