package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "--source-t, --source-table",
    "--flush-, --flush-interval --flush-records",
    "--incremental-strategy del, delete+insert",
    "--zero-dates '', fail null text",
    "--run, --runner",
  })
  void bashCompletesFlagsAndTheirChoices(String typed, String completed) throws Exception {
    Path script = Files.writeString(folder.resolve("completion"), script("bash"));
    String[] words = ("ingest " + typed).split(" ", -1);
    String run =
        ". %s; COMP_WORDS=(%s); COMP_CWORD=%d; _ingest; echo \"${COMPREPLY[*]}\""
            .formatted(script, String.join(" ", words), words.length - 1);

    Process bash = new ProcessBuilder("bash", "-c", run).redirectErrorStream(true).start();

    assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8).strip())
        .isEqualTo(completed);
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void zshKnowsEveryFlag() {
    for (Flag flag : Flag.served()) {
      assertThat(script("zsh")).contains(flag.spelling() + "[");
    }
  }

  /** The program refuses other words than those of the list, which help names. */
  @Test
  void choicesAreThoseOfTheFlags() {
    ByteArrayOutputStream help = new ByteArrayOutputStream();
    Help.print(new PrintStream(help, true, UTF_8));
    String text = help.toString(UTF_8).replaceAll("\\s+", " ");
    for (Map.Entry<String, String> choice : Completion.choices().entrySet()) {
      String from = text.substring(text.indexOf(Flag.spelling(choice.getKey()) + " "));
      assertThat(from.substring(0, 250)).contains(choice.getValue().split(" ", -1));
    }
  }

  @Test
  void anotherShellIsRefused() {
    assertThatThrownBy(() -> script("fish"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--completion is bash or zsh, not 'fish'");
    assertThat(CommandLine.parse(List.of("--completion", "bash"), Map.of()).action())
        .isEqualTo(CommandLine.Action.COMPLETION);
  }

  private static String script(String shell) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Completion.print(shell, new PrintStream(out, true, UTF_8));
    return out.toString(UTF_8);
  }
}
