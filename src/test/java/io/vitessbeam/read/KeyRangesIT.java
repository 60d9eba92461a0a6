package io.vitessbeam.read;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.read.cursor.RangeCursor;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.testing.TestVitess;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every row is in exactly one range, whatever the key, and the ranges are about equally large. */
class KeyRangesIT {

  private static final Logger LOG = LoggerFactory.getLogger(KeyRangesIT.class);
  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 160_000;
  private static final int RANGES = 4;

  /**
   * A table of 160,000 rows.
   *
   * @param key the key's columns with their types
   * @param expression of its columns for the n-th row, n from 0
   * @param balance how many times an equal share the largest range may be, which is what a parallel
   *     read takes as long as; the server's own estimates differ from run to run
   */
  record Keyed(String name, String key, String columns, String expression, double balance) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Keyed> keys() {
    return Stream.of(
        new Keyed("dense", "a BIGINT", "a", "n", 1.4),
        new Keyed("gaps", "a BIGINT", "a", "(n - 80000) * 57000000000000", 1.4),
        new Keyed("skew", "a BIGINT", "a", "IF(n < 144000, n, n * 100000000)", 1.4),
        new Keyed("cubes", "a BIGINT", "a", "n * n * n - 5000000", 1.4),
        new Keyed("unsigned", "a BIGINT UNSIGNED", "a", "18446744073709551615 - n * 9", 1.4),
        new Keyed("decimal", "a DECIMAL(30,10)", "a", "(n - 50000) / 3", 1.4),
        new Keyed("date", "a DATE, b INT", "a, b", "'0001-01-01' + INTERVAL n DAY, n", 1.4),
        new Keyed("instant", "a TIMESTAMP(6)", "a", "'2001-01-01' + INTERVAL n * 6000 SECOND", 1.4),
        new Keyed(
            "tenants",
            "a INT, b VARCHAR(40)",
            "a, b",
            "IF(n < 152000, 1, n), CONCAT('user-', MD5(n))",
            1.4),
        new Keyed(
            "three",
            "a VARCHAR(20), b DATETIME(6), c INT",
            "a, b, c",
            "ELT(1 + n % 3, 'red', 'green', 'blue'), '2024-01-01' + INTERVAL n DIV 5 SECOND, n",
            1.4),
        new Keyed(
            "mixed_ci",
            "a VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
            "a",
            "CONCAT(ELT(1 + n % 7, 'a', 'Z', 'é', 'Ö', '😀', 'm', 'K'), CONV(n * 7919, 10, 36), ' "
                + " ')",
            1.6),
        new Keyed(
            "mixed_0900",
            "a VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci",
            "a",
            "CONCAT(ELT(1 + n % 7, 'a', 'Z', 'é', 'Ö', '😀', 'm', 'K'), CONV(n * 7919, 10, 36), ' "
                + " ')",
            1.6),
        new Keyed(
            "mixed_bin",
            "a VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "a",
            "CONCAT(ELT(1 + n % 7, 'a', 'Z', 'é', 'Ö', '😀', 'm', 'K'), n)",
            1.6),
        new Keyed(
            "latin",
            "a VARCHAR(40) CHARACTER SET latin1",
            "a",
            "CONCAT(ELT(1 + n % 5, 'a', 'Z', 'é', 'ö', 'ÿ'), n)",
            1.6),
        new Keyed("numbers_as_text", "a VARCHAR(20)", "a", "n * 7", 1.4),
        new Keyed(
            "uuid",
            "a CHAR(36) CHARACTER SET ascii",
            "a",
            "INSERT(INSERT(INSERT(INSERT(MD5(n), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')",
            1.4),
        new Keyed("binary", "a BINARY(16)", "a", "UNHEX(MD5(n))", 1.4),
        new Keyed("varbinary", "a VARBINARY(20)", "a", "CONCAT(X'00FF', UNHEX(HEX(n * n)))", 1.4));
  }

  @BeforeAll
  static void makeNumbers() throws SQLException {
    StringBuilder thousand = new StringBuilder("INSERT INTO kr_numbers VALUES (0)");
    for (int n = 1; n < 1000; n++) {
      thousand.append(",(").append(n).append(')');
    }
    VITESS.execute(
        SHOP + ":0",
        "DROP TABLE IF EXISTS kr_numbers",
        "CREATE TABLE kr_numbers (n BIGINT PRIMARY KEY)",
        thousand.toString());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void balancedAndComplete(Keyed keyed) throws SQLException, InterruptedException {
    String table = VITESS.newTable("kr_" + keyed.name());
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE "
            + table
            + " ("
            + keyed.key()
            + ", rest INT, PRIMARY KEY ("
            + keyed.columns()
            + "))",
        "INSERT INTO "
            + table
            + " SELECT "
            + keyed.expression()
            + ", n FROM (SELECT x.n * 1000 + y.n AS n FROM kr_numbers x, kr_numbers y WHERE x.n < "
            + ROWS / 1000
            + ") AS ids",
        "ANALYZE TABLE " + table);

    List<ReadRange> ranges = plan(SHOP, table);
    List<Set<String>> read = read(ranges);

    // How many rows there are is the server's estimate, which has been as low as half of them.
    assertThat(ranges).hasSizeBetween(RANGES - 1, RANGES);
    assertExactlyOnce(table, read, ROWS);
    List<Integer> sizes = read.stream().map(Set::size).toList();
    int largest = sizes.stream().max(Integer::compare).orElseThrow();
    LOG.info("Sizes of the ranges of {}: {}", keyed, sizes);
    assertThat(largest)
        .as("sizes %s", sizes)
        .isLessThanOrEqualTo((int) (keyed.balance() * ROWS / ranges.size()));
  }

  @Test
  void keysThatCannotBeSplitAreOneRange() throws SQLException, InterruptedException {
    for (String key : List.of("ENUM('a','b')", "DOUBLE", "TIME", "BIT(9)", "SET('x')", "YEAR")) {
      String table = VITESS.newTable("kr_whole");
      VITESS.execute(
          SHOP + ":0",
          "CREATE TABLE " + table + " (a " + key + ", b INT, PRIMARY KEY (a, b))",
          "INSERT INTO " + table + " SELECT 1, n FROM kr_numbers");
      List<ReadRange> ranges = plan(SHOP, table);
      assertThat(ranges).hasSize(1);
      assertThat(read(ranges).get(0)).hasSize(1000);
    }
  }

  @Test
  void noKeyOneRowAndNoRow() throws SQLException, InterruptedException {
    for (int rows : List.of(0, 1, 1000)) {
      String table = VITESS.newTable("kr_few");
      VITESS.execute(
          SHOP + ":0",
          "CREATE TABLE "
              + table
              + " (a INT, b VARCHAR(9)"
              + (rows < 9 ? ", PRIMARY KEY(a))" : ")"),
          "INSERT INTO " + table + " SELECT n, NULL FROM kr_numbers WHERE n < " + rows);
      List<ReadRange> ranges = plan(SHOP, table);
      assertThat(ranges).hasSize(1);
      assertThat(read(ranges).get(0)).hasSize(rows);
    }
  }

  @Test
  void everyShardIsReadByItself() throws SQLException, InterruptedException {
    String table = VITESS.newTable("kr_shards");
    VITESS.createSharded(table, "a", "hash", "(a BIGINT PRIMARY KEY)");
    StringBuilder insert = new StringBuilder("INSERT INTO " + table + " (a) VALUES (0)");
    for (int n = 1; n < 1000; n++) {
      insert.append(",(").append(n).append(')');
    }
    VITESS.execute(CUSTOMER, insert.toString());

    List<ReadRange> ranges = plan(CUSTOMER, table);
    assertThat(ranges).extracting(ReadRange::shard).containsExactly("-80", "80-");
    List<Set<String>> read = read(ranges);
    assertThat(read).allMatch(keys -> keys.size() > 300);
    assertThat(read.get(0).size() + read.get(1).size()).isEqualTo(1000);
    assertThat(read.get(0)).doesNotContainAnyElementsOf(read.get(1));
  }

  private static List<ReadRange> plan(String keyspace, String table) {
    ReadOptions options = ReadOptions.of(VITESS.uri(keyspace)).withTable(table).withRanges(RANGES);
    return new RangePlanner(ReadResolver.resolve(options)).plan();
  }

  /** The rows of each range, as the bytes they came in. */
  private static List<Set<String>> read(List<ReadRange> ranges) throws InterruptedException {
    List<Set<String>> keys = new ArrayList<>();
    for (ReadRange range : ranges) {
      Set<String> ofRange = new HashSet<>();
      Retry retry = new Retry(Duration.ZERO);
      try (RangeCursor cursor = new RangeCursor(range, RangePosition.START, retry)) {
        Block block;
        while ((block = cursor.next()) != null) {
          BlockReader reader = new BlockReader(block);
          while (reader.nextRow()) {
            StringBuilder key = new StringBuilder();
            for (int i = 0; i < block.schema().columns().size(); i++) {
              key.append(text(reader.value(i))).append('|');
            }
            assertThat(ofRange.add(key.toString())).as("%s comes twice", key).isTrue();
          }
        }
      }
      keys.add(ofRange);
    }
    return keys;
  }

  private static void assertExactlyOnce(String table, List<Set<String>> read, int rows)
      throws SQLException {
    Set<String> all = new HashSet<>();
    read.forEach(all::addAll);
    assertThat(read.stream().mapToInt(Set::size).sum()).isEqualTo(rows);
    try (Connection connection = VITESS.connect(SHOP);
        Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'olap'");
      statement.setFetchSize(Integer.MIN_VALUE);
      Set<String> expected = new HashSet<>();
      try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder key = new StringBuilder();
          for (int i = 1; i <= columns; i++) {
            key.append(text(result.getBytes(i))).append('|');
          }
          expected.add(key.toString());
        }
      }
      assertThat(all.equals(expected)).isTrue();
    }
  }

  private static String text(byte[] value) {
    return value == null ? "NULL" : new String(value, StandardCharsets.ISO_8859_1);
  }
}
