package io.vitessbeam.write.mysql;

import io.vitessbeam.connect.MysqlServer;
import io.vitessbeam.connect.MysqlUri;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/** A MySQL server without a Vitess before it. */
record PlainServer(MysqlUri uri) implements Server {

  /** Of a machine that is gone MySQL hears only so; vttablet has 30 s. */
  private static final int SIGNER_IDLE_SECONDS = 60;

  PlainServer {
    Objects.requireNonNull(uri, "uri");
  }

  @Override
  public String description() {
    return "MySQL " + uri;
  }

  @Override
  public String defaultDatabase() {
    return uri.database();
  }

  @Override
  public Database database(String name) {
    MysqlServer sessions = uri.withKeyspace(name).sessions();
    return new Schema(name, sessions, sessions.shards().get(0));
  }

  private record Schema(String name, MysqlServer sessions, String part) implements Database {

    @Override
    public Connection writer() {
      return sessions.writer(part);
    }

    @Override
    public Connection signer() {
      Connection connection = writer();
      try {
        MysqlSql.update(connection, "SET SESSION wait_timeout = " + SIGNER_IDLE_SECONDS);
        return connection;
      } catch (SQLException e) {
        new MysqlSession(connection).abandon();
        throw MysqlFailures.of("Opening a session of " + name, e);
      }
    }

    @Override
    public Connection reader() {
      return sessions.reading(part);
    }

    @Override
    public Optional<String> withoutLimits() {
      return Optional.empty();
    }
  }
}
