package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.pipelines.quickstart.LocalVitess;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many tables in one run. */
class IngestCdcMultiTableIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  private static String table(String keyspace) throws SQLException {
    String table = VITESS.create(keyspace, "many", "(id INT PRIMARY KEY, name VARCHAR(20))");
    VITESS.execute(
        keyspace, "INSERT INTO " + table + " (id, name) VALUES (1, 'a'), (2, 'b'), (3, NULL)");
    return table;
  }

  @OnEachRunner
  void tablesOfSeveralShardsInOneRun(EmbeddedRunner runner) throws SQLException {
    List<String> tables = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tables.add(table(CUSTOMER));
    }
    String[] all = tables.toArray(String[]::new);
    CdcCopy copy = CdcCopy.of(runner, CUSTOMER, folder);
    assertThat(copy.syncAll(tables))
        .contains("customer." + all[0] + " into main." + all[0] + ": copied 3 rows")
        .contains("Synced 5 tables of customer into " + copy.file())
        .contains("copied 15 rows");
    copy.assertSame(all);
    // One transaction over several tables and shards.
    VITESS.execute(
        CUSTOMER,
        "BEGIN",
        "INSERT INTO " + all[0] + " (id, name) VALUES (4, 'x'), (5, 'y'), (6, 'z')",
        "UPDATE " + all[1] + " SET name = 'changed'",
        "DELETE FROM " + all[2],
        "COMMIT");

    assertThat(copy.syncAll(tables))
        .contains(all[0] + ": 3 inserted, 0 updated, 0 deleted")
        .contains(all[1] + ": 0 inserted, 3 updated, 0 deleted")
        .contains(all[2] + ": 0 inserted, 0 updated, 3 deleted")
        .contains(all[3] + ": nothing new");

    copy.assertSame(all);
  }

  @OnEachRunner
  void allTablesOfAKeyspaceButThoseLeftOut(EmbeddedRunner runner) throws SQLException {
    Request request = Request.of(new Keyspace("whole", 1)).withVtcomboFlags(List.of());
    try (LocalVitess vitess = LocalVitess.start(request);
        Connection connection = vitess.connect("whole");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INT PRIMARY KEY, n INT)");
      statement.execute("CREATE TABLE `odd-name.x` (id INT PRIMARY KEY, n INT)");
      statement.execute("CREATE TABLE `empty` (id INT PRIMARY KEY, n INT)");
      statement.execute("CREATE TABLE keyless (n INT)");
      statement.execute("CREATE VIEW looks AS SELECT * FROM orders");
      statement.execute("INSERT INTO orders VALUES (1, 1), (2, 2)");
      statement.execute("INSERT INTO `odd-name.x` VALUES (1, 1)");
      Path file = folder.resolve("whole.duckdb");
      String[] flags = {
        "--source-uri=" + vitess.cdcUri("whole") + "&dest_schema=raw data",
        "--dest-uri=duckdb:///" + file
      };

      IngestRun refused = IngestRun.on(runner, flags);
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err()).contains("keyless").hasLineCount(1);
      assertThat(folder).isEmptyDirectory();

      List<String> withExclusion = new ArrayList<>(List.of(flags));
      withExclusion.add("--exclude-tables=keyless");
      IngestRun run = IngestRun.on(runner, withExclusion.toArray(String[]::new));
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).contains("Synced 3 tables of whole");
      assertThat(TableRows.tables(file))
          .contains("raw data.orders|", "raw data.odd-name.x|", "raw data.empty|")
          .noneMatch(name -> name.contains("looks") || name.contains("keyless"));

      // A table that comes later is taken up by itself.
      statement.execute("CREATE TABLE later (id INT PRIMARY KEY)");
      statement.execute("INSERT INTO later VALUES (7)");
      statement.execute("DELETE FROM orders WHERE id = 1");
      IngestRun again = IngestRun.on(runner, withExclusion.toArray(String[]::new));
      assertThat(again.status()).as(again.err()).isZero();
      assertThat(TableRows.ofDuckDb(file, "SELECT id FROM \"raw data\".later"))
          .containsExactly("7|");
      assertThat(
              TableRows.ofDuckDb(file, "SELECT id FROM \"raw data\".orders WHERE NOT _cdc_deleted"))
          .containsExactly("2|");
    }
  }

  @Test
  void aTableWithoutAKeyIsNamedBeforeAnythingStarts() throws SQLException {
    String keyless = VITESS.newTable("keyless");
    VITESS.execute(SHOP, "CREATE TABLE " + keyless + " (a INT)");
    String keyed = table(SHOP);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);

    IngestRun run = copy.trySyncAll(List.of(keyed, keyless));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(keyless, "primary key").hasLineCount(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTableThatIsNotThereIsNamed() throws SQLException {
    String there = table(SHOP);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);

    for (String name : List.of("nope", there.toUpperCase(java.util.Locale.ROOT))) {
      IngestRun run = copy.trySyncAll(List.of(there, name));
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(name).hasLineCount(1);
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void oneTableMayGoToSeveralPlaces() throws SQLException {
    String table = table(SHOP);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.sync(table);
    VITESS.execute(SHOP, "UPDATE " + table + " SET name = 'x' WHERE id = 1");
    copy.sync(table, "--dest-table=crm.\"a.b\"");
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 2");

    copy.sync(table, "--dest-table=crm.\"a.b\"");
    copy.sync(table);

    copy.assertSame(table);
    copy.assertSameIn("crm.\"a.b\"", table);
    assertThat(copy.rows("SELECT id FROM crm.\"a.b\" WHERE _cdc_deleted")).containsExactly("2|");
  }

  @Test
  void aSchemaOfTheUriIsIgnoredForASingleTable() throws SQLException {
    String table = table(SHOP);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);

    IngestRun run = copy.trySync(table, "--source-uri=" + CdcCopy.uri(SHOP) + "&dest_schema=raw");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("ingest: warning: dest_schema is ignored");
    copy.assertSame(table);
  }
}
