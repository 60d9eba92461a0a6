package io.vitessbeam.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A throw-away server that a script of {@code runners} started; it ends with this JVM. */
public record ScriptServer(int port, String database, String uri) {

  /**
   * Starts one.
   *
   * @param kind folder of its script in {@code runners}
   * @param flags of its program
   */
  public static ScriptServer start(String kind, List<String> flags) {
    Path script = Path.of("runners", kind, "up");
    List<String> command = new ArrayList<>(List.of(script.toString(), "--json"));
    command.add("--parent=" + ProcessHandle.current().pid());
    command.add("--");
    command.addAll(flags);
    JsonNode json = run(command);
    return new ScriptServer(
        json.path("port").intValue(),
        json.path("database").textValue(),
        json.path("uri").textValue());
  }

  private static JsonNode run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + " failed, see above");
      }
      return JsonMapper.builder().build().readTree(output);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.get(0) + " ran", e);
    }
  }
}
