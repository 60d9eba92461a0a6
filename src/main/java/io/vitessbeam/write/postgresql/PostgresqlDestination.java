package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.postgresql.PostgresqlResolver;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.TargetTable;
import java.util.Objects;
import java.util.Optional;

/** A PostgreSQL database, which any number of JVMs write at the same time. */
public record PostgresqlDestination(PostgresqlUri uri) implements Destination {

  public PostgresqlDestination {
    Objects.requireNonNull(uri, "uri");
  }

  @Override
  public String description() {
    return uri.toString();
  }

  @Override
  public Optional<TableSchema> table(TargetTable table) {
    TargetTable named = LoadId.withSchema(table);
    return PostgresqlResolver.find(uri, new TableName(named.schema(), named.table()));
  }

  @Override
  public Loader loader(LoadSpec spec) {
    return Loads.ofThisJvm().acquire(new LoadId(uri, spec));
  }

  @Override
  public void abort(String runId) {
    Loads.ofThisJvm().abort(uri, runId);
  }
}
