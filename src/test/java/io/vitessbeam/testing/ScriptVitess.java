package io.vitessbeam.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Vitess started by {@code runners/vitess/up}; it ends with this JVM at the latest. */
final class ScriptVitess implements VitessServer {

  /** The exit code of {@code up --no-install} where neither the programs nor Docker are there. */
  private static final int NOTHING_TO_RUN = 3;

  private static final Path FOLDER = Path.of("runners", "vitess").toAbsolutePath();

  private final String json;

  private ScriptVitess(String json) {
    this.json = json;
  }

  /** Starts one if that takes no installation. */
  static Optional<VitessServer> startIfInstalled(List<String> options) {
    List<String> command = new ArrayList<>(List.of("--no-install"));
    command.addAll(options);
    return up(command);
  }

  /** Starts one, after an installation if need be. */
  static VitessServer start(List<String> options) {
    return up(options)
        .orElseThrow(() -> new IllegalStateException("There is no Vitess; see the output above"));
  }

  /** Starts one of its own, also where the environment names another for all tests. */
  static VitessServer startWithFlags(String keyspace, List<String> vtcomboFlags) {
    List<String> options = new ArrayList<>(List.of("--keyspaces", keyspace, "--"));
    options.addAll(vtcomboFlags);
    return up(options, Map.of("VITESS_BEAM_VITESS", "")).orElseThrow();
  }

  private static Optional<VitessServer> up(List<String> options) {
    return up(options, Map.of());
  }

  private static Optional<VitessServer> up(List<String> options, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(FOLDER.resolve("up").toString());
    command.addAll(List.of("--json", "--parent", String.valueOf(ProcessHandle.current().pid())));
    command.addAll(options);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status == NOTHING_TO_RUN) {
        return Optional.empty();
      }
      if (status != 0) {
        throw new IllegalStateException(command + " failed with exit code " + status);
      }
      return Optional.of(new ScriptVitess(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Vitess started", e);
    }
  }

  @Override
  public String uri() {
    String uri = text("uri");
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  @Override
  public String host() {
    return text("host");
  }

  @Override
  public int mysqlPort() {
    return number("mysql_port");
  }

  @Override
  public int grpcPort() {
    return number("grpc_port");
  }

  @Override
  public void close() {
    String name = text("name");
    if (name.isEmpty()) {
      return;
    }
    try {
      new ProcessBuilder(FOLDER.resolve("down").toString(), "--name", name)
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String text(String name) {
    Matcher matcher = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }

  private int number(String name) {
    Matcher matcher = Pattern.compile('"' + name + "\":(\\d+)").matcher(json);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
