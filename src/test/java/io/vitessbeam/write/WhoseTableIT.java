package io.vitessbeam.write;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.testing.SentStatements;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table that follows one table of a keyspace is no other one's, at every destination. */
class WhoseTableIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private static Path folder;

  private final String za = VITESS.newTable("za");
  private final String zb = VITESS.newTable("zb");
  private final String x = VITESS.newTable("x");

  /** What was done by hand to a table that follows {@code za}, and what then is said of it. */
  private enum Case {
    NOTHING("", true, true),
    ANOTHER_TABLE("", false, false),
    ANOTHER_TABLE_AFTER_ROWS_WERE_CHANGED("DELETE FROM %s WHERE id = 1", false, false),
    ANOTHER_TABLE_AFTER_ALL_ROWS_WERE_DELETED("DELETE FROM %s", false, false),
    THE_SAME_AFTER_ALL_ROWS_WERE_DELETED("", true, false),
    ANOTHER_TABLE_AFTER_IT_WAS_DROPPED("DROP TABLE %s", false, false);

    private final String byHand;
    private final boolean same;
    private final boolean followed;

    Case(String byHand, boolean same, boolean followed) {
      this.byHand = byHand;
      this.same = same;
      this.followed = followed;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTableKnowsWhoseItIs(Place place) throws Exception {
    create();
    run(place, za, false);

    for (Case each : Case.values()) {
      if (!each.byHand.isEmpty()) {
        place.execute(folder, each.byHand.formatted(x));
      }
      String source = each.same ? za : zb;
      if (each.same || each == Case.ANOTHER_TABLE_AFTER_IT_WAS_DROPPED) {
        assertThat(lookUp(place, SHOP, source, false).position() != null)
            .as(each.name())
            .isEqualTo(each.followed);
      } else {
        assertRefused(each.name(), place, SHOP, source, SHOP + "." + za, SHOP + "." + zb);
      }
      assertThat(lookUp(place, SHOP, source, true)).isEqualTo(StoredTable.absent(source));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameNameInAnotherKeyspaceIsAnotherTable(Place place) throws Exception {
    create();
    run(place, za, false);

    assertRefused("keyspace", place, "customer", za, SHOP + "." + za, "customer." + za);
  }

  private void assertRefused(
      String what, Place place, String keyspace, String source, String owner, String other) {
    assertThatThrownBy(() -> lookUp(place, keyspace, source, false))
        .as(what)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(x + " in ")
        .hasMessageContaining("follows " + owner)
        .hasMessageContaining(other)
        .hasMessageContaining("--dest-table")
        .hasMessageContaining("--full-refresh");
  }

  /** Where it can't be one transaction, whose it is becomes known before its rows are there. */
  @ParameterizedTest
  @EnumSource
  void aFullRefreshTakesATableOver(Place place) throws Exception {
    create();
    run(place, za, false);
    AtomicReference<List<String>> atSwap = new AtomicReference<>(List.of());
    SentStatements statements =
        SentStatements.toServers(
            sql -> {
              if (sql.startsWith("RENAME TABLE")) {
                atSwap.set(positions(place));
              }
            });
    try {
      run(place, zb, true);
    } finally {
      statements.close();
    }

    assertThat(atSwap.get()).isIn(List.of(), List.of(SHOP + "|" + zb + "|-1|"));
    assertThat(atSwap.get().isEmpty())
        .isEqualTo(place == Place.DUCKDB || place == Place.POSTGRESQL);
    assertThat(rows(place, "SELECT id, v FROM " + x)).containsExactly("7|7|");
    assertThat(lookUp(place, SHOP, zb, false).position()).isNotNull();
    assertRefused("after it", place, SHOP, za, SHOP + "." + zb, SHOP + "." + za);

    // As a run leaves it that ends between the two.
    place.execute(
        folder,
        "UPDATE _vitessbeam_positions SET row_count = -1, greatest_lsn = NULL WHERE table_name = '"
            + x
            + "'");
    assertThat(lookUp(place, SHOP, zb, false)).isEqualTo(StoredTable.absent(zb));
    assertRefused("between", place, SHOP, za, SHOP + "." + zb, SHOP + "." + za);
  }

  private List<String> positions(Place place) {
    try {
      return rows(
          place,
          "SELECT source_keyspace, source_table, row_count FROM _vitessbeam_positions WHERE"
              + " table_name = '"
              + x
              + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Only the columns of a table tell whose it may be once the table of positions has lost it. */
  @ParameterizedTest
  @EnumSource
  void aTableThatNobodyKnowsIsTakenByItsColumns(Place place) throws Exception {
    create();
    run(place, za, false);
    place.execute(folder, "DELETE FROM _vitessbeam_positions WHERE table_name = '" + x + "'");

    assertThat(lookUp(place, SHOP, za, false).position()).isNotNull();
    VITESS.execute(SHOP + ":0", "ALTER TABLE " + zb + " ADD COLUMN w INT");
    assertThatThrownBy(() -> run(place, zb, false))
        .hasRootCauseInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("lacks the columns w")
        .hasMessageContaining("--full-refresh");
  }

  private void create() throws SQLException {
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + za + " (id INT PRIMARY KEY, v INT)",
        "CREATE TABLE " + zb + " (id INT PRIMARY KEY, v INT)",
        "INSERT INTO " + za + " VALUES (1, 1), (2, 2)",
        "INSERT INTO " + zb + " VALUES (7, 7)");
  }

  private void run(Place place, String source, boolean fullRefresh) {
    VitessCdcUri uri = VitessCdcUri.of(VITESS.uri(SHOP), VITESS.host(), VITESS.grpcPort());
    TestPipelines.read(
        EmbeddedRunner.DIRECT,
        place
            .to(folder, VitessSync.from(uri))
            .withTable(source, "", x)
            .withFullRefresh(fullRefresh));
  }

  private StoredTable lookUp(Place place, String keyspace, String source, boolean fullRefresh) {
    List<StoredTable> tables = new ArrayList<>();
    SyncLoader load =
        place
            .destination(folder)
            .follower(
                new SyncSpec(
                    "a transform",
                    UUID.randomUUID().toString(),
                    keyspace,
                    List.of(new SyncSpec.Table(source, new TargetTable("", x))),
                    fullRefresh));
    try {
      tables.addAll(load.lookUp().tables());
    } finally {
      load.release();
    }
    assertThat(tables).hasSize(1);
    return tables.get(0);
  }

  private static List<String> rows(Place place, String sql) throws SQLException {
    try (Connection connection = place.connect(folder)) {
      return TableRows.of(connection, sql);
    }
  }
}
