package io.vitessbeam.pipelines;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A session of the mysqld behind a Vitess, for what vtgate does not let through. Its users may come
 * by its Unix socket only, which the driver can't: bytes are handed on from a port.
 */
public final class MysqldSocket implements AutoCloseable {

  private final Path socket;
  private final ServerSocket port;

  public MysqldSocket(Path socket) throws IOException {
    this.socket = socket;
    this.port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    start("mysqld-socket", this::acceptAll);
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:%d/%s?user=vt_dba&sslMode=DISABLED"
            .formatted(port.getLocalPort(), database));
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket client = port.accept();
      SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      // The streams of a channel would wait for each other.
      start("to-mysqld", () -> toServer(client, server));
      start("from-mysqld", () -> toClient(server, client));
    }
  }

  private static void toServer(Socket client, SocketChannel server) throws IOException {
    try (server) {
      byte[] bytes = new byte[8192];
      for (int length; (length = client.getInputStream().read(bytes)) > 0; ) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
          server.write(buffer);
        }
      }
    }
  }

  private static void toClient(SocketChannel server, Socket client) throws IOException {
    try (client) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (server.read(buffer.clear()) > 0) {
        client.getOutputStream().write(buffer.array(), 0, buffer.position());
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two sides is closed.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    port.close();
  }
}
