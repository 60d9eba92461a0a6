package io.vitessbeam.pipelines.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.pipelines.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A real Vitess of our own, started by {@code runners/vitess/up}; or the one whose address is in
 * the environment, which {@link #close} leaves alone. It ends with this process at the latest.
 */
public final class LocalVitess implements AutoCloseable {

  private static final String UP = "runners/vitess/up";

  /** The exit code of {@code up --no-install} where neither the programs nor Docker are there. */
  private static final int NOTHING_TO_RUN = 3;

  /** Names a Vitess that is there already. */
  private static final String GIVEN = "VITESS_BEAM_VITESS";

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final Address address;
  private final Path folderOfScripts;

  private LocalVitess(Address address, Path folderOfScripts) {
    this.address = address;
    this.folderOfScripts = folderOfScripts;
  }

  /** A keyspace to create and its number of shards. */
  public record Keyspace(String name, int shards) {}

  /**
   * What to start.
   *
   * @param install whether to build the programs where neither they nor Docker are there
   * @param ownAlways whether not to use the Vitess whose address is in the environment
   * @param vtcomboFlags further flags of vtcombo
   */
  public record Request(
      List<Keyspace> keyspaces, boolean install, boolean ownAlways, List<String> vtcomboFlags) {

    public Request {
      keyspaces = List.copyOf(keyspaces);
      vtcomboFlags = List.copyOf(vtcomboFlags);
    }

    public static Request of(Keyspace... keyspaces) {
      return new Request(List.of(keyspaces), true, false, List.of());
    }

    public Request withoutInstallation() {
      return new Request(keyspaces, false, ownAlways, vtcomboFlags);
    }

    public Request withVtcomboFlags(List<String> flags) {
      return new Request(keyspaces, install, true, flags);
    }

    private List<String> command(Path up) {
      List<String> command = new ArrayList<>(List.of(up.toString(), "--json"));
      command.add("--keyspaces=" + join(Keyspace::name));
      command.add("--num-shards=" + join(keyspace -> String.valueOf(keyspace.shards())));
      command.add("--parent=" + ProcessHandle.current().pid());
      if (!install) {
        command.add("--no-install");
      }
      command.add("--");
      command.addAll(vtcomboFlags);
      return command;
    }

    private String join(Function<Keyspace, String> part) {
      return keyspaces.stream().map(part).collect(Collectors.joining(","));
    }
  }

  /**
   * What the script says about an instance.
   *
   * @param name empty for one that is not ours
   * @param grpcPort empty if it is not known
   * @param mysqldSocket of the mysqld behind it; empty for one that is not ours
   */
  public record Address(
      Optional<String> name,
      String host,
      int mysqlPort,
      Optional<Integer> grpcPort,
      List<Shards> keyspaces,
      String uri,
      Optional<Path> mysqldSocket) {

    public Address {
      keyspaces = List.copyOf(keyspaces);
    }

    static Address parse(String json) {
      try {
        JsonNode node = MAPPER.readTree(json);
        return new Address(
            Optional.ofNullable(node.path("name").textValue()),
            node.path("host").textValue(),
            node.path("mysql_port").intValue(),
            node.path("grpc_port").isInt()
                ? Optional.of(node.path("grpc_port").intValue())
                : Optional.empty(),
            List.of(MAPPER.treeToValue(node.path("keyspaces"), Shards[].class)),
            node.path("uri").textValue(),
            Optional.ofNullable(node.path("mysqld_socket").textValue()).map(Path::of));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(UP + " printed something else than an address: " + json, e);
      }
    }
  }

  /** A keyspace and its shards, which are not known for a Vitess that is not ours. */
  public record Shards(String name, List<String> shards) {

    public Shards {
      shards = shards == null ? List.of() : List.copyOf(shards);
    }
  }

  /**
   * Takes seconds, and minutes where the programs have to be built first; what it does meanwhile is
   * on stderr.
   *
   * @throws ConfigurationException if there is no script here, or it fails
   */
  public static LocalVitess start(Request request) {
    return tryStart(request)
        .orElseThrow(() -> new ConfigurationException("there is no Vitess to be had, see above"));
  }

  /**
   * The same, but gives nothing where one would have to be installed and the request is not to.
   *
   * @throws ConfigurationException if there is no script here, or it fails
   */
  public static Optional<LocalVitess> tryStart(Request request) {
    Path up =
        Surroundings.inCheckout(UP)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "there is no " + UP + " here: run this within a checkout of vitess-beam"));
    Map<String, String> environment = request.ownAlways() ? Map.of(GIVEN, "") : Map.of();
    return output(request.command(up), environment)
        .map(json -> new LocalVitess(Address.parse(json), up.getParent()));
  }

  private static Optional<String> output(List<String> command, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process =
          builder
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return switch (process.waitFor()) {
        case 0 -> Optional.of(output.strip());
        case NOTHING_TO_RUN -> Optional.empty();
        default ->
            throw new ConfigurationException(
                "there is no Vitess to be had ("
                    + String.join(" ", command)
                    + " failed, see above)");
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.get(0) + " ran", e);
    }
  }

  public Address address() {
    return address;
  }

  /** Whether it is only here for us. */
  public boolean isThrowAway() {
    return address.name().isPresent();
  }

  /** {@code vitess://…} of one of its keyspaces. */
  public String uri(String keyspace) {
    return address.uri().replaceFirst("^(vitess://[^/]*/)[^?]*", "$1" + keyspace);
  }

  /**
   * {@code vitess+cdc://…} of one of its keyspaces.
   *
   * @throws ConfigurationException if the gRPC port is not known
   */
  public String cdcUri(String keyspace) {
    int port =
        address
            .grpcPort()
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "the gRPC port of the Vitess at "
                            + address.host()
                            + " is not known; add ?grpc_port=<port> to "
                            + GIVEN));
    return uri(keyspace).replaceFirst("^vitess://", "vitess+cdc://") + "?grpc_port=" + port;
  }

  /** A connection to vtgate, which sends batches of INSERT as multi-row statements. */
  public Connection connect(String keyspace) throws SQLException {
    Properties properties = new Properties();
    String[] user =
        Optional.ofNullable(URI.create(address.uri()).getUserInfo()).orElse("").split(":", 2);
    properties.setProperty("user", user[0]);
    properties.setProperty("password", user.length > 1 ? user[1] : "");
    properties.setProperty("rewriteBatchedStatements", "true");
    properties.setProperty("connectionTimeZone", "UTC");
    String url = "jdbc:mysql://" + address.host() + ":" + address.mysqlPort() + "/" + keyspace;
    return new com.mysql.cj.jdbc.Driver().connect(url, properties);
  }

  /** Ends it, unless it is not ours. */
  @Override
  public void close() {
    address
        .name()
        .ifPresent(
            name ->
                output(
                    List.of(folderOfScripts.resolve("down").toString(), "--name", name), Map.of()));
  }
}
