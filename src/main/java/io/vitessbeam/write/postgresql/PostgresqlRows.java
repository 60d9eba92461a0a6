package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.PostgresqlFailures;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.read.postgresql.FoundTable;
import io.vitessbeam.read.postgresql.PostgresqlColumn;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.relay.PlainBlocks;
import io.vitessbeam.write.postgresql.copy.BlockCopy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads rows of a table, see {@link RawColumn}. Keys by which rows are found are copied into a
 * temporary table first, so that any number of them, of any type, are found in one statement.
 */
final class PostgresqlRows {

  private static final String KEYS = "pg_temp.\"_vitessbeam_keys\"";

  private final PostgresqlUri uri;
  private final TargetTable table;
  private final FoundTable found;
  private final TableColumns present;
  private final TableSchema columns;

  /**
   * @param table with its schema
   * @param columns those to read, with the types of their values' source
   */
  PostgresqlRows(
      PostgresqlUri uri,
      TargetTable table,
      FoundTable found,
      TableColumns present,
      TableSchema columns) {
    this.uri = uri;
    this.table = table;
    this.found = found;
    this.present = present;
    this.columns = columns;
  }

  void all(Consumer<Block> sink) {
    read(session -> PostgresqlSql.quoted(table) + " t", sink);
  }

  void ofKeys(Iterator<Block> keys, Consumer<Block> sink) {
    if (keys.hasNext()) {
      read(session -> joined(session, keys), sink);
    }
  }

  /** What is read from, once the session is ready for it. */
  @FunctionalInterface
  private interface From {
    String prepare(PostgresqlSession session) throws SQLException;
  }

  private void read(From from, Consumer<Block> sink) {
    // Its transaction ends with it: nothing is written that is to stay.
    try (PostgresqlSession session = PostgresqlSession.patient(uri)) {
      session.begin(PostgresqlSession.Purpose.STAGING);
      copy(session, from.prepare(session), sink);
    } catch (SQLException e) {
      throw PostgresqlFailures.running("Reading " + table + " in " + uri, e);
    }
  }

  private void copy(PostgresqlSession session, String from, Consumer<Block> sink) {
    List<Column> printed = new ArrayList<>();
    List<ValueText> texts = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (Column column : columns.columns()) {
      int index = found.schema().indexOf(column.name());
      PostgresqlColumn any = found.columns().get(index);
      RawColumn raw = RawColumn.of(column, present.type(column.name()), any);
      printed.add(found.schema().columns().get(index));
      texts.add(raw.text());
      expressions.add(raw.expression());
    }
    TableSchema schema = found.schema().withColumns(printed);
    String select = "SELECT " + String.join(", ", expressions) + " FROM " + from;
    try (SourceRows rows = session.copied(schema, texts, select)) {
      PlainBlocks.each(columns, rows::next, sink);
    }
  }

  private String joined(PostgresqlSession session, Iterator<Block> keys) throws SQLException {
    Block block = keys.next();
    TableSchema key = block.schema();
    List<String> names = key.columns().stream().map(Column::name).toList();
    session.execute(
        "CREATE TEMP TABLE %s (%s) ON COMMIT DROP"
            .formatted(KEYS, TableColumns.of(key).definitions()));
    String sql = "COPY " + KEYS + " FROM STDIN (FORMAT binary)";
    BlockCopy copy = new BlockCopy(key, false);
    while (block != null) {
      long copied = copy.copy(session.copying(sql), sql, block, 0);
      if (copied != block.rows()) {
        throw new DataException(
            "Looking for rows of %s: PostgreSQL took %,d of %,d keys"
                .formatted(table, copied, block.rows()));
      }
      block = keys.hasNext() ? keys.next() : null;
    }
    session.execute("ANALYZE " + KEYS);
    return "%s k JOIN %s t ON %s"
        .formatted(
            KEYS,
            PostgresqlSql.quoted(table),
            names.stream().map(this::same).collect(Collectors.joining(" AND ")));
  }

  private String same(String column) {
    String name = PostgresqlSql.quoted(column);
    return "t." + name + " = CAST(k." + name + " AS " + present.type(column) + ")";
  }
}
