package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadValuesTest {

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void openDatabase() {
    database = new DatabaseFile(directory);
  }

  static Stream<Arguments> badValues() {
    ColumnType date = ColumnType.of(MysqlType.DATE);
    return Stream.of(
        Arguments.of(ColumnType.of(MysqlType.TINYINT), "128", "not between -128 and 127"),
        Arguments.of(ColumnType.unsigned(MysqlType.INT), "-1", "not between 0 and 4294967295"),
        Arguments.of(ColumnType.of(MysqlType.BIGINT), "12x", "not an integer"),
        Arguments.of(ColumnType.unsigned(MysqlType.BIGINT), "-5", "unsigned"),
        Arguments.of(ColumnType.decimal(5, 2), "1.234", "not a decimal"),
        Arguments.of(ColumnType.decimal(38, 2), "1.234", "not a decimal"),
        Arguments.of(ColumnType.of(MysqlType.DOUBLE), "x", "can't be read"),
        Arguments.of(ColumnType.of(MysqlType.BIT, 8), "123456789", "BIT"),
        Arguments.of(ColumnType.of(MysqlType.TIME), "noon", "not a time"),
        Arguments.of(date, "yesterday", "not a date"),
        Arguments.of(date, "0000-00-00", "--zero-dates=null or --zero-dates=text"),
        Arguments.of(ColumnType.of(MysqlType.DATETIME), "2024-02-31 00:00:00", "--zero-dates="),
        Arguments.of(ColumnType.of(MysqlType.TIMESTAMP), "0000-00-00 00:00:00", "--zero-dates="),
        Arguments.of(ColumnType.of(MysqlType.JSON), "{", "JSON"));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void aValueThatDoesNotFitIsNamedAndNothingStays(ColumnType type, String value, String reason)
      throws Exception {
    List<byte[]> values = new ArrayList<>();
    values.add(null);
    values.add(value.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> load(new Column("c", type, true), values))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shop.t")
        .hasMessageContaining(value)
        .hasMessageContaining(reason);
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void aLongValueIsCut() {
    byte[] value = "9".repeat(500).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> load(new Column("c", ColumnType.of(MysqlType.INT), true), List.of(value)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'" + "9".repeat(80) + "…'")
        .hasMessageNotContaining("9".repeat(81));
  }

  @Test
  void textThatIsNotUtf8IsAnErrorThatNamesItsColumn() {
    byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    byte[] longLatin1 = "caf\u00e9".repeat(2000).getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] value : List.of(latin1, longLatin1)) {
      assertThatThrownBy(
              () -> load(new Column("c", ColumnType.of(MysqlType.TEXT), true), List.of(value)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("Column c of shop.t")
          .hasMessageContaining("not valid UTF-8");
    }
  }

  @Test
  void nullForANotNullColumnIsAnErrorThatNamesIt() {
    List<byte[]> values = new ArrayList<>();
    values.add(null);
    assertThatThrownBy(() -> load(new Column("c", ColumnType.of(MysqlType.INT), false), values))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column c of shop.t is NOT NULL");
  }

  @Test
  void datesThatNoCalendarHasBecomeNullWhereThatWasChosen() throws Exception {
    Column column = new Column("c", ColumnType.of(MysqlType.DATE).withZeroAsNull(), true);
    load(
        column,
        Stream.of("0000-00-00", "2024-01-02", "2024-02-00")
            .map(date -> date.getBytes(StandardCharsets.UTF_8))
            .toList());

    assertThat(database.query("SELECT c::VARCHAR FROM t"))
        .containsExactly(null, "2024-01-02", null);
  }

  private void load(Column column, List<byte[]> values) {
    database.load("run", "t", Rows.ofColumn(column, values));
  }
}
