package io.vitessbeam.pipelines;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the user typed, in Beam's spelling: {@code --sourceUri=…} for {@code --source-uri …}.
 *
 * @param action what is asked for
 * @param arguments for Beam's own parser: served flags and runner options
 * @param ignored spellings of flags that were accepted though they have no effect
 */
public record CommandLine(Action action, List<String> arguments, List<String> ignored) {

  enum Action {
    HELP,
    VERSION,
    /** Its only argument is the shell. */
    COMPLETION,
    QUICKSTART,
    INGEST
  }

  public CommandLine {
    arguments = List.copyOf(arguments);
    ignored = List.copyOf(ignored);
  }

  /** The same with the environment of this process. */
  static CommandLine parse(List<String> words) {
    return parse(words, System.getenv());
  }

  /**
   * Reads flags from the words and, where those don't have them, from the environment.
   *
   * @throws UsageException for a flag that is unknown, not supported yet, given twice or lacks its
   *     value
   */
  static CommandLine parse(List<String> words, Map<String, String> environment) {
    return new Parser(words, environment).parse();
  }

  /** The value of an option of Beam's, or the given one. */
  public String option(String name, String otherwise) {
    String prefix = "--" + name + "=";
    for (String argument : arguments) {
      if (argument.startsWith(prefix)) {
        return argument.substring(prefix.length());
      }
    }
    return otherwise;
  }

  boolean has(String name) {
    return option(name, null) != null;
  }

  private static final class Parser {
    private final Iterator<String> words;
    private final Map<String, String> environment;
    private final List<String> arguments = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private String next;

    Parser(List<String> words, Map<String, String> environment) {
      boolean named = !words.isEmpty() && words.get(0).equals("ingest");
      this.words = words.subList(named ? 1 : 0, words.size()).iterator();
      this.environment = environment;
      advance();
    }

    private void advance() {
      next = words.hasNext() ? words.next() : null;
    }

    CommandLine parse() {
      while (next != null) {
        String word = next;
        switch (word) {
          case "--help", "-h", "help" -> {
            return new CommandLine(Action.HELP, List.of(), List.of());
          }
          case "--version", "-v", "version" -> {
            return new CommandLine(Action.VERSION, List.of(), List.of());
          }
          case "--completion" -> {
            String shell = words.hasNext() ? words.next() : "";
            return new CommandLine(Action.COMPLETION, List.of(shell), List.of());
          }
          default -> flag(word);
        }
      }
      Flag.ALL.values().stream().filter(flag -> !seen.contains(flag.name())).forEach(this::setting);
      boolean anyUri = seen.contains("sourceUri") || seen.contains("destUri");
      boolean anyTable = seen.contains("sourceTable") || seen.contains("destTable");
      Action action = anyUri || anyTable ? Action.INGEST : Action.QUICKSTART;
      return new CommandLine(action, arguments, ignored);
    }

    private void flag(String word) {
      if (!word.startsWith("--") || word.equals("--")) {
        throw new UsageException(
            "'" + word + "' is not a flag; flags are written --name=value or --name value");
      }
      advance();
      int equals = word.indexOf('=');
      String spelling = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? null : word.substring(equals + 1);
      String name = Flag.camelCase(spelling.substring(2));
      Flag flag = Flag.ALL.get(name);
      if (flag == null) {
        flag = runnerOption(name, spelling);
      }
      take(flag, spelling, value);
    }

    /** What the environment says of a flag that was not typed. */
    private void setting(Flag flag) {
      for (String variable : flag.variables()) {
        String value = environment.getOrDefault(variable, "");
        if (!value.isEmpty()) {
          take(flag, variable + " in the environment", value);
          return;
        }
      }
    }

    private void take(Flag flag, String spelling, String given) {
      if (flag.service() == Flag.Service.REFUSED) {
        throw new UsageException(spelling + " is not supported: " + flag.reason());
      }
      String value = given == null ? valueOf(flag, spelling) : given;
      if (flag.value() == Flag.Value.NUMBER && !value.matches("-?\\d{1,18}")) {
        throw new UsageException(spelling + " is a number, not '" + value + "'");
      }
      if (flag.value() == Flag.Value.SWITCH && !value.matches("true|false")) {
        throw new UsageException(spelling + " is true or false, not '" + value + "'");
      }
      if (flag.value() == Flag.Value.URI && value.isEmpty()) {
        throw new UsageException(spelling + " is empty");
      }
      if (!seen.add(flag.name()) && flag.value() != Flag.Value.LIST) {
        throw new UsageException(spelling + " is given twice");
      }
      if (flag.service() == Flag.Service.WITHOUT_EFFECT) {
        ignored.add(flag.spelling());
      } else {
        boolean uri = flag.value() == Flag.Value.URI;
        arguments.add("--" + flag.name() + "=" + (uri ? insideJson(address(flag, value)) : value));
      }
    }

    /** The address, or that in a file, whose password no list of processes shows. */
    private static String address(Flag flag, String value) {
      if (!value.startsWith("@")) {
        return value;
      }
      Path file = Path.of(value.substring(1));
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        String what = "%s: %s, which is to hold an address, can't be read";
        throw new UsageException(
            ConfigurationException.ofFile(what.formatted(flag.spelling(), file), e).getMessage());
      }
    }

    private static String insideJson(String text) {
      return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    /** The word after the flag, unless it is a switch or another flag. */
    private String valueOf(Flag flag, String spelling) {
      if (flag.value() == Flag.Value.SWITCH) {
        if ("true".equals(next) || "false".equals(next)) {
          String value = next;
          advance();
          return value;
        }
        return "true";
      }
      if (next == null || next.startsWith("--")) {
        throw new UsageException(
            spelling
                + " needs a value"
                + (next == null
                    ? ""
                    : " (one that begins with dashes is written " + spelling + "=" + next + ")"));
      }
      String value = next;
      advance();
      return value;
    }

    private static Flag runnerOption(String name, String spelling) {
      Map<String, Flag.Value> options = RunnerOptions.all();
      Flag.Value value = options.get(name);
      if (value != null) {
        return Flag.ofBeam(name, value);
      }
      Set<String> known = new LinkedHashSet<>(Flag.ALL.keySet());
      known.addAll(Set.of("help", "version", "runner"));
      String advice =
          Flag.nearest(name, known)
              .map(Flag::spelling)
              .or(() -> Flag.nearest(name, options.keySet()).map(option -> "--" + option))
              .map(near -> "; did you mean " + near + "?")
              .orElse(
                  options.containsKey("flinkMaster")
                      ? "; --help lists the flags"
                      : "; --help lists the flags, and those of Flink need --runner=FlinkRunner");
      throw new UsageException("unknown flag " + spelling + advice);
    }
  }
}
