package io.vitessbeam.write.duckdb.file;

import io.vitessbeam.write.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What tables and schemas a file has, whose names are the same if they differ in case only.
 *
 * @param name of the file's database, in full names
 */
public record FileCatalog(Connection connection, String name) {

  public static final String DEFAULT_SCHEMA = "main";

  public static String schemaOf(TargetTable table) {
    return table.schema().isEmpty() ? DEFAULT_SCHEMA : table.schema();
  }

  /** A condition on the functions that list the catalog, to find a table. */
  public static String named(String catalog, TargetTable table) {
    return "database_name = %s AND lower(schema_name) = lower(%s) AND lower(table_name) = lower(%s)"
        .formatted(
            DuckDbSql.literal(catalog),
            DuckDbSql.literal(schemaOf(table)),
            DuckDbSql.literal(table.table()));
  }

  /** The same of this catalog. */
  public String named(TargetTable table) {
    return named(name, table);
  }

  /** {@code BASE TABLE}, another type in upper case, or null if there is none of the name. */
  public String type(TargetTable table) throws SQLException {
    return DuckDbSql.text(
        connection,
        "SELECT table_type FROM information_schema.tables WHERE table_catalog = %s AND lower(table_schema) = lower(%s) AND lower(table_name) = lower(%s)"
            .formatted(
                DuckDbSql.literal(name),
                DuckDbSql.literal(schemaOf(table)),
                DuckDbSql.literal(table.table())));
  }

  /** Whether there is a table. */
  public boolean hasTable(TargetTable table) throws SQLException {
    return DuckDbSql.number(
            connection, "SELECT count(*) FROM duckdb_tables() WHERE " + named(table))
        > 0;
  }

  /** The comment of a table, null if there is none. */
  public String comment(TargetTable table) throws SQLException {
    return DuckDbSql.text(connection, "SELECT comment FROM duckdb_tables() WHERE " + named(table));
  }

  public boolean hasSchema(String schema) throws SQLException {
    return DuckDbSql.number(
            connection,
            "SELECT count(*) FROM duckdb_schemas() WHERE database_name = %s AND lower(schema_name) = lower(%s)"
                .formatted(DuckDbSql.literal(name), DuckDbSql.literal(schema)))
        > 0;
  }

  /** Drops a schema if nothing is in it. */
  public void dropIfEmpty(String schema) throws SQLException {
    boolean empty =
        DuckDbSql.number(
                connection,
                "SELECT count(*) FROM information_schema.tables WHERE table_catalog = %s AND table_schema = %s"
                    .formatted(DuckDbSql.literal(name), DuckDbSql.literal(schema)))
            == 0;
    if (empty) {
      DuckDbSql.execute(
          connection,
          List.of(
              "DROP SCHEMA IF EXISTS " + DuckDbSql.quoted(name) + "." + DuckDbSql.quoted(schema)));
    }
  }
}
