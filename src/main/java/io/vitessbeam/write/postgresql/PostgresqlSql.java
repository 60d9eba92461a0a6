package io.vitessbeam.write.postgresql;

import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.write.TargetTable;
import java.util.Collection;
import java.util.stream.Collectors;

/** Text of SQL. */
final class PostgresqlSql {

  /** What stands before a condition on relations and their schemas. */
  static final String CLASSES =
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ";

  /** In an INSERT: identity columns take the values of the rows, which are the source's. */
  static final String OVERRIDING = "OVERRIDING SYSTEM VALUE";

  private PostgresqlSql() {}

  static String quoted(String identifier) {
    return QuotedName.identifier(identifier);
  }

  static String quoted(TargetTable table) {
    return quoted(table.schema()) + "." + quoted(table.table());
  }

  static String quoted(Collection<String> identifiers) {
    return identifiers.stream().map(PostgresqlSql::quoted).collect(Collectors.joining(", "));
  }

  static String literal(String text) {
    return QuotedName.literal(text);
  }

  /** A condition on {@code pg_class c} and its namespace {@code n} that names a table. */
  static String named(TargetTable table) {
    return "n.nspname = " + literal(table.schema()) + " AND c.relname = " + literal(table.table());
  }
}
