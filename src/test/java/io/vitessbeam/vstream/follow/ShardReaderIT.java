package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a real Vitess. */
@Timeout(180)
class ShardReaderIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private static String create(String keyspace) throws SQLException {
    String table = VITESS.newTable("stream");
    String definition = "(id BIGINT PRIMARY KEY, name VARCHAR(20), n INT)";
    if (keyspace.equals(SHOP)) {
      VITESS.execute(SHOP, "CREATE TABLE " + table + " " + definition);
    } else {
      VITESS.createSharded(table, "id", "hash", definition);
    }
    return table;
  }

  private static void insert(String keyspace, String table, int first, int last)
      throws SQLException {
    StringBuilder values = new StringBuilder();
    for (int i = first; i <= last; i++) {
      values.append(i > first ? ", " : "").append("(%d, 'row %d', %d)".formatted(i, i, i));
    }
    VITESS.execute(keyspace, "INSERT INTO " + table + " (id, name, n) VALUES " + values);
  }

  private static Vgtid now(String keyspace) {
    return ExecutedGtids.read(VITESS.uri(keyspace));
  }

  private static TableSchema schema(String keyspace, String shard, String table)
      throws SQLException {
    try (Connection connection = VITESS.connect(keyspace + ":" + shard)) {
      return new SchemaDiscovery(connection)
          .table(new TableName(keyspace, table))
          .orElseThrow()
          .schema();
    }
  }

  private static ShardStream stream(
      String keyspace, String shard, StreamPosition from, String until, TableSchema... tables) {
    return new ShardStream(
        keyspace,
        shard,
        1,
        1,
        0,
        1,
        from,
        until,
        Stream.of(tables).map(table -> new ShardStream.Table(table, "")).toList(),
        false,
        Duration.ofMinutes(1));
  }

  private static VitessCdcUri source(ShardStream stream) {
    return VitessCdcUri.of(VITESS.uri(stream.keyspace()), VITESS.host(), VITESS.grpcPort());
  }

  private static List<ShardReader.Item> read(ShardStream stream) throws InterruptedException {
    try (ShardReader reader =
        new ShardReader(source(stream), stream, stream.from(), ReaderLimits.oneOf(1))) {
      return StreamFixture.read(reader);
    }
  }

  /** The rows without their orders. */
  private static List<String> rows(List<ShardReader.Item> items) {
    return StreamFixture.rows(items).stream()
        .map(row -> row.substring(row.indexOf(' ') + 1, row.lastIndexOf(' ')))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void aTableIsCopiedThenFollowed(String keyspace) throws Exception {
    String table = create(keyspace);
    insert(keyspace, table, 1, 500);
    Vgtid copied = now(keyspace);
    VITESS.execute(keyspace, "UPDATE " + table + " SET name = NULL WHERE id = 7");
    List<String> copy = new ArrayList<>();
    Map<String, StreamPosition> behind = new HashMap<>();
    for (String shard : copied.shardNames()) {
      TableSchema schema = schema(keyspace, shard, table);
      List<ShardReader.Item> items =
          read(stream(keyspace, shard, StreamPosition.copy(), copied.gtid(shard), schema));
      copy.addAll(rows(items));
      assertThat(StreamFixture.last(items).end().broken()).isEmpty();
      behind.put(shard, StreamPosition.at(StreamFixture.last(items).end().gtid()));
    }
    VITESS.execute(keyspace, "DELETE FROM " + table + " WHERE id IN (3, 4, 5, 6)");
    Vgtid deleted = now(keyspace);
    List<String> changes = new ArrayList<>();
    for (String shard : copied.shardNames()) {
      TableSchema schema = schema(keyspace, shard, table);
      changes.addAll(
          rows(read(stream(keyspace, shard, behind.get(shard), deleted.gtid(shard), schema))));
    }

    assertThat(copy).hasSize(500).contains("COPY 1,row 1,1", "COPY 7,-,7", "COPY 500,row 500,500");
    assertThat(changes)
        .containsExactlyInAnyOrder(
            "DELETE 3,row 3,3", "DELETE 4,row 4,4", "DELETE 5,row 5,5", "DELETE 6,row 6,6");
  }

  /** What the copy gave out before it broke doesn't come again. */
  @Test
  void aCopyGoesOnBehindItsLastBatch() throws Exception {
    String table = create(SHOP);
    for (int i = 0; i < 20; i++) {
      insert(SHOP, table, 1 + 1000 * i, 1000 + 1000 * i);
    }
    TableSchema schema = schema(SHOP, "0", table);
    ShardStream stream = stream(SHOP, "0", StreamPosition.copy(), now(SHOP).gtid("0"), schema);
    List<String> rows = new ArrayList<>();
    StreamPosition position = stream.from();
    ReaderLimits limits = StreamFixture.limits(10_000, 1 << 20);
    int readers = 0;
    while (!position.done()) {
      // Each reader gives one item with rows only, of a batch that makes many blocks.
      try (ShardReader reader =
          new ShardReader(
              source(stream),
              stream,
              position,
              Duration.ofSeconds(20),
              limits,
              shard -> ShardGtids.of(VITESS.uri(SHOP), shard),
              null)) {
        ShardReader.Item item;
        do {
          item = StreamFixture.next(reader);
          rows.addAll(StreamFixture.rows(item));
          position = item.after();
        } while (!position.done() && item.blocks().isEmpty());
      }
      readers++;
    }

    assertThat(readers).isGreaterThan(1);
    assertThat(rows).hasSize(20_000).doesNotHaveDuplicates();
  }

  @Test
  void valuesOfEveryTypeFitTheirColumns() throws Exception {
    Vgtid before = now(SHOP);
    String table = EveryTypeTable.create(VITESS, EveryType.streamed());
    TableSchema schema = schema(SHOP, "0", table);
    String until = now(SHOP).gtid("0");

    List<ShardReader.Item> followed =
        read(stream(SHOP, "0", StreamPosition.at(before.gtid("0")), until, schema));
    List<ShardReader.Item> copied = read(stream(SHOP, "0", StreamPosition.copy(), until, schema));

    // The CREATE of a table in the stream makes it another one, so its rows are not given out.
    assertThat(StreamFixture.last(followed).end().broken().get(table)).contains("altered");
    assertThat(StreamFixture.last(copied).end().broken()).isEmpty();
    assertThat(StreamFixture.last(copied).end().rows()).isEqualTo(EveryTypeTable.ROWS);

    VITESS.execute(SHOP, "UPDATE " + table + " SET id = id + 100");
    List<ShardReader.Item> updated =
        read(stream(SHOP, "0", StreamPosition.at(until), now(SHOP).gtid("0"), schema));
    assertThat(StreamFixture.last(updated).end().broken()).isEmpty();
    assertThat(StreamFixture.last(updated).end().rows()).isEqualTo(2 * EveryTypeTable.ROWS);
  }

  static Stream<Arguments> ddl() {
    return Stream.of(
        Arguments.of("ALTER TABLE %s ADD COLUMN more INT", ""),
        Arguments.of("ALTER TABLE %s ADD INDEX i (n)", ""),
        Arguments.of("CREATE UNIQUE INDEX i ON %s (n)", ""),
        Arguments.of("ALTER TABLE %s DROP COLUMN n", "its columns were changed"),
        Arguments.of("ALTER TABLE %s MODIFY n VARCHAR(9)", "its columns were changed"),
        Arguments.of("ALTER TABLE %s ADD COLUMN more INT FIRST", "its columns were changed"),
        Arguments.of("ALTER TABLE %s MODIFY name VARCHAR(20) AFTER n", "its columns were changed"),
        Arguments.of("ALTER TABLE %s ADD COLUMN more INT NOT NULL", "older changes lack column"),
        Arguments.of("ALTER TABLE %s ADD COLUMN more INT DEFAULT 5", "it was altered"),
        Arguments.of("ALTER TABLE %s RENAME COLUMN n TO m", "it was altered"),
        Arguments.of("DROP TABLE %s", "it was dropped"));
  }

  /** Changes from before a DDL, by the schema of after it; another table goes on. */
  @ParameterizedTest
  @MethodSource("ddl")
  void changesBeforeADdl(String ddl, String reason) throws Exception {
    String table = create(SHOP);
    String other = create(SHOP);
    String from = now(SHOP).gtid("0");
    TableSchema old = schema(SHOP, "0", table);
    insert(SHOP, table, 1, 2);
    insert(SHOP, other, 1, 1);
    VITESS.execute(SHOP, ddl.formatted(table));
    boolean dropped = ddl.startsWith("DROP");
    String third = ddl.endsWith("more INT NOT NULL") ? ", more = 1" : "";
    if (!dropped) {
      VITESS.execute(SHOP, "INSERT INTO " + table + " SET id = 3" + third);
    }
    insert(SHOP, other, 2, 2);
    TableSchema present = dropped ? old : schema(SHOP, "0", table);

    List<ShardReader.Item> items =
        read(
            stream(
                SHOP,
                "0",
                StreamPosition.at(from),
                now(SHOP).gtid("0"),
                present,
                schema(SHOP, "0", other)));

    Map<String, String> broken = StreamFixture.last(items).end().broken();
    List<String> rows = StreamFixture.rows(items);
    assertThat(rows.stream().filter(row -> row.startsWith(other))).hasSize(2);
    if (reason.isEmpty()) {
      assertThat(broken).isEmpty();
      assertThat(rows.stream().filter(row -> row.startsWith(table))).hasSize(3);
    } else {
      assertThat(broken).containsOnlyKeys(table);
      assertThat(broken.get(table)).contains(reason);
    }
  }

  @Test
  void aTruncateIsARow() throws Exception {
    String table = create(SHOP);
    String from = now(SHOP).gtid("0");
    insert(SHOP, table, 1, 2);
    VITESS.execute(SHOP, "TRUNCATE TABLE " + table);
    insert(SHOP, table, 3, 3);
    VITESS.execute(SHOP, "UPDATE " + table + " SET id = 4 WHERE id = 3");

    List<ShardReader.Item> items =
        read(
            stream(
                SHOP, "0", StreamPosition.at(from), now(SHOP).gtid("0"), schema(SHOP, "0", table)));

    assertThat(rows(items))
        .containsExactly(
            "INSERT 1,row 1,1",
            "INSERT 2,row 2,2",
            "TRUNCATE -,-,-",
            "INSERT 3,row 3,3",
            "DELETE 3,row 3,3",
            "INSERT 4,row 3,3");
  }

  /** A table takes part from where it stands, though it was altered before that. */
  @Test
  void aTableThatWasCopiedAnewIsNotBrokenByWhatWasBefore() throws Exception {
    String table = create(SHOP);
    String other = create(SHOP);
    String from = now(SHOP).gtid("0");
    insert(SHOP, table, 1, 2);
    insert(SHOP, other, 1, 1);
    VITESS.execute(SHOP, "ALTER TABLE " + table + " DROP COLUMN n");
    String copied = now(SHOP).gtid("0");
    insert(SHOP, other, 2, 2);
    VITESS.execute(SHOP, "INSERT INTO " + table + " (id) VALUES (3)");
    ShardStream both =
        stream(SHOP, "0", StreamPosition.at(from), now(SHOP).gtid("0"), schema(SHOP, "0", other));
    List<ShardStream.Table> tables = new ArrayList<>(both.tables());
    tables.add(new ShardStream.Table(schema(SHOP, "0", table), copied));

    List<ShardReader.Item> items =
        read(
            new ShardStream(
                both.keyspace(),
                "0",
                1,
                1,
                0,
                1,
                both.from(),
                both.until(),
                tables,
                false,
                both.stall()));

    assertThat(StreamFixture.last(items).end().broken()).isEmpty();
    assertThat(rows(items))
        .containsExactlyInAnyOrder("INSERT 1,row 1,1", "INSERT 2,row 2,2", "INSERT 3,-");
  }

  /** All of them in one transaction, and one behind it. */
  @Test
  void aTransactionOfTwoHundredThousandRows() throws Exception {
    String table = create(SHOP);
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'dba'");
      statement.execute("INSERT INTO " + table + " VALUES (1, 'row', 1)");
      for (int rows = 1; rows < 2048; rows *= 2) {
        statement.execute(
            "INSERT INTO " + table + " SELECT id + " + rows + ", name, n FROM " + table);
      }
    }
    String target = create(SHOP);
    String from = now(SHOP).gtid("0");
    VITESS.execute(
        SHOP + ":0",
        "SET workload = 'dba'",
        ("INSERT INTO %s SELECT a.id + 2048 * b.id, concat('row ', a.id), b.id FROM %s a, %s b"
                + " WHERE b.id <= 98 AND (b.id < 98 OR a.id <= 1344)")
            .formatted(target, table, table));
    insert(SHOP, target, 1, 1);
    ShardStream stream =
        stream(SHOP, "0", StreamPosition.at(from), now(SHOP).gtid("0"), schema(SHOP, "0", target));

    List<ShardReader.Item> items = read(stream);

    long rows = items.stream().flatMap(item -> item.blocks().stream()).mapToLong(Block::rows).sum();
    assertThat(rows).isEqualTo(200_001);
    assertThat(items.stream().filter(item -> item.after().skip() > 0)).hasSizeGreaterThan(5);
    assertThat(items).allSatisfy(item -> assertThat(item.bytes()).isLessThan(2 * (512 << 10)));
    ShardReader.Item middle = items.get(items.size() / 2);
    assertThat(middle.after().skip()).isPositive();
    assertThat(middle.blocks().get(0).marks().kind(0)).isEqualTo(RowKind.INSERT);
    try (ShardReader reader =
        new ShardReader(source(stream), stream, middle.after(), ReaderLimits.oneOf(1))) {
      List<ShardReader.Item> rest = StreamFixture.read(reader);
      assertThat(StreamFixture.rows(rest))
          .isEqualTo(StreamFixture.rows(items.subList(items.size() / 2 + 1, items.size())));
      assertThat(StreamFixture.last(rest).end()).isEqualTo(StreamFixture.last(items).end());
    }
  }
}
