package io.vitessbeam.read;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.cursor.RangeCursor;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.testing.FlakyProxy;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that break in the middle of a read, and servers that are away for a while. */
class BrokenConnectionIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 30_000;
  private static final String KEYED = VITESS.newTable("broken_keyed");
  private static final String KEYLESS = VITESS.newTable("broken_keyless");

  private static Map<String, Long> expected;

  private FlakyProxy proxy;

  @BeforeAll
  static void fill() throws SQLException {
    new EventsTable(VITESS.uri(SHOP), KEYED).create(ROWS);
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + KEYLESS + " LIKE " + KEYED,
        "ALTER TABLE " + KEYLESS + " DROP PRIMARY KEY",
        "INSERT INTO " + KEYLESS + " SELECT * FROM " + KEYED);
    try (Connection connection = VITESS.connect(SHOP)) {
      expected = RowDigests.ofDriver(connection, "SELECT * FROM " + KEYED).byKey();
    }
  }

  @BeforeEach
  void startProxy() throws IOException {
    proxy = new FlakyProxy(VITESS.host(), VITESS.port());
  }

  @AfterEach
  void stopProxy() throws IOException {
    proxy.close();
  }

  @Test
  void aKeyedTableIsReadOnBehindItsLastRow() throws InterruptedException {
    ReadRange range = range(KEYED);
    proxy.cutAfter(10).cutAfter(1_000_000).refuse().refuse().cutAfter(3_000).cutAfter(2_500_000);

    assertThat(read(range, Duration.ofSeconds(30)).equals(expected)).isTrue();
    assertThat(proxy.broken()).isEqualTo(6);
  }

  @Test
  void aRangeOfAKeyedTableStaysInItsBounds() throws InterruptedException {
    KeyBound from = new KeyBound(List.of("101"));
    KeyBound to = new KeyBound(List.of("25001"));
    ReadRange whole = range(KEYED);
    ReadRange range = new ReadRange(whole.request(), 5, "0", 1, 3, from, to, ROWS);
    proxy.cutAfter(1_500_000).cutAfter(1_500_000);

    Map<String, Long> rows = read(range, Duration.ofSeconds(30));
    assertThat(rows)
        .hasSize(24_900)
        .containsKeys("101", "25000")
        .doesNotContainKeys("100", "25001");
    assertThat(proxy.broken()).isEqualTo(2);
  }

  @Test
  void aLimitHoldsOverBreaks() throws InterruptedException {
    ReadOptions options = options(KEYED).withLimit(20_000);
    ReadRange range = new RangePlanner(ReadResolver.resolve(options)).plan().get(0);
    proxy.cutAfter(1_500_000);

    assertThat(read(range, Duration.ofSeconds(30))).hasSize(20_000);
    assertThat(proxy.broken()).isEqualTo(1);
  }

  @Test
  void aTableWithoutAKeyFailsAndSaysWhy() {
    ReadRange range = range(KEYLESS);
    proxy.cutAfter(2_000_000);

    assertThatThrownBy(() -> read(range, Duration.ofSeconds(30)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("Reading shop." + KEYLESS)
        .hasMessageContaining("without a primary key to go on from the range can't be resumed")
        .hasMessageContaining("run again");
  }

  /** Nothing was given out yet, so nothing can come twice. */
  @Test
  void aTableWithoutAKeyIsTriedAgainBeforeItsFirstRows() throws InterruptedException {
    ReadRange range = range(KEYLESS);
    proxy.refuse().cutAfter(3_000);

    assertThat(read(range, Duration.ofSeconds(30)).equals(expected)).isTrue();
  }

  @Test
  void aServerThatStaysAwayIsGivenUpWithinThePatience() throws IOException {
    ReadRange range = range(KEYED);
    proxy.close();
    long start = System.nanoTime();

    assertThatThrownBy(() -> read(range, Duration.ofSeconds(2)))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("nothing listens there")
        .hasMessageContaining("given up after 2 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private ReadOptions options(String table) {
    String uri = "vitess://127.0.0.1:" + proxy.port() + "/" + SHOP;
    return ReadOptions.of(VitessUri.parse(uri)).withTable(table).withRanges(1);
  }

  private ReadRange range(String table) {
    return new RangePlanner(ReadResolver.resolve(options(table))).plan().get(0);
  }

  private static Map<String, Long> read(ReadRange range, Duration patience)
      throws InterruptedException {
    RowDigests digests = new RowDigests();
    long rows = 0;
    try (RangeCursor cursor = new RangeCursor(range, RangePosition.START, new Retry(patience))) {
      Block block;
      while ((block = cursor.next()) != null) {
        digests.add(block);
        rows += block.rows();
        if (block.origin().closesRange()) {
          assertThat(block.origin().rangeRows()).isEqualTo(rows);
        }
      }
    }
    return digests.byKey();
  }
}
