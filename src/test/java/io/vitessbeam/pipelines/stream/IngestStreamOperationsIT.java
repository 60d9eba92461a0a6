package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.CUSTOMER;
import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.cluster.ClusterWriter;
import io.vitessbeam.testing.cluster.KeyspaceOperations;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done to tables of a real cluster while a stream follows them, and others write. */
@Tag("volume")
@Timeout(400)
class IngestStreamOperationsIT {

  private static TestCluster cluster;
  private static KeyspaceOperations inShop;
  private static KeyspaceOperations inCustomer;

  @TempDir private Path folder;

  private final AtomicLong nextId = new AtomicLong();
  private String table;
  private ClusterStream stream;

  @BeforeAll
  static void startCluster() {
    cluster = TestCluster.ownPair(0);
    inShop = new KeyspaceOperations(cluster, SHOP);
    inCustomer = new KeyspaceOperations(cluster, CUSTOMER);
  }

  @AfterAll
  static void endCluster() {
    cluster.close();
  }

  @BeforeEach
  void createTable() throws SQLException {
    table = create(SHOP, "operated");
  }

  private static String create(String keyspace, String prefix) throws SQLException {
    String name = cluster.newTable(prefix);
    cluster.execute(keyspace, "CREATE TABLE " + name + " (id BIGINT PRIMARY KEY, n BIGINT)");
    return name;
  }

  @AfterEach
  void endStream() {
    if (stream != null) {
      stream.close();
    }
  }

  private ClusterWriter writer() {
    return new ClusterWriter(cluster, SHOP, table, nextId);
  }

  /** Begins to follow the table, which is written to. */
  private ClusterWriter follow(String... flags) throws Exception {
    ClusterWriter writer = writer();
    writer.awaitMore(50);
    stream = new ClusterStream(cluster, SHOP, folder, flags);
    stream.start();
    stream.awaitFollowing();
    return writer;
  }

  /** For the tables of a test, and all that are made from now on. */
  private String[] allTables(String... others) throws SQLException {
    try (Connection connection = cluster.connect(SHOP + ":0")) {
      List<String> without = new ArrayList<>();
      for (String row : TableRows.of(connection, "SHOW TABLES")) {
        String name = row.substring(0, row.length() - 1);
        if (!name.startsWith("_vt") && !name.equals(table) && !List.of(others).contains(name)) {
          without.add(name);
        }
      }
      return without.isEmpty()
          ? new String[0]
          : new String[] {"--exclude-tables=" + String.join(",", without)};
    }
  }

  @Test
  void anOnlineDdlThatRowsAreNotChangedByCopiesNothing() throws Exception {
    try (ClusterWriter writer = follow("--include-tables=" + table)) {
      inShop.alterOnline(table, "ADD INDEX by_n (n)");
      writer.awaitMore(50);
      inShop.alterOnline(table, "ADD COLUMN note VARCHAR(20)");
      writer.awaitMore(50);
      cluster.execute(SHOP, "UPDATE " + table + " SET note = 'new' WHERE id % 5 = 0");
      writer.stop();
      stream.awaitSame(table, "id, n, note");
      assertThat(stream.stop()).doesNotContain("rows again");
    }
  }

  @Test
  void anOnlineDdlThatChangesRowsCopiesThemAgain() throws Exception {
    try (ClusterWriter writer = follow("--include-tables=" + table)) {
      inShop.alterOnline(table, "ADD COLUMN kind INT NOT NULL DEFAULT 7");
      writer.awaitMore(50);
      writer.stop();
      stream.awaitSame(table, "id, n, kind");
      assertThat(stream.stop()).contains("rows again");
    }
  }

  /** A column of the same name and type is another one. */
  @Test
  void aColumnThatIsDroppedAndAddedOnlineWhileNobodyReadsIsEmpty() throws Exception {
    cluster.execute(SHOP, "ALTER TABLE " + table + " ADD COLUMN note VARCHAR(20)");
    try (ClusterWriter writer = follow("--include-tables=" + table)) {
      cluster.execute(SHOP, "UPDATE " + table + " SET note = 'old'");
      writer.stop();
      stream.awaitSame(table, "id, n, note");
      stream.stop();
    }
    inShop.alterOnline(table, "DROP COLUMN note");
    inShop.alterOnline(table, "ADD COLUMN note VARCHAR(20)");
    stream.start();
    stream.awaitSame(table, "id, n, note");
    stream.stop();
  }

  @Test
  void aTableThatIsRenamedWaitsAndIsCopiedUnderItsNewNameWhereAllAreFollowed() throws Exception {
    String other = create(SHOP, "stays");
    cluster.execute(SHOP, "INSERT INTO " + other + " (id, n) VALUES (1, 1)");
    String renamed = table + "_renamed";
    try (ClusterWriter writer = follow(allTables(other))) {
      writer.stop();
      cluster.execute(
          SHOP,
          "RENAME TABLE " + table + " TO " + renamed,
          "UPDATE " + renamed + " SET n = -n",
          "UPDATE " + other + " SET n = 2");
      stream.awaitSame(renamed);
      stream.awaitSame(other);
      cluster.execute(SHOP, "INSERT INTO " + renamed + " (id, n) VALUES (1000000, 3)");
      stream.awaitSame(renamed);
      assertThat(stream.stop()).contains("lost tables: " + table);
    }
  }

  /** As tools do that alter a copy of a table and put it in its place. */
  @Test
  void aTableThatTakesTheNameOfAnotherIsCopiedInItsPlace() throws Exception {
    String copy = create(SHOP, "ghost");
    cluster.execute(SHOP, "INSERT INTO " + copy + " (id, n) VALUES (1, -1), (5000000, -2)");
    try (ClusterWriter writer = follow("--include-tables=" + table)) {
      cluster.execute(
          SHOP, "RENAME TABLE %s TO %s_old, %s TO %s".formatted(table, table, copy, table));
      writer.awaitMore(50);
      writer.stop();
      stream.awaitSame(table);
      assertThat(stream.stop()).contains("rows again");
    }
  }

  @Test
  void aTableThatMovesToAnotherKeyspaceWaitsAndTheOthersGoOn() throws Exception {
    String other = create(SHOP, "stays");
    cluster.execute(SHOP, "INSERT INTO " + other + " (id, n) VALUES (1, 1)");
    try (ClusterWriter writer = follow("--include-tables=" + table + "," + other)) {
      inShop.copyTo(CUSTOMER, table);
      inShop.switchTo(CUSTOMER, table);
      writer.awaitMore(50);
      writer.stop();
      // Vitess takes what is written there back to where it was, as long as the move may be undone.
      stream.awaitSame(table);
      inShop.completeMoveTo(CUSTOMER, table);
      cluster.execute(SHOP, "INSERT INTO " + other + " (id, n) VALUES (2, 2)");
      stream.awaitSame(other);
      stream.awaitOutput(table + " waits: Keyspace shop has no table " + table);
      cluster.execute(SHOP, "INSERT INTO " + other + " (id, n) VALUES (3, 3)");
      stream.awaitSame(other);
      stream.stop();
    }
  }

  @Test
  void aTableThatMovesIntoTheKeyspaceIsANewOneAndTheOthersGoOn() throws Exception {
    String moved = create(CUSTOMER, "moved");
    cluster.execute(CUSTOMER, "INSERT INTO " + moved + " (id, n) VALUES (1, 1), (2, 2)");
    try (ClusterWriter writer = follow(allTables())) {
      inCustomer.copyTo(SHOP, moved);
      writer.awaitMore(50);
      writer.stop();
      stream.awaitSame(table);
      stream.stop();
      stream.start();
      stream.awaitOutput(moved + " waits: " + SHOP + "." + moved + " can't be copied");
      cluster.execute(SHOP, "UPDATE " + table + " SET n = -n");
      stream.awaitSame(table);
      stream.stop();
      inCustomer.switchTo(SHOP, moved);
      stream.start();
      cluster.execute(SHOP, "INSERT INTO " + moved + " (id, n) VALUES (3, 3)");
      stream.awaitSame(moved);
      inCustomer.completeMoveTo(SHOP, moved);
      cluster.execute(SHOP, "INSERT INTO " + moved + " (id, n) VALUES (4, 4)");
      stream.awaitSame(moved);
      stream.stop();
    }
  }
}
