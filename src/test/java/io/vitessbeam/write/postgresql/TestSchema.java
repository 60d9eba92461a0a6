package io.vitessbeam.write.postgresql;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A schema of the test server for one test, and loads into its tables. */
final class TestSchema {

  private static final TestPostgresql SERVER = TestPostgresql.shared();

  /** One for all tests: to log in takes longer than what they ask. */
  private static final Connection CONNECTION = connect();

  private final String name;

  /** Short: nobody here waits for a server that comes back. */
  static final LoadTimings TIMINGS =
      new LoadTimings(
          Duration.ofMillis(30),
          Duration.ofSeconds(1),
          Duration.ofMillis(120),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10),
          Duration.ofMillis(50),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2));

  private final PostgresqlLoads loads;

  TestSchema() {
    this(SERVER.newTable("s"));
  }

  TestSchema(String name) {
    this(name, TIMINGS);
  }

  TestSchema(String name, LoadTimings timings) {
    this.name = name;
    this.loads = new PostgresqlLoads(timings);
  }

  private static Connection connect() {
    try {
      Connection connection = SERVER.connect();
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
                + " SET bytea_output = 'hex'; SET extra_float_digits = 3");
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return name;
  }

  static PostgresqlUri uri() {
    return PostgresqlUri.parse(SERVER.uri());
  }

  static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable);
  }

  /** A run of its own into a table. */
  LoadSpec spec(String table) {
    return LoadSpec.of(UUID.randomUUID().toString()).withTable(new TargetTable(name, table));
  }

  /** Tries nothing again, as a process that dies. */
  static LoadTimings withoutPatience() {
    return new LoadTimings(
        TIMINGS.sign(),
        TIMINGS.heartbeat(),
        TIMINGS.doubt(),
        TIMINGS.silence(),
        TIMINGS.rest(),
        TIMINGS.poll(),
        TIMINGS.others(),
        Duration.ZERO);
  }

  /** Is sure that a load is dead only after so long. */
  static LoadTimings withDoubt(Duration doubt) {
    return new LoadTimings(
        TIMINGS.sign(),
        TIMINGS.heartbeat(),
        doubt,
        TIMINGS.silence(),
        TIMINGS.rest(),
        TIMINGS.poll(),
        TIMINGS.others(),
        TIMINGS.patience());
  }

  /** The process of a load is gone: nothing shows that it lives. */
  static void die(Loader loader) {
    ((PostgresqlLoad) loader).leave();
  }

  /** The load of this JVM, to be released. */
  Loader loader(LoadSpec spec) {
    return loads.acquire(LoadId.of(uri(), Target.DEFAULT_SCHEMA, spec));
  }

  /** Loads rows of one range; see {@link #block}. */
  long load(LoadSpec spec, TableSchema columns, String... rows) {
    return load(loader(spec), columns, rows);
  }

  static long load(Loader loader, TableSchema columns, String... rows) {
    try {
      return loader.publish(stage(loader, columns, rows)).rows();
    } finally {
      loader.release();
    }
  }

  /** Stages one range: a block of rows, unless there are none, and the closing block. */
  static List<StagedRange> stage(Loader loader, TableSchema columns, String... rows) {
    List<StagedRange> receipts = new ArrayList<>();
    int sequence = 0;
    if (rows.length > 0) {
      loader.stage(block(columns, new Origin(5, 0, 1, sequence++, -1, "0"), rows));
    }
    loader
        .stage(Block.closing(columns, new Origin(5, 0, 1, sequence, rows.length, "0")))
        .ifPresent(receipts::add);
    return receipts;
  }

  /** Values are between blanks, a dash for NULL, an underscore for a blank. */
  static Block block(TableSchema columns, Origin origin, String... rows) {
    BlockBuilder builder = new BlockBuilder(columns, 1024);
    for (String row : rows) {
      builder.startRow();
      for (String value : row.split(" ", -1)) {
        byte[] bytes = value.replace('_', ' ').getBytes(StandardCharsets.UTF_8);
        if (value.equals("-")) {
          builder.addNull();
        } else {
          builder.addValue(bytes, 0, bytes.length);
        }
      }
    }
    return builder.build(origin);
  }

  /** The first column of all rows, as text; {@code $s} stands for the schema. */
  List<String> query(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = CONNECTION.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet rows = statement.executeQuery(resolved(sql))) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
    }
    return values;
  }

  void execute(String... statements) throws SQLException {
    try (Statement statement = CONNECTION.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String sql : statements) {
        statement.execute(resolved(sql));
      }
    }
  }

  private String resolved(String sql) {
    return sql.replace("$s", '"' + name.replace("\"", "\"\"") + '"');
  }

  boolean exists() throws SQLException {
    return !query("SELECT 1 FROM pg_namespace WHERE nspname = " + PostgresqlSql.literal(name))
        .isEmpty();
  }

  /** The names of all tables and views. */
  List<String> tables() throws SQLException {
    return query(
        "SELECT c.relname"
            + PostgresqlSql.CLASSES
            + "c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname = "
            + PostgresqlSql.literal(name)
            + " ORDER BY 1");
  }

  /** The columns of a table, as {@code name type} and whether they are NOT NULL. */
  List<String> columns(String table) throws SQLException {
    return query(
        "SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
            + " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END FROM pg_attribute a"
            + " WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = "
            + PostgresqlSql.literal(PostgresqlSql.quoted(new TargetTable(name, table)))
            + "::regclass ORDER BY a.attnum");
  }
}
