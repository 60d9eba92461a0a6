package io.vitessbeam.write.mysql;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.Retry;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.relay.RelayedRun;
import io.vitessbeam.write.follow.relay.ServerDestination;
import io.vitessbeam.write.follow.relay.ServerTables;
import java.util.Objects;
import java.util.Optional;

/** A server of the MySQL protocol, into which any number of JVMs may stage at once. */
public final class MysqlDestination implements ServerDestination {

  private static final long serialVersionUID = 1L;

  private final Server server;

  private MysqlDestination(Server server) {
    this.server = Objects.requireNonNull(server, "server");
  }

  /** An unsharded keyspace of a Vitess, which must exist. */
  public static MysqlDestination vitess(VitessUri uri) {
    return new MysqlDestination(new VitessServer(uri));
  }

  /** A database of a MySQL server, which must exist. */
  public static MysqlDestination mysql(MysqlUri uri) {
    return new MysqlDestination(new PlainServer(uri));
  }

  @Override
  public String description() {
    return server.description();
  }

  @Override
  public Optional<TableSchema> table(TargetTable table) {
    String database = table.schema().isEmpty() ? server.defaultDatabase() : table.schema();
    try (ServerSessions sessions =
        new ServerSessions(server.database(database), Retry.DEFAULT_PATIENCE)) {
      return sessions.call(
          "Looking at " + table,
          session ->
              TableInfo.read(session.connection(), database, table.table()).map(TableInfo::schema));
    }
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return MysqlLoads.ofThisJvm().acquire(server.id(spec));
  }

  @Override
  public SyncLoader follower(SyncSpec spec) {
    return RelayedRun.acquire(this, spec);
  }

  @Override
  public ServerTables tables() {
    return new MysqlFollowedTables(server);
  }

  @Override
  public void abort(String owner) {
    RelayedRun.abort(owner);
    MysqlLoads.ofThisJvm().abort(server, owner);
  }
}
