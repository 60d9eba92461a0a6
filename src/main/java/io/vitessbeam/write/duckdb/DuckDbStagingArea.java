package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.strategy.LoadedColumn;
import io.vitessbeam.write.strategy.StagedKeys;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The staging table and the ledger of one load in its open file. For one thread at a time. */
final class DuckDbStagingArea implements DuckDbLoad.Area {

  /** The entry of the ledger that says how many staged rows were removed again. */
  static final int REMOVED = -1;

  private final DuckDbFile file;
  private final LoadSpec spec;
  private final DuckDbStagingTables tables;
  private final Connection connection;
  private final FileCatalog catalog;
  private boolean createdSchema;

  /** Touches nothing yet. */
  DuckDbStagingArea(DuckDbFile file, LoadId<DuckDbUri> id) {
    this.file = file;
    this.spec = id.spec();
    this.tables = new DuckDbStagingTables(file.catalog(), id.table(), id.digest().toString());
    this.connection = file.connect();
    this.catalog = new FileCatalog(connection, file.catalog());
  }

  DuckDbFile file() {
    return file;
  }

  DuckDbStagingTables tables() {
    return tables;
  }

  /**
   * Creates the tables, or joins those that a former try of the same run left.
   *
   * @return the ranges that are staged already, with their rows
   */
  Map<Integer, Long> prepare(TableSchema schema, long plan, int ranges) {
    String mark = tables.stagedMark(schema, plan, ranges);
    spec.requireFit(schema);
    try {
      failIfNotReplaceable();
      return file.change(() -> prepareTables(schema, mark));
    } catch (SQLException e) {
      throw failure("Staging", e);
    }
  }

  private Map<Integer, Long> prepareTables(TableSchema schema, String mark) throws SQLException {
    if (isStaged() && mark.equals(catalog.comment(staging()))) {
      return ledger();
    }
    List<String> statements = new ArrayList<>(tables.drop());
    if (!catalog.hasSchema(tables.schemaName())) {
      statements.add(tables.createSchema());
      createdSchema = true;
    }
    statements.add(tables.createStaging(schema));
    statements.add(tables.commentStaging(mark));
    statements.addAll(tables.commentLongDecimals(schema));
    statements.add(tables.createLedger());
    statements.add(tables.commentLedger(StagedKeys.text(spec.keyOf(schema))));
    DuckDbSql.atomically(connection, statements);
    return Map.of();
  }

  private List<String> key() throws SQLException {
    return StagedKeys.parse(catalog.comment(tables.beside(tables.ledgerName())));
  }

  /** Throws if something else than a table has the target's name. */
  void failIfNotReplaceable() throws SQLException {
    tables.table().requireReplaceable(catalog.type(tables.table()), file.path());
  }

  boolean isStaged() throws SQLException {
    return catalog.hasTable(staging());
  }

  private TargetTable staging() {
    return tables.beside(tables.stagingName());
  }

  /** The ranges that are staged completely, with their rows. */
  Map<Integer, Long> ledger() throws SQLException {
    Map<Integer, Long> ledger = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(tables.readLedger())) {
      while (rows.next()) {
        ledger.put(rows.getInt(1), rows.getLong(2));
      }
    }
    return ledger;
  }

  long countStaged() throws SQLException {
    return number(tables.countStaged());
  }

  /** Leaves one row of each key, where keys matter, and notes in the ledger how many went. */
  void makeUnique() throws SQLException {
    if (!StagedKeys.matter(spec, key()) || ledger().containsKey(REMOVED)) {
      return;
    }
    StagedKeys keys =
        new StagedKeys(
            new DuckDbDialect(connection),
            spec,
            tables.table(),
            stagedColumns(),
            key(),
            tables.staging(),
            "rowid");
    DuckDbSql.atomically(
        connection,
        () -> {
          long removed = keys.makeUnique();
          DuckDbSql.execute(connection, List.of(tables.insertReceipt(REMOVED, removed)));
          return null;
        });
  }

  private List<LoadedColumn> stagedColumns() throws SQLException {
    Set<String> numbers = longDecimals();
    List<LoadedColumn> columns = new ArrayList<>();
    TargetColumns.read(connection, tables.stagingName(), catalog.named(staging()))
        .types()
        .forEach(
            (name, type) ->
                columns.add(
                    new LoadedColumn(
                        name, DuckDbDialect.order(type, numbers.contains(name)), type, type)));
    return columns;
  }

  /** The staged columns that hold numbers, though as text. */
  private Set<String> longDecimals() throws SQLException {
    return DuckDbSql.rows(
            connection,
            "SELECT column_name FROM duckdb_columns() WHERE comment = "
                + DuckDbSql.literal(DuckDbStagingTables.LONG_DECIMAL)
                + " AND "
                + catalog.named(staging()))
        .stream()
        .map(row -> row.get(0))
        .collect(Collectors.toSet());
  }

  /**
   * Brings the staged rows into the target.
   *
   * @param id in the run that they are published for
   * @param rows how many there are
   */
  void publish(LoadId<DuckDbUri> id, long rows) throws SQLException {
    file.change(
        () -> {
          bringIntoTarget(id, rows);
          return null;
        });
  }

  private void bringIntoTarget(LoadId<DuckDbUri> id, long rows) throws SQLException {
    TableIndexes indexes =
        TableIndexes.read(
            connection, tables.table() + " in " + file.path(), catalog.named(tables.table()));
    if (spec.strategy() == WriteStrategy.REPLACE) {
      DuckDbSql.atomically(
          connection,
          () -> {
            DuckDbSql.execute(connection, tables.swap(id.ofRun()));
            indexes.createAgain();
            return null;
          });
      return;
    }
    DuckDbKeptTable table =
        new DuckDbKeptTable(
            connection,
            tables,
            id.spec(),
            indexes,
            TargetColumns.read(connection, tables.stagingName(), catalog.named(staging())),
            longDecimals(),
            TargetColumns.read(
                connection, tables.table().toString(), catalog.named(tables.table())));
    DuckDbSql.atomically(
        connection,
        () -> {
          table.take(rows, key());
          List<String> statements = new ArrayList<>(tables.recordPublication(id.ofRun(), rows));
          statements.addAll(tables.drop());
          DuckDbSql.execute(connection, statements);
          return null;
        });
  }

  /** The rows that a run has published; of a table that is replaced only if nobody did after it. */
  OptionalLong publishedBy(LoadId<DuckDbUri> id) throws SQLException {
    if (spec.strategy() == WriteStrategy.REPLACE) {
      return DuckDbStagingTables.publishedMark(id.ofRun()).equals(catalog.comment(tables.table()))
          ? OptionalLong.of(number("SELECT count(*) FROM " + tables.target()))
          : OptionalLong.empty();
    }
    if (!catalog.hasTable(tables.beside(DuckDbStagingTables.PUBLISHED))) {
      return OptionalLong.empty();
    }
    String rows = text(tables.findPublication(id.ofRun()));
    return rows == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows));
  }

  /** Drops everything that this load created. */
  @Override
  public void drop() {
    try {
      DuckDbSql.execute(connection, tables.drop());
      if (createdSchema) {
        catalog.dropIfEmpty(tables.schemaName());
      }
    } catch (SQLException e) {
      throw failure("Dropping the staging tables", e);
    }
  }

  RuntimeException failure(String doing, SQLException e) {
    return DuckDbFailures.during(doing + " of " + tables.table(), file.path(), e);
  }

  private String text(String query) throws SQLException {
    return DuckDbSql.text(connection, query);
  }

  private long number(String query) throws SQLException {
    return DuckDbSql.number(connection, query);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("Closing the staging area", e);
    }
  }
}
