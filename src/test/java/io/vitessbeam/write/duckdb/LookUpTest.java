package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From where a destination that was tampered with, or damaged, is followed. */
class LookUpTest {

  private static final String REFRESH = "run with --full-refresh to rebuild the destination safely";

  @TempDir private Path directory;
  private DatabaseFile database;
  private TestRun run;

  @BeforeEach
  void syncItems() {
    database = new DatabaseFile(directory);
    run =
        new TestRun(database.path(), "run", "-80", "80-")
            .plan(1, Rows.ITEMS, Action.COPY, 3, 10, 20)
            .copied("items", "-80", "1", "one")
            .copied("items", "80-", "2", "two")
            .changed("items", "-80", RowKind.UPDATE, 11, 1, "1", "uno")
            .until(30, 40);
    run.run();
  }

  private StoredTable stored() {
    return run.lookUp().get(0);
  }

  /** The greatest order is that of a copied row, which is safe from where the copy began. */
  private Vgtid ofData() {
    return run.at(10, 20).startingWith("80-");
  }

  @Test
  void thePositionTableIsBelieved() {
    assertThat(stored()).isEqualTo(new StoredTable("items", run.at(30, 40), 3, "definition of 2"));
  }

  /** What was carried over is still known, so that a change of that is seen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE _vitessbeam_positions SET row_count = 5 WHERE shard = '80-'",
        "DELETE FROM items WHERE id = 1",
        "INSERT INTO items SELECT * REPLACE (id + 10 AS id) FROM items",
        "CREATE OR REPLACE TABLE items AS FROM items WHERE id = 2",
      })
  void whereItDoesNotAgreeTheDataAre(String tampering) throws Exception {
    database.execute(tampering);
    assertThat(stored()).isEqualTo(new StoredTable("items", ofData(), 3, "definition of 2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DROP TABLE _vitessbeam_positions", "DELETE FROM _vitessbeam_positions"})
  void whereNothingIsKnownTheDataAre(String tampering) throws Exception {
    database.execute(tampering);
    assertThat(stored())
        .isEqualTo(
            StoredTable.unknown(
                "items",
                ofData(),
                3,
                List.of("id", "name", "_cdc_lsn", "_cdc_deleted", "_cdc_synced_at")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"source_keyspace", "source_table"})
  void aTableOfAnotherOwnerIsRefused(String column) throws Exception {
    database.execute("UPDATE _vitessbeam_positions SET " + column + " = 'other'");
    assertThatThrownBy(this::stored)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "follows " + (column.equals("source_table") ? "shop.other" : "other.items"))
        .hasMessageContaining("can't follow shop.items too");
    run.withFullRefresh();
    assertThat(stored()).isEqualTo(StoredTable.absent("items"));
  }

  @Test
  void tablesThatDifferInCaseOnlyAreOneInTheFile() throws Exception {
    SyncKey target = run.target();
    SyncSpec both =
        new SyncSpec(
            "both",
            "both",
            "shop",
            List.of(
                new SyncSpec.Table("items", new TargetTable("", "items")),
                new SyncSpec.Table("Items", new TargetTable("", "Items"))),
            false);
    assertRefused(new SyncKey(target.place(), both, false), "items and Items would be one table");
    SyncSpec other = new SyncSpec("other", "other", "shop", both.tables().subList(1, 2), false);
    assertRefused(
        new SyncKey(target.place(), other, false),
        "follows shop.items, and can't follow shop.Items");
  }

  private static void assertRefused(SyncKey target, String message) {
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(target);
    assertThatThrownBy(load::lookUp)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
    DuckDbLoads.ofThisJvm().release(load);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE FROM items", "DROP TABLE items"})
  void aTableThatIsEmptyOrGoneIsCopied(String tampering) throws Exception {
    database.execute(tampering);
    assertThat(stored()).isEqualTo(StoredTable.absent("items"));
  }

  @Test
  void anEmptyTableIsFollowed() throws Exception {
    TestRun empty =
        new TestRun(database.path(), "empty", "0").plan(Rows.ITEMS, Action.COPY, 10).until(50);
    empty.run();
    assertThat(empty.lookUp().get(0).position()).isEqualTo(empty.at(50));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "000001.00000000000000000010.0000000000:AAAA", "9999"})
  void aPositionThatCannotBeReadIsRefused(String lsn) throws Exception {
    database.execute("UPDATE items SET _cdc_lsn = '" + lsn + "'");
    assertThatThrownBy(run::lookUp)
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessage("resume position \"%s\" for items is invalid; %s".formatted(lsn, REFRESH));
  }

  @Test
  void thePositionOfAnotherKeyspaceIsRefused() throws Exception {
    SyncKey target = run.target();
    SyncKey other =
        new SyncKey(
            target.place(),
            new SyncSpec("other", "other", "customer", target.spec().tables(), false),
            false);
    assertRefused(other, "follows shop.items, and can't follow customer.items too");
    database.execute("DROP TABLE _vitessbeam_positions");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(other);
    assertThatThrownBy(load::lookUp)
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("it is of the keyspace shop, not of customer; " + REFRESH);
    DuckDbLoads.ofThisJvm().release(load);
  }

  @Test
  void aTableThatWasNotFollowedIsRefused() throws Exception {
    database.execute("CREATE OR REPLACE TABLE items AS SELECT 1 AS id");
    assertThatThrownBy(run::lookUp)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is not a table that CDC wrote")
        .hasMessageContaining("--full-refresh");
    run.withFullRefresh();
    assertThat(stored()).isEqualTo(StoredTable.absent("items"));
  }

  @Test
  void aViewIsRefused() throws Exception {
    database.execute("DROP TABLE items; CREATE VIEW Items AS SELECT 1 AS id");
    assertThatThrownBy(run::lookUp)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is a VIEW");
    run.withFullRefresh();
    assertThatThrownBy(run::lookUp).isInstanceOf(ConfigurationException.class);
  }
}
