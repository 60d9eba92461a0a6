package io.vitessbeam.write.postgresql;

import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.strategy.StagedKeys;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names and the SQL of the two tables of a load: the staging table, which takes the rows, and
 * the ledger of the blocks that are in it. They are in the target's schema; their names stand for
 * the load, and for the plan of the read and the columns: rows of different ones never meet.
 */
record StagingTables(String schema, Digest load, String plan) {

  /** Numbers the rows of a staging table in the order in which they were read. */
  static final String ROW = "_vitessbeam_row";

  private static final String STAGING = "_vitessbeam_staging_";
  private static final String LEDGER = "_vitessbeam_ledger_";
  private static final Pattern NAME = Pattern.compile(STAGING + "([0-9a-f]{16})_([0-9a-f]{16})");

  /** A table that is renamed has to survive a crash of the server; others are quicker. */
  enum Kind {
    LOGGED("CREATE TABLE "),
    UNLOGGED("CREATE UNLOGGED TABLE ");

    private final String create;

    Kind(String create) {
      this.create = create;
    }
  }

  static StagingTables of(LoadId<PostgresqlUri> id, TableSchema schema, Origin origin) {
    Digest plan =
        Digest.of(
            Long.toHexString(origin.plan()), Integer.toString(origin.ranges()), columns(schema));
    return new StagingTables(id.table().schema(), id.digest(), plan.toString());
  }

  /** Of a staging table's name; empty for every other name. */
  static Optional<StagingTables> parse(String schema, String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(new StagingTables(schema, Digest.parse(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  /** The query for the names of staging tables of a schema that one may drop. */
  static String findAll(String schema) {
    return "SELECT c.relname"
        + PostgresqlSql.CLASSES
        + "n.nspname = "
        + PostgresqlSql.literal(schema)
        + " AND c.relname LIKE "
        + PostgresqlSql.literal(STAGING.replace("_", "\\_") + "%")
        + " AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE') ORDER BY 1";
  }

  TargetTable staging() {
    return new TargetTable(schema, STAGING + load + "_" + plan);
  }

  TargetTable ledger() {
    return new TargetTable(schema, LEDGER + load + "_" + plan);
  }

  List<String> create(TableSchema columns, Kind kind, boolean numbered, List<String> key) {
    String number = numbered ? ", " + PostgresqlSql.quoted(ROW) + " bigint NOT NULL" : "";
    return List.of(
        kind.create + PostgresqlSql.quoted(staging()) + " (" + columns(columns) + number + ")",
        kind.create
            + PostgresqlSql.quoted(ledger())
            + " (range integer, sequence bigint, row_count bigint NOT NULL, left_out bigint NOT"
            + " NULL, checksum bigint NOT NULL, PRIMARY KEY (range, sequence))",
        "COMMENT ON TABLE "
            + PostgresqlSql.quoted(ledger())
            + " IS "
            + PostgresqlSql.literal(StagedKeys.text(key)));
  }

  private static String columns(TableSchema schema) {
    return schema.columns().stream()
        .map(StagingTables::definition)
        .collect(Collectors.joining(", "));
  }

  private static String definition(Column column) {
    String type = column.type().base().postgresql(column.type());
    return PostgresqlSql.quoted(column.name())
        + " "
        + type
        + (column.nullable() ? "" : " NOT NULL");
  }

  List<String> drop() {
    return List.of(
        "DROP TABLE IF EXISTS " + PostgresqlSql.quoted(staging()),
        "DROP TABLE IF EXISTS " + PostgresqlSql.quoted(ledger()));
  }
}
