package io.vitessbeam.write.mysql;

import io.vitessbeam.TransientException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server as a JVM sees it that dies: then its connections break and it opens no others. Its
 * transactions are small, so that few rows take many of them.
 */
final class MortalServer implements Server {

  private static final long serialVersionUID = 1L;

  private final Server server;
  private final int rowsOfTransaction;
  private final long bytesOfTransaction;
  private final transient Collection<Connection> connections = new ConcurrentLinkedQueue<>();
  private final transient Collection<Connection> signers = new ConcurrentLinkedQueue<>();
  private transient volatile boolean dead;
  private transient volatile boolean frozen;

  MortalServer(Server server, int rowsOfTransaction) {
    this(server, rowsOfTransaction, Database.BYTES_OF_TRANSACTION);
  }

  MortalServer(Server server, int rowsOfTransaction, long bytesOfTransaction) {
    this.bytesOfTransaction = bytesOfTransaction;
    this.server = server;
    this.rowsOfTransaction = rowsOfTransaction;
  }

  void die() throws SQLException {
    dead = true;
    for (Connection connection : connections) {
      connection.abort(Runnable::run);
    }
  }

  /** Nothing more is heard of the JVM, so that the server ends the sessions that show its life. */
  void freeze() throws SQLException {
    frozen = true;
    breakSigners();
  }

  void breakSigners() throws SQLException {
    for (Connection signer : signers) {
      signer.abort(Runnable::run);
    }
  }

  private Connection opened(Connection connection) {
    if (dead) {
      throw new SqlLog.Killed();
    }
    connections.add(connection);
    return connection;
  }

  @Override
  public String description() {
    return server.description();
  }

  @Override
  public String defaultDatabase() {
    return server.defaultDatabase();
  }

  @Override
  public Database database(String name) {
    Database database = server.database(name);
    return new Database() {
      @Override
      public String name() {
        return database.name();
      }

      @Override
      public long bytesOfTransaction() {
        return bytesOfTransaction;
      }

      @Override
      public int rowsOfTransaction() {
        return rowsOfTransaction;
      }

      @Override
      public Connection writer() {
        return opened(database.writer());
      }

      @Override
      public Connection signer() {
        if (frozen) {
          throw new TransientException("frozen", null);
        }
        Connection signer = opened(database.signer());
        signers.add(signer);
        return signer;
      }

      @Override
      public Connection reader() {
        return opened(database.reader());
      }

      @Override
      public Optional<String> withoutLimits() {
        return database.withoutLimits();
      }
    };
  }
}
