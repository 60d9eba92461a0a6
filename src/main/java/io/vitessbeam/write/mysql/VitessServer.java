package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.TabletType;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A vtgate with unsharded keyspaces. Sessions are targeted at the one shard, where statements reach
 * MySQL as they are written.
 */
record VitessServer(VitessUri uri) implements Server {

  VitessServer {
    Objects.requireNonNull(uri, "uri");
    if (uri.tabletType() != TabletType.PRIMARY) {
      throw new ConfigurationException(
          "A table can't be written on a "
              + uri.tabletType().targetName()
              + " tablet: leave @"
              + uri.tabletType().targetName()
              + " out of the URI");
    }
  }

  @Override
  public String description() {
    return "Vitess " + uri;
  }

  @Override
  public String defaultDatabase() {
    return uri.keyspace();
  }

  @Override
  public Database database(String name) {
    Vtgate vtgate = new Vtgate(uri.withKeyspace(name));
    List<String> shards = vtgate.shards();
    if (shards.size() > 1) {
      throw new ConfigurationException(
          "Keyspace "
              + name
              + " is sharded ("
              + String.join(", ", shards)
              + ") and can't be loaded into: a table is published by one RENAME or in transactions,"
              + " neither of which spans shards. Name an unsharded keyspace in the URI or in the"
              + " table's name (SHOW VITESS_SHARDS lists them), and move the table from there with"
              + " MoveTables");
    }
    return new Keyspace(name, vtgate, shards.get(0));
  }

  private record Keyspace(String name, Vtgate vtgate, String shard) implements Database {

    @Override
    public Connection writer() {
      return vtgate.writer(shard);
    }

    /**
     * Not targeted at the shard: only so does vtgate keep a session at a tablet for a lock. The
     * lock is in the first of all keyspaces then, whichever keyspace the session is in.
     */
    @Override
    public Connection signer() {
      return vtgate.writer("");
    }

    @Override
    public Connection reader() {
      return vtgate.reading(shard);
    }

    @Override
    public Optional<String> withoutLimits() {
      return Optional.of("SET workload = 'dba'");
    }
  }
}
