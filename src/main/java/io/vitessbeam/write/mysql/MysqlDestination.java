package io.vitessbeam.write.mysql;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import java.util.Objects;

/** A server of the MySQL protocol, into which any number of JVMs may stage at once. */
public final class MysqlDestination implements Destination {

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
  public Loader loader(LoadSpec spec) {
    return Loads.ofThisJvm().acquire(new LoadId(server, spec));
  }

  @Override
  public void abort(String runId) {
    Loads.ofThisJvm().abort(server, runId);
  }
}
