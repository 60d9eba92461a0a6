package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.schemas.transforms.Convert;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies and changes of real tables, up to a boundary. */
class VStreamReadIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String DEFINITION = "(id BIGINT PRIMARY KEY, name VARCHAR(20), n INT)";

  private final Instant begin = Instant.now().minusSeconds(5);

  @ParameterizedTest
  @CsvSource({"shop, DIRECT", "shop, FLINK", "customer, DIRECT", "customer, FLINK"})
  void copyThenChanges(String keyspace, EmbeddedRunner runner) throws SQLException {
    String table = VITESS.create(keyspace, "changes", DEFINITION);
    VitessCdcUri uri = uri(keyspace);
    Vgtid start = VStreamRead.currentPosition(uri);
    insert(keyspace, table, 1, 40);
    VITESS.execute(
        keyspace,
        "UPDATE " + table + " SET name = 'changed' WHERE id <= 10",
        "DELETE FROM " + table + " WHERE id > 35");
    Vgtid middle = VStreamRead.currentPosition(uri);
    VITESS.execute(
        keyspace,
        "UPDATE " + table + " SET n = NULL WHERE id = 3",
        "DELETE FROM " + table + " WHERE id = 4",
        "INSERT INTO " + table + " (id, name, n) VALUES (100, 'new', 7)");
    Vgtid end = VStreamRead.currentPosition(uri);
    VStreamRead read = VStreamRead.from(uri).withTable(table);

    List<ChangeRecord> copy = read(runner, read.until(end));
    assertThat(copy).allMatch(change -> change.operation() == ChangeOperation.COPY);
    assertThat(copy).allMatch(change -> change.before() == null && change.commitTime() == null);
    assertThat(copy).extracting(change -> change.after().getInt64("id")).doesNotHaveDuplicates();
    Map<Long, Row> now = replay(copy);
    assertThat(now).hasSize(35).containsKeys(1L, 3L, 35L, 100L).doesNotContainKeys(4L, 36L);
    assertThat(now.get(3L).getInt32("n")).isNull();
    assertThat(now.get(100L).getString("name")).isEqualTo("new");
    assertThat(copy).extracting(ChangeRecord::shard).allMatch(end.shardNames()::contains);

    List<ChangeRecord> all = read(runner, read.startingAt(start).until(end));
    assertThat(count(all)).isEqualTo(Map.of("INSERT", 41L, "UPDATE", 11L, "DELETE", 6L));
    assertThat(replay(all)).isEqualTo(now);
    assertThat(all).allSatisfy(this::wellFormed);

    List<ChangeRecord> late = read(runner, read.startingAt(middle).until(end));
    assertThat(count(late)).isEqualTo(Map.of("INSERT", 1L, "UPDATE", 1L, "DELETE", 1L));
    ChangeRecord update = only(late, ChangeOperation.UPDATE);
    assertThat(update.before().getInt32("n")).isEqualTo(3);
    assertThat(update.after().getInt32("n")).isNull();
    assertThat(update.after().getString("name")).isEqualTo("changed");
    ChangeRecord delete = only(late, ChangeOperation.DELETE);
    assertThat(delete.before().getInt64("id")).isEqualTo(4);
    assertThat(delete.after()).isNull();
  }

  private void wellFormed(ChangeRecord change) {
    assertThat(change.before() == null).isEqualTo(change.operation() == ChangeOperation.INSERT);
    assertThat(change.after() == null).isEqualTo(change.operation() == ChangeOperation.DELETE);
    assertThat(change.commitTime()).isBetween(begin, Instant.now().plusSeconds(5));
    assertThat(change.unchanged()).isEmpty();
  }

  @Test
  void aChangedKeyIsADeleteAndAnInsert() throws SQLException {
    String table = VITESS.create(SHOP, "changes", DEFINITION);
    insert(SHOP, table, 1, 1);
    Changes changes = new Changes(SHOP, table);
    VITESS.execute(SHOP, "UPDATE " + table + " SET id = 2 WHERE id = 1");

    List<ChangeRecord> both = changes.read();
    assertThat(both)
        .extracting(ChangeRecord::operation)
        .containsExactly(ChangeOperation.DELETE, ChangeOperation.INSERT);
    assertThat(both.get(0).before().getInt64("id")).isEqualTo(1);
    assertThat(both.get(1).after().getInt64("id")).isEqualTo(2);
    assertThat(both.get(0).order()).isLessThan(both.get(1).order());
  }

  @Test
  void truncation() throws SQLException {
    String table = VITESS.create(SHOP, "changes", DEFINITION);
    insert(SHOP, table, 1, 3);
    Changes changes = new Changes(SHOP, table);
    VITESS.execute(SHOP + ":0", "TRUNCATE TABLE " + table);
    insert(SHOP, table, 5, 5);

    List<ChangeRecord> both = changes.read();
    assertThat(both)
        .extracting(ChangeRecord::operation)
        .containsExactly(ChangeOperation.TRUNCATE, ChangeOperation.INSERT);
    assertThat(both.get(0).before()).isNull();
    assertThat(both.get(0).after()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void anEmptyTable(String keyspace) throws SQLException {
    String table = VITESS.create(keyspace, "changes", DEFINITION);
    VitessCdcUri uri = uri(keyspace);
    VStreamRead read = VStreamRead.from(uri).withTable(table);

    assertThat(read(EmbeddedRunner.DIRECT, read.until(VStreamRead.currentPosition(uri)))).isEmpty();
    Changes changes = new Changes(keyspace, table);
    assertThat(changes.read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's",
        "with-dash",
        "with blank",
        "dotted.name",
        "select",
        "größe",
        "表",
        "percent%d",
        "a/slash/",
        "semi;colon--",
        "back\\slash",
        "double\"quote",
        "UPPER"
      })
  void tablesAndColumnsOfAnyName(String name) throws SQLException {
    String quoted = SqlText.identifier(VITESS.newTable(name));
    String column = SqlText.identifier(name);
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + quoted + " (`key` INT PRIMARY KEY, " + column + " VARCHAR(9))",
        "INSERT INTO " + quoted + " VALUES (7, 'copied')");
    VitessCdcUri uri = uri(SHOP);
    VStreamRead read = VStreamRead.from(uri).withTable("shop." + quoted);
    Vgtid middle = VStreamRead.currentPosition(uri);
    List<ChangeRecord> copied = read(EmbeddedRunner.DIRECT, read.until(middle));
    VITESS.execute(SHOP + ":0", "UPDATE " + quoted + " SET " + column + " = 'changed'");
    Vgtid end = VStreamRead.currentPosition(uri);

    assertThat(copied).extracting(row -> row.after().getString(name)).containsExactly("copied");
    assertThat(read(EmbeddedRunner.DIRECT, read.startingAt(middle).until(end)))
        .extracting(row -> row.after().getString(name))
        .containsExactly("changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"back`quote", "/slash"})
  void namesThatVitessDoesNotTake(String name) throws SQLException {
    String quoted = SqlText.identifier(VITESS.newTable(name));
    VITESS.execute(SHOP + ":0", "CREATE TABLE " + quoted + " (id INT PRIMARY KEY)");

    assertRefused(VStreamRead.from(uri(SHOP)).withTable(quoted), "VStream can't follow shop.");
  }

  @Test
  void binaryAndCompositeKeys() throws SQLException {
    String table = VITESS.newTable("keys");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (a VARBINARY(16), b VARCHAR(5), v INT, PRIMARY KEY (a, b))",
        "INSERT INTO " + table + " VALUES (X'00FF', 'x', 1), (X'', 'ü', 2), (X'FB00', '', 3)");
    Changes changes = new Changes(SHOP, table);
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET v = 10 WHERE a = X'00FF'",
        "DELETE FROM " + table + " WHERE a = X'FB00'");

    List<ChangeRecord> rows = changes.readFromCopy();
    assertThat(rows).hasSize(2);
    List<ChangeRecord> followed = changes.read();
    assertThat(followed.get(0).after().getBytes("a")).containsExactly(0x00, 0xff);
    assertThat(followed.get(0).after().getInt32("v")).isEqualTo(10);
    assertThat(followed.get(1).before().getBytes("a")).containsExactly(0xfb, 0x00);
    assertThat(followed).hasSize(2);
  }

  @Test
  void withoutColumnsAndWithoutAKey() throws SQLException {
    String table = VITESS.newTable("keyless");
    VITESS.execute(SHOP + ":0", "CREATE TABLE " + table + " (a INT, b FLOAT, c TEXT)");
    Changes changes = new Changes(SHOP, table);
    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + table + " VALUES (1, 0.1, 'x'), (1, 0.1, 'x')",
        "UPDATE " + table + " SET a = 2");

    List<ChangeRecord> followed = changes.read(read -> read.withoutColumns(List.of("c")));
    assertThat(count(followed)).isEqualTo(Map.of("INSERT", 2L, "UPDATE", 2L));
    assertThat(followed.get(0).after().getSchema().getFieldNames()).containsExactly("a", "b");
    assertThat(followed.get(2).before().getInt32("a")).isEqualTo(1);
    assertThat(followed.get(2).after().getInt32("a")).isEqualTo(2);
    assertThat(followed.get(2).after().getFloat("b")).isEqualTo(0.1f);
  }

  @ParameterizedTest
  @EnumSource(EmbeddedRunner.class)
  void recordsAreRows(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.create(SHOP, "changes", DEFINITION);
    insert(SHOP, table, 1, 2);
    VitessCdcUri uri = uri(SHOP);
    VStreamRead read =
        VStreamRead.from(uri).withTable(table).until(VStreamRead.currentPosition(uri));

    List<Row> rows = TestPipelines.read(runner, new AsRows(read));
    assertThat(rows).hasSize(2);
    assertThat(rows).extracting(row -> row.getString("operation")).containsOnly("COPY");
    assertThat(rows)
        .extracting(row -> row.getRow("after").getInt64("id"))
        .containsExactlyInAnyOrder(1L, 2L);
  }

  private static final class AsRows extends PTransform<PBegin, PCollection<Row>> {

    private static final long serialVersionUID = 1L;

    private final VStreamRead read;

    AsRows(VStreamRead read) {
      this.read = read;
    }

    @Override
    public PCollection<Row> expand(PBegin begin) {
      return begin.apply(read).apply(Convert.toRows());
    }
  }

  @Test
  void anAlteredTableFailsTheRun() throws SQLException {
    String table = VITESS.create(SHOP, "changes", DEFINITION);
    Changes changes = new Changes(SHOP, table);
    insert(SHOP, table, 1, 1);
    VITESS.execute(SHOP + ":0", "ALTER TABLE " + table + " MODIFY n VARCHAR(20)");
    insert(SHOP, table, 2, 2);

    assertThatThrownBy(changes::read)
        .rootCause()
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("The changes of shop/0, table " + table + " can't be followed");
  }

  @Test
  void refusals() throws SQLException {
    String table = VITESS.create(SHOP, "changes", DEFINITION);
    String keyless = VITESS.newTable("no_key");
    String inexact = VITESS.newTable("inexact");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + keyless + " (a INT)",
        "CREATE TABLE " + inexact + " (a INT PRIMARY KEY, f FLOAT)",
        "CREATE VIEW " + table + "_v AS SELECT * FROM " + table);
    VitessCdcUri uri = uri(SHOP);
    VStreamRead read = VStreamRead.from(uri);
    Vgtid customer = VStreamRead.currentPosition(uri(CUSTOMER));

    assertRefused(read, "Give the tables whose changes are to be read");
    assertRefused(read.withTable("nothing"), "Keyspace shop has no table nothing");
    assertRefused(read.withTable(keyless), "has no primary key");
    assertRefused(read.withTable(inexact), "is a FLOAT");
    assertRefused(read.withTable(table + "_v"), "is a view");
    assertRefused(
        read.withTable(table).withoutColumns(List.of("id")), "Column id is in the primary key");
    assertRefused(read.withTable(table).until(customer), "The boundary is one of the shards -80");
    assertThatThrownBy(
            () -> read(EmbeddedRunner.DIRECT, read.withTable(table).startingAt(customer)))
        .isInstanceOf(NeedsRefreshException.class);
  }

  private static void assertRefused(VStreamRead read, String message) {
    assertThatThrownBy(() -> read(EmbeddedRunner.DIRECT, read))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  /** What happens to a table from here on until it is read. */
  private static final class Changes {

    private final VitessCdcUri uri;
    private final String table;
    private final Vgtid start;

    Changes(String keyspace, String table) {
      this.uri = uri(keyspace);
      this.table = table;
      this.start = VStreamRead.currentPosition(uri);
    }

    List<ChangeRecord> read() {
      return read(read -> read);
    }

    List<ChangeRecord> readFromCopy() {
      return VStreamReadIT.read(
          EmbeddedRunner.DIRECT,
          VStreamRead.from(uri).withTable(table).until(VStreamRead.currentPosition(uri)));
    }

    List<ChangeRecord> read(UnaryOperator<VStreamRead> options) {
      VStreamRead read =
          VStreamRead.from(uri)
              .withTable(table)
              .withStallTimeout(Duration.ofMinutes(1))
              .startingAt(start)
              .until(VStreamRead.currentPosition(uri));
      List<ChangeRecord> changes =
          new ArrayList<>(VStreamReadIT.read(EmbeddedRunner.DIRECT, options.apply(read)));
      changes.sort(Comparator.comparing(ChangeRecord::order));
      return changes;
    }
  }

  private static VitessCdcUri uri(String keyspace) {
    return VitessCdcUri.of(VITESS.uri(keyspace), VITESS.host(), VITESS.grpcPort());
  }

  private static void insert(String keyspace, String table, int first, int last)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    for (int id = first; id <= last; id++) {
      rows.add("(" + id + ", 'row " + id + "', " + id + ")");
    }
    VITESS.execute(
        keyspace, "INSERT INTO " + table + " (id, name, n) VALUES " + String.join(", ", rows));
  }

  private static List<ChangeRecord> read(EmbeddedRunner runner, VStreamRead read) {
    return TestPipelines.read(runner, read);
  }

  private static Map<String, Long> count(List<ChangeRecord> changes) {
    Map<String, Long> counts = new HashMap<>();
    changes.forEach(change -> counts.merge(change.operation().name(), 1L, Long::sum));
    return counts;
  }

  private static ChangeRecord only(List<ChangeRecord> changes, ChangeOperation operation) {
    List<ChangeRecord> found =
        changes.stream().filter(change -> change.operation() == operation).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** The rows by id when all changes are applied in their order. */
  private static Map<Long, Row> replay(List<ChangeRecord> changes) {
    Map<Long, Row> rows = new TreeMap<>();
    changes.stream()
        .sorted(Comparator.comparing(ChangeRecord::order))
        .forEach(
            change -> {
              if (change.after() == null) {
                rows.remove(change.before().getInt64("id"));
              } else {
                rows.put(change.after().getInt64("id"), change.after());
              }
            });
    return rows;
  }
}
