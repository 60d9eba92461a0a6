package io.vitessbeam.pipelines;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.connect.PostgresqlUri;

/**
 * Where a load goes.
 *
 * @param name for people
 * @param write to a table that is yet to be named
 */
record LoadDestination(String name, VitessWrite write) {

  /** Reads the options; every mistake is a {@link UsageException}. */
  static LoadDestination of(Wanted wanted) {
    if (PostgresqlUri.SCHEMES.contains(wanted.destScheme())) {
      PostgresqlUri uri = Wanted.parsed("--dest-uri", wanted.destUri(), PostgresqlUri::parse);
      return new LoadDestination(uri.toString(), VitessWrite.to(uri));
    }
    DuckDbUri uri = wanted.destination();
    return new LoadDestination(uri.path(), VitessWrite.to(uri));
  }

  /** The schema of a table that is named without one. */
  static String defaultSchema(String scheme) {
    return PostgresqlUri.SCHEMES.contains(scheme) ? "public" : DestinationTable.DEFAULT_SCHEMA;
  }
}
