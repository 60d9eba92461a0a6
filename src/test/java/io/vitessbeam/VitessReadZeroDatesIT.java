package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Throwables;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dates that MySQL stores and no calendar has. */
class VitessReadZeroDatesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String TABLE = VITESS.newTable("zero_dates");

  @BeforeAll
  static void fill() throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      statement.execute("SET sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute(
          "CREATE TABLE "
              + TABLE
              + " (id INT PRIMARY KEY, d DATE NOT NULL, t DATETIME(3) NOT NULL,"
              + " s TIMESTAMP NULL, y YEAR)");
      statement.execute(
          "INSERT INTO "
              + TABLE
              + " VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00', 0),"
              + " (2, '2024-02-31', '2024-00-10 12:00:00', NULL, 2024),"
              + " (3, '2024-02-29', '2024-02-29 01:02:03.004', '2024-02-29', 2024)");
    }
  }

  @ParameterizedTest
  @CsvSource({"'t,s,y',d,0000-00-00", "'d,s,y',t,0000-00-00 00:00:00.000", "'d,t,y',s,0000-00-00"})
  void failByDefaultAndTellWhere(String without, String column, String value) {
    VitessRead read = read().withoutColumns(List.of(without.split(",")));

    Throwable failure =
        Throwables.getRootCause(
            catchThrowable(() -> TestPipelines.read(EmbeddedRunner.DIRECT, read)));
    assertThat(failure).hasMessageStartingWith("'" + value).hasMessageContaining("is not a date");
    assertThatThrownBy(() -> TestPipelines.read(EmbeddedRunner.DIRECT, read))
        .hasStackTraceContaining("DataException: Column " + column + " of shop." + TABLE)
        .hasStackTraceContaining("Choose another ZeroDates to read it as NULL or as text");
  }

  @Test
  void areReadAsNull() {
    List<Row> rows = read(ZeroDates.NULL);

    assertThat(rows.get(0).<Object>getValue("d")).isNull();
    assertThat(rows.get(0).<Object>getValue("t")).isNull();
    assertThat(rows.get(0).<Object>getValue("s")).isNull();
    assertThat(rows.get(0).getInt16("y")).isZero();
    assertThat(rows.get(1).<Object>getValue("d")).isNull();
    assertThat(rows.get(1).<Object>getValue("t")).isNull();
    assertThat(rows.get(2).<Object>getValue("d")).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(rows.get(2).getSchema().getField("d").getType().getNullable()).isTrue();
  }

  @Test
  void areReadAsText() {
    List<Row> rows = read(ZeroDates.TEXT);

    assertThat(rows.get(0).getString("d")).isEqualTo("0000-00-00");
    assertThat(rows.get(0).getString("t")).isEqualTo("0000-00-00 00:00:00.000");
    assertThat(rows.get(0).getString("s")).isEqualTo("0000-00-00 00:00:00");
    assertThat(rows.get(1).getString("d")).isEqualTo("2024-02-31");
    assertThat(rows.get(1).getString("t")).isEqualTo("2024-00-10 12:00:00.000");
    assertThat(rows.get(1).getString("s")).isNull();
    assertThat(rows.get(2).getString("t")).isEqualTo("2024-02-29 01:02:03.004");
  }

  private static VitessRead read() {
    return VitessRead.from(VITESS.uri(SHOP)).withTable(TABLE);
  }

  private static List<Row> read(ZeroDates choice) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, read().withZeroDates(choice)).stream()
        .sorted(Comparator.comparing(row -> row.getInt32("id")))
        .toList();
  }
}
