package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.SchemaContract;
import io.vitessbeam.WriteStrategy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code --help}, the tables of flags in docs/ingest.md and what the program takes say the same.
 */
class HelpTest {

  private static final Pattern FLAG = Pattern.compile("--[a-z][a-z-]+");

  @Test
  void helpShowsEveryFlagOnce() {
    for (Flag flag : Flag.served()) {
      assertThat(help().lines().filter(line -> line.startsWith("  " + flag.spelling() + " ")))
          .as(flag.spelling())
          .hasSize(1);
    }
  }

  @Test
  void theTablesOfTheDocumentHaveJustTheFlagsThatAreServed() throws IOException {
    Set<String> served = new TreeSet<>(Flag.served().stream().map(Flag::spelling).toList());
    // Of Beam, and named there since all else follows from it.
    served.add("--runner");

    assertThat(flagsOfTheDocument()).isEqualTo(served);
  }

  @Test
  void helpFitsATerminalAndStandsUnderTheHeadingsOfTheDocument() throws IOException {
    assertThat(help().lines()).allMatch(line -> line.length() <= 100);
    for (Flag.Task task : Flag.Task.values()) {
      if (task != Flag.Task.NONE) {
        assertThat(help().lines()).contains(task.heading() + ":");
        assertThat(Files.readAllLines(Path.of("docs/ingest.md"))).contains("### " + task.heading());
      }
    }
  }

  @Test
  void helpNamesEverySchemeThatIsTaken() {
    String help = help();
    for (String source :
        List.of(
            "vitess", "vitess+cdc", "mysql", "postgresql", "duckdb", "csv", "jsonl", "parquet")) {
      Schemes.source(source + "://x");
      assertThat(line(help, "--source-uri")).contains(source + "://");
    }
    for (String destination : List.of("vitess", "mysql", "postgresql", "duckdb")) {
      Schemes.destination(destination + "://x");
      assertThat(line(help, "--dest-uri")).contains(destination + "://");
    }
  }

  @Test
  void helpNamesEveryChoice() {
    String help = help();
    List<String> strategies =
        Arrays.stream(WriteStrategy.values())
            .map(strategy -> strategy.name().toLowerCase(Locale.ROOT).replace('_', '+'))
            .toList();
    assertThat(line(help, "--incremental-strategy")).contains(strategies);
    List<String> contracts =
        Arrays.stream(SchemaContract.values())
            .map(contract -> contract.name().toLowerCase(Locale.ROOT))
            .toList();
    assertThat(line(help, "--schema-contract")).contains(contracts);
  }

  /** A flag's name and all lines of its description, as one. */
  private static String line(String help, String flag) {
    String from = help.substring(help.indexOf("\n  " + flag + " ") + 1);
    List<String> lines = from.lines().toList();
    return Stream.concat(
            lines.stream().limit(1),
            lines.stream().skip(1).takeWhile(line -> line.startsWith("    ")))
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  private static String help() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Help.print(new PrintStream(bytes, true, UTF_8));
    return bytes.toString(UTF_8);
  }

  /** Those in the first column of the tables below the heading. */
  private static Set<String> flagsOfTheDocument() throws IOException {
    Set<String> flags = new TreeSet<>();
    boolean below = false;
    for (String line : Files.readAllLines(Path.of("docs/ingest.md"))) {
      if (line.startsWith("## ")) {
        below = line.equals("## Flags");
      } else if (below && line.startsWith("| `--")) {
        Matcher flag = FLAG.matcher(line.substring(0, line.indexOf('|', 1)));
        while (flag.find()) {
          flags.add(flag.group());
        }
      }
    }
    return flags;
  }
}
