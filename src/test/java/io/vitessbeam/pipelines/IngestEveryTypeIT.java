package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A column of every MySQL type arrives in DuckDB, value by value, on both embedded runners. */
class IngestEveryTypeIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final List<TypedColumn> COLUMNS = EveryType.columns();

  private static String table;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws SQLException {
    table = EveryTypeTable.create(VITESS, COLUMNS);
  }

  @OnEachRunner
  void everyValueArrivesExactly(EmbeddedRunner runner) throws SQLException {
    Path file = folder.resolve("types.duckdb");

    IngestRun run = IngestRun.load(runner, VITESS.uriText(SHOP), table, file);

    assertThat(run.status()).as(run.err()).isZero();
    try (Connection connection = TableRows.open(file);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < COLUMNS.size(); i++) {
        assertColumn(statement, COLUMNS.get(i));
      }
    }
  }

  private static void assertColumn(Statement statement, TypedColumn column) throws SQLException {
    // An INTERVAL has no Java type of its own in the driver.
    String value =
        column.definition().startsWith("TIME(") || column.definition().equals("TIME")
            ? "epoch_us(" + column.name() + ")"
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

  /** DuckDB's own value in the Java type of the expectation. */
  private static Object actual(ResultSet row, Object expected, TypedColumn column)
      throws SQLException {
    if (column.definition().startsWith("BIT")) {
      return new BigDecimal(row.getString(1));
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
    return expected instanceof Number ? new BigDecimal(row.getString(1)) : row.getString(1);
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
}
