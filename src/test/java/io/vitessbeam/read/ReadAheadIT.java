package io.vitessbeam.read;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reading ahead of who takes the blocks, from a real Vitess. */
class ReadAheadIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String TABLE = VITESS.newTable("ahead");
  private static final int ROWS = 60_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static ReadRange range;

  @BeforeAll
  static void fill() throws SQLException {
    new EventsTable(VITESS.uri(SHOP), TABLE).create(ROWS);
    ReadOptions options = ReadOptions.of(VITESS.uri(SHOP)).withTable(TABLE).withRanges(1);
    range = new RangePlanner(ReadResolver.resolve(options)).plan().get(0);
  }

  @Test
  void aBlockThatIsPutBackComesAgain() throws InterruptedException {
    long rows = 0;
    try (ReadAhead reading = readAhead()) {
      while (!reading.position().done()) {
        RangePosition before = reading.position();
        ReadAhead.Item item = reading.poll(PATIENCE);
        reading.putBack(item, before);

        assertThat(reading.position()).isEqualTo(before);
        assertThat(reading.poll(PATIENCE)).isSameAs(item);
        rows += item.block().rows();
      }
    }
    assertThat(rows).isEqualTo(ROWS);
  }

  @Test
  void closingEndsTheStatementAtTheServer() throws InterruptedException, SQLException {
    ReadAhead reading = readAhead();
    reading.poll(PATIENCE);
    reading.close();

    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      while (readers() + statements(connection) > 0) {
        assertThat(System.nanoTime()).as("still at work").isLessThan(deadline);
      }
    }
  }

  private static ReadAhead readAhead() {
    return new ReadAhead(range, RangePosition.START, new Retry(Duration.ofSeconds(5)), 1 << 20);
  }

  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains(TABLE))
        .count();
  }

  private static long statements(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet processes = statement.executeQuery("SHOW PROCESSLIST")) {
      long count = 0;
      while (processes.next()) {
        String sql = processes.getString("Info");
        count += sql != null && sql.contains(TABLE) ? 1 : 0;
      }
      return count;
    }
  }
}
