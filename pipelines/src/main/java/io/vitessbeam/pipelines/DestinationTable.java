package io.vitessbeam.pipelines;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.QuotedName;
import io.vitessbeam.schema.TableName;
import java.util.Objects;

/**
 * A destination table: {@code table} or {@code schema.table}, parts in double quotes may hold dots.
 */
public record DestinationTable(String schema, String table) {

  /** Where DuckDB puts tables that are named without a schema. */
  static final String DUCKDB_SCHEMA = "main";

  public DestinationTable {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(table, "table");
  }

  /**
   * @param defaultSchema of a table that is named without one
   * @throws UsageException for anything else
   */
  static DestinationTable parse(String text, String defaultSchema) {
    TableName name;
    try {
      name = QuotedName.parse(text, defaultSchema);
    } catch (ConfigurationException e) {
      throw wrong(text);
    }
    if (name.keyspace().isBlank() || name.table().isBlank()) {
      throw wrong(text);
    }
    return new DestinationTable(name.keyspace(), name.table());
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "--dest-table '"
            + text
            + "' is neither table nor schema.table (quote a name with dots: schema.\"a.b\")");
  }

  /** As it is written in SQL and in {@code --dest-table}, quoted only where it must be. */
  @Override
  public String toString() {
    return quoted(schema) + "." + quoted(table);
  }

  private static String quoted(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
