package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryType.Value;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A column of every MySQL type arrives in PostgreSQL, value by value, on both embedded runners. */
class IngestPostgresqlEveryTypeIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final TestPostgresql SERVER = TestPostgresql.shared();
  private static final List<TypedColumn> COLUMNS =
      EveryType.columns().stream().map(IngestPostgresqlEveryTypeIT::withoutNul).toList();

  private static String table;

  @BeforeAll
  static void fill() throws SQLException {
    table = EveryTypeTable.create(VITESS, COLUMNS);
  }

  /** Which text of PostgreSQL can't hold. */
  private static TypedColumn withoutNul(TypedColumn column) {
    List<Value> values =
        column.values().stream()
            .map(
                value ->
                    value.expected() instanceof String text && text.indexOf('\0') >= 0
                        ? new Value(value.sql().replace("5c000a", "5c0a"), text.replace("\0", ""))
                        : value)
            .toList();
    return new TypedColumn(column.name(), column.definition(), values);
  }

  private static void load(EmbeddedRunner runner) {
    IngestRun run =
        IngestRun.on(
            runner,
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=" + SERVER.uri());
    assertThat(run.status()).as(run.err()).isZero();
  }

  @OnEachRunner
  void everyValueArrivesExactly(EmbeddedRunner runner) throws SQLException {
    load(runner);
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET extra_float_digits = 3");
      for (TypedColumn column : COLUMNS) {
        assertColumn(statement, column);
      }
    }
  }

  private static void assertColumn(Statement statement, TypedColumn column) throws SQLException {
    String value =
        column.definition().startsWith("TIME(") || column.definition().equals("TIME")
            ? "(extract(epoch FROM " + column.name() + ") * 1000000)::bigint"
            : column.name();
    try (ResultSet rows =
        statement.executeQuery("SELECT " + value + " FROM " + table + " ORDER BY id")) {
      assertThat(rows.next()).isTrue();
      if (!column.definition().contains("GENERATED")) {
        assertThat(rows.getObject(1)).as(column.definition()).isNull();
      }
      for (int row = 1; row < EveryTypeTable.ROWS; row++) {
        assertThat(rows.next()).isTrue();
        Object expected = column.at(row - 1).expected();
        assertThat(canonical(actual(rows, expected, column)))
            .as(column.definition() + " " + column.at(row - 1).sql())
            .isEqualTo(canonical(expected(expected, column)));
      }
      assertThat(rows.next()).isFalse();
    }
  }

  /** PostgreSQL's own value in the Java type of the expectation. */
  private static Object actual(ResultSet row, Object expected, TypedColumn column)
      throws SQLException {
    if (column.definition().startsWith("BIT")) {
      return row.getBigDecimal(1);
    }
    if (expected instanceof byte[]) {
      return row.getBytes(1);
    }
    if (expected instanceof LocalDate) {
      return row.getObject(1, LocalDate.class);
    }
    if (expected instanceof LocalDateTime) {
      return row.getObject(1, LocalDateTime.class);
    }
    if (expected instanceof Instant) {
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
    if (expected instanceof Duration) {
      return Duration.of(row.getLong(1), ChronoUnit.MICROS);
    }
    if (expected instanceof Float) {
      return row.getFloat(1);
    }
    if (expected instanceof Double) {
      return row.getDouble(1);
    }
    return expected instanceof Number ? row.getBigDecimal(1) : row.getString(1);
  }

  private static Object expected(Object expected, TypedColumn column) {
    return column.definition().startsWith("BIT")
        ? new BigDecimal(new BigInteger(1, (byte[]) expected))
        : expected;
  }

  private static String canonical(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Number && !(value instanceof Float) && !(value instanceof Double)) {
      return new BigDecimal(value.toString()).toPlainString();
    }
    return value.toString();
  }

  @Test
  void everyColumnHasTheTypeThatHoldsItsValues() throws SQLException {
    load(EmbeddedRunner.DIRECT);
    Map<String, String> types =
        Map.ofEntries(
            Map.entry("TINYINT(1)", "smallint"),
            Map.entry("TINYINT UNSIGNED", "smallint"),
            Map.entry("SMALLINT UNSIGNED", "integer"),
            Map.entry("MEDIUMINT UNSIGNED", "integer"),
            Map.entry("INT UNSIGNED", "bigint"),
            Map.entry("BIGINT UNSIGNED", "numeric(20,0)"),
            Map.entry("YEAR", "smallint"),
            Map.entry("BIT(12)", "bigint"),
            Map.entry("BIT(64)", "numeric(20,0)"),
            Map.entry("DECIMAL(65,30)", "numeric(65,30)"),
            Map.entry("FLOAT(7,3)", "real"),
            Map.entry("DOUBLE(10,3)", "double precision"),
            Map.entry("DATETIME", "timestamp(0) without time zone"),
            Map.entry("DATETIME(3)", "timestamp(3) without time zone"),
            Map.entry("TIMESTAMP(6)", "timestamp(6) with time zone"),
            Map.entry("TIME(3)", "interval"),
            Map.entry("VARCHAR(300) CHARACTER SET utf8mb4", "character varying(300)"),
            Map.entry("CHAR(20) CHARACTER SET utf8mb4", "character varying(20)"),
            Map.entry("LONGTEXT", "text"),
            Map.entry("BINARY(8)", "bytea"),
            Map.entry("LONGBLOB", "bytea"),
            Map.entry("ENUM('1','0')", "text"),
            Map.entry("SET('a','it''s','é')", "text"),
            Map.entry("JSON", "json"),
            Map.entry("POINT", "bytea"));
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement()) {
      for (TypedColumn column : COLUMNS) {
        if (!types.containsKey(column.definition())) {
          continue;
        }
        try (ResultSet row =
            statement.executeQuery(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '"
                    + table
                    + "'::regclass AND attname = '"
                    + column.name()
                    + "'")) {
          assertThat(row.next()).isTrue();
          assertThat(row.getString(1))
              .as(column.definition())
              .isEqualTo(types.get(column.definition()));
        }
      }
    }
  }
}
