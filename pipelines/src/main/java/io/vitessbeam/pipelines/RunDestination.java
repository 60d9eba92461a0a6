package io.vitessbeam.pipelines;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessSync;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessUri;
import java.util.function.UnaryOperator;

/**
 * Where a run writes to.
 *
 * @param name for people; never the password
 * @param server {@code host:port}, or {@code host:port/database} where a database has schemas;
 *     empty if it is none
 * @param defaultSchema of a table that is named without one
 * @param keepsSchemas whether a table that the user gives no name goes to a schema that is called
 *     like its source's keyspace, which is created; else to the default one
 * @param write a write to it, of no table yet
 * @param sync directs a run that follows tables to it
 */
record RunDestination(
    String name,
    String server,
    String defaultSchema,
    boolean keepsSchemas,
    VitessWrite write,
    UnaryOperator<VitessSync> sync) {

  /** Reads the options; every mistake is a {@link UsageException}. */
  static RunDestination of(Wanted wanted) {
    return switch (Schemes.destination(wanted.destUri())) {
      case DUCKDB -> {
        DuckDbUri uri = wanted.duckDbDestination();
        yield new RunDestination(
            uri.path(),
            "",
            DestinationTable.DUCKDB_SCHEMA,
            true,
            VitessWrite.to(uri),
            run -> run.to(uri));
      }
      case VITESS -> {
        VitessUri uri = Wanted.parsed("--dest-uri", wanted.destUri(), VitessUri::parse);
        yield new RunDestination(
            uri.toString(),
            uri.address().hostAndPort(),
            uri.keyspace(),
            false,
            Wanted.parsed("--dest-uri", wanted.destUri(), text -> VitessWrite.to(uri)),
            run -> run.to(uri));
      }
      case MYSQL -> {
        MysqlUri uri = Wanted.parsed("--dest-uri", wanted.destUri(), MysqlUri::parse);
        yield new RunDestination(
            uri.toString(),
            uri.address().hostAndPort(),
            uri.database(),
            false,
            VitessWrite.to(uri),
            run -> run.to(uri));
      }
      case POSTGRESQL -> {
        PostgresqlUri uri = Wanted.parsed("--dest-uri", wanted.destUri(), PostgresqlUri::parse);
        yield new RunDestination(
            uri.toString(),
            uri.hostAndPort() + "/" + uri.database(),
            "public",
            true,
            VitessWrite.to(uri),
            run -> run.to(uri));
      }
    };
  }

  /**
   * The table that is named by {@code --dest-table}, or the one that is called like its source.
   *
   * @param sourceSchema empty if the source was named without one
   */
  DestinationTable table(Wanted wanted, String sourceSchema, String sourceTable) {
    if (wanted.namesDestination()) {
      return DestinationTable.parse(wanted.options().getDestTable(), defaultSchema);
    }
    return new DestinationTable(
        keepsSchemas && !sourceSchema.isEmpty() ? sourceSchema : defaultSchema, sourceTable);
  }
}
