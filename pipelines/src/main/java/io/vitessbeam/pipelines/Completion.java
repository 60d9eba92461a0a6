package io.vitessbeam.pipelines;

import io.vitessbeam.SchemaContract;
import io.vitessbeam.SchemaNaming;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.ZeroDates;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Scripts by which a shell completes flags and those of their values that are words of a list. */
final class Completion {

  /** Of flags with a fixed choice. */
  private static final Map<String, String> CHOICES =
      Map.of(
          "incrementalStrategy", words(WriteStrategy.values()).replace("delete_", "delete+"),
          "schemaContract", words(SchemaContract.values()),
          "schemaNaming", words(SchemaNaming.values()),
          "zeroDates", words(ZeroDates.values()),
          "progress", "interactive log json");

  private Completion() {}

  private static String words(Enum<?>[] choices) {
    return Arrays.stream(choices)
        .map(choice -> choice.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  /**
   * @throws UsageException for a shell that there is no script for
   */
  static void print(String shell, PrintStream out) {
    switch (shell) {
      case "bash" -> out.println(bash());
      case "zsh" -> out.println(zsh());
      default -> throw new UsageException("--completion is bash or zsh, not '" + shell + "'");
    }
  }

  static Map<String, String> choices() {
    return CHOICES;
  }

  private static String bash() {
    String cases =
        CHOICES.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                choice ->
                    "    %s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;"
                        .formatted(Flag.spelling(choice.getKey()), choice.getValue()))
            .collect(Collectors.joining("\n"));
    String flags =
        Flag.served().stream().map(Flag::spelling).collect(Collectors.joining(" "))
            + " --runner --help --version";
    return """
    # For bash: source <(ingest --completion bash)
    _ingest() {
      local word=${COMP_WORDS[COMP_CWORD]}
      case ${COMP_WORDS[COMP_CWORD - 1]} in
    %s
      esac
      COMPREPLY=($(compgen -W '%s' -- "$word"))
    }
    complete -o default -F _ingest ingest\
    """
        .formatted(cases, flags);
  }

  private static String zsh() {
    String flags = Flag.served().stream().map(Completion::zsh).collect(Collectors.joining(" \\\n"));
    return """
    #compdef ingest
    # For zsh: source <(ingest --completion zsh)
    _ingest() {
      _arguments \\
    %s \\
        '--runner[Where it runs]:runner:(DirectRunner FlinkRunner)'
    }
    compdef _ingest ingest\
    """
        .formatted(flags);
  }

  private static String zsh(Flag flag) {
    boolean many = flag.value() == Flag.Value.LIST;
    String value =
        flag.value() == Flag.Value.SWITCH
            ? ""
            : ":value:"
                + (CHOICES.containsKey(flag.name())
                    ? "(" + CHOICES.get(flag.name()) + ")"
                    : "_files");
    return "    '%s%s[%s]%s'"
        .formatted(many ? "*" : "", flag.spelling(), flag.task().heading(), value);
  }
}
