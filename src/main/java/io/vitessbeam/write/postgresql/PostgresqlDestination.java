package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.postgresql.FoundTable;
import io.vitessbeam.read.postgresql.PostgresqlResolver;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.relay.RelayedRun;
import io.vitessbeam.write.follow.relay.ServerDestination;
import io.vitessbeam.write.follow.relay.ServerTables;
import io.vitessbeam.write.load.LoadId;
import java.util.Objects;
import java.util.Optional;

/** A PostgreSQL database, which any number of JVMs write at the same time. */
public record PostgresqlDestination(PostgresqlUri uri) implements ServerDestination {

  public PostgresqlDestination {
    Objects.requireNonNull(uri, "uri");
  }

  @Override
  public String description() {
    return uri.toString();
  }

  @Override
  public Optional<TableSchema> table(TargetTable table) {
    TargetTable named = table.in(Target.DEFAULT_SCHEMA);
    return PostgresqlResolver.find(uri, new TableName(named.schema(), named.table()))
        .map(FoundTable::schema);
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return PostgresqlLoads.ofThisJvm().acquire(LoadId.of(uri, Target.DEFAULT_SCHEMA, spec));
  }

  @Override
  public SyncLoader follower(SyncSpec spec) {
    return RelayedRun.acquire(this, spec);
  }

  @Override
  public ServerTables tables() {
    return new PostgresqlFollowedTables(uri);
  }

  @Override
  public void abort(String owner) {
    RelayedRun.abort(owner);
    PostgresqlLoads.ofThisJvm().abort(uri, owner);
  }
}
