package io.vitessbeam.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A document of the project, line by line. */
public record Markdown(Path file, List<String> lines) {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]+\\]\\(([^)\\s]+)\\)");

  /** What stands between fences. */
  record Fence(String language, List<String> lines) {}

  /** README and what it leads to, the folders of the runners included. */
  static List<Markdown> all() {
    List<Path> files = new ArrayList<>(List.of(Path.of("README.md")));
    files.addAll(List.of(Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
    for (String folder : List.of("docs", "runners")) {
      try (Stream<Path> found = Files.walk(Path.of(folder))) {
        found.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files.stream().map(Markdown::of).toList();
  }

  public static Markdown of(Path file) {
    try {
      return new Markdown(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Targets of its links. */
  List<String> links() {
    return LINK.matcher(String.join("\n", prose())).results().map(link -> link.group(1)).toList();
  }

  /** What headings are called in links, as GitHub does it. */
  List<String> anchors() {
    return prose().stream()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  /** All but what stands between fences. */
  List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean fenced = false;
    for (String line : lines) {
      if (line.startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced) {
        prose.add(line);
      }
    }
    return prose;
  }

  List<Fence> fences() {
    List<Fence> fences = new ArrayList<>();
    Fence open = null;
    for (String line : lines) {
      if (!line.startsWith("```")) {
        if (open != null) {
          open.lines().add(line);
        }
      } else if (open == null) {
        open = new Fence(line.substring(3).strip(), new ArrayList<>());
      } else {
        fences.add(open);
        open = null;
      }
    }
    return fences;
  }

  /** Commands between fences that begin with a word, each on one line. */
  List<String> commands(String program) {
    List<String> commands = new ArrayList<>();
    for (Fence fence : fences()) {
      String text = String.join("\n", fence.lines()).replace("\\\n", " ");
      text.lines()
          .map(String::strip)
          .filter(line -> line.equals(program) || line.startsWith(program + " "))
          .forEach(commands::add);
    }
    return commands;
  }

  /** Cells of the rows of the table below a heading, without its head. */
  public List<List<String>> table(String heading) {
    int from = lines.indexOf(heading);
    if (from < 0) {
      throw new IllegalArgumentException(file + " has no heading " + heading);
    }
    return lines.subList(from + 1, lines.size()).stream()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }

  /** Its sentences, and what stands in cells of tables. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (String paragraph : String.join("\n", prose()).split("\n(?=\n|[-|#*])", -1)) {
      for (String part : paragraph.split("(?<=[.:;!?])\\s|\\s\\|\\s|\\|", -1)) {
        sentences.add(part.strip().replaceAll("\\s+", " "));
      }
    }
    return sentences;
  }

  /** What stands between backquotes in a text. */
  public static List<String> code(String text) {
    return Pattern.compile("`([^`]+)`")
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
