package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.util.Objects;

/** One table of one run at one database. */
record LoadId(PostgresqlUri uri, LoadSpec spec) {

  private static final String DEFAULT_SCHEMA = "public";

  LoadId {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(spec, "spec");
  }

  /** The table with its schema. */
  TargetTable table() {
    return withSchema(spec.table());
  }

  static TargetTable withSchema(TargetTable table) {
    return table.schema().isEmpty() ? new TargetTable(DEFAULT_SCHEMA, table.table()) : table;
  }

  /** Stands for the run and the table, whatever their names hold. */
  Digest digest() {
    return Digest.of("load", spec.runId(), table().schema(), table().table());
  }
}
