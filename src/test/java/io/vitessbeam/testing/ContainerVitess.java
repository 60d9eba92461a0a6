package io.vitessbeam.testing;

import java.time.Duration;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A Vitess in the published vttestserver image. */
final class ContainerVitess implements VitessServer {

  private static final String IMAGE = "vitess/vttestserver:v23.0.3-mysql80";

  /** vttestserver counts its ports from this one: gRPC is the next, the MySQL port the third. */
  private static final int BASE_PORT = 33_574;

  private final GenericContainer<?> container;

  private ContainerVitess(GenericContainer<?> container) {
    this.container = container;
  }

  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /**
   * Starts one.
   *
   * @param keyspaces names, separated by commas
   * @param shards number of shards of each keyspace, separated by commas
   */
  @SuppressWarnings("resource") // Testcontainers ends it with this JVM at the latest.
  static VitessServer start(String keyspaces, String shards) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withEnv(
                Map.of(
                    "PORT",
                    String.valueOf(BASE_PORT),
                    "KEYSPACES",
                    keyspaces,
                    "NUM_SHARDS",
                    shards,
                    "MYSQL_BIND_HOST",
                    "0.0.0.0",
                    "VTCOMBO_BIND_HOST",
                    "0.0.0.0"))
            .withExposedPorts(BASE_PORT, BASE_PORT + 1, BASE_PORT + 3)
            .waitingFor(
                Wait.forListeningPorts(BASE_PORT + 1, BASE_PORT + 3)
                    .withStartupTimeout(Duration.ofMinutes(3)));
    container.start();
    return new ContainerVitess(container);
  }

  @Override
  public String uri() {
    return "vitess://" + host() + ":" + mysqlPort() + "/" + TestVitess.SHOP;
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int mysqlPort() {
    return container.getMappedPort(BASE_PORT + 3);
  }

  @Override
  public int grpcPort() {
    return container.getMappedPort(BASE_PORT + 1);
  }

  @Override
  public void close() {
    container.stop();
  }
}
