package io.vitessbeam.read;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.read.cursor.RangeCursor;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.testing.TestVitess;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table whose columns change after its ranges were planned, before one of them is read. */
class AlteredTableIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INT | BIGINT | column v is BIGINT now, not INT
          INT | INT UNSIGNED | column v is INT UNSIGNED now, not INT
          INT | VARCHAR(9) | column v is LONGTEXT now, not INT
          VARCHAR(9) | INT | column v is INT now, not VARCHAR
          DECIMAL(5,2) | DECIMAL(5,3) | column v is DECIMAL(5,3) now, not DECIMAL(5,2)
          DECIMAL(5,2) | DECIMAL(7,2) | column v is DECIMAL(7,2) now, not DECIMAL(5,2)
          DATETIME | DATETIME(6) | column v is DATETIME(6) now, not DATETIME
          DATE | DATETIME | column v is DATETIME now, not DATE
          """)
  void valuesOfAnotherTypeAreNoneOfThePlanned(String before, String after, String difference)
      throws Exception {
    String table = VITESS.newTable("altered");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY, v " + before + ")");
    ReadOptions options = ReadOptions.of(VITESS.uri(SHOP)).withTable(table).withRanges(1);
    ReadRange range = new RangePlanner(ReadResolver.resolve(options)).plan().get(0);
    VITESS.execute(SHOP, "ALTER TABLE " + table + " MODIFY v " + after);

    Retry retry = new Retry(Duration.ofSeconds(10));
    try (RangeCursor cursor = new RangeCursor(range, RangePosition.START, retry)) {
      assertThatThrownBy(cursor::next)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("Reading shop." + table)
          .hasMessageContaining("altered while it was read, " + difference);
    }
  }
}
