package io.vitessbeam.write.postgresql;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.StatementKinds;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All sessions of a run that follows two tables end before one of its statements. Both tables are
 * as before or both as after it at every moment, and the next run heals.
 */
class FollowedFaultsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 300;
  private static final int EVERY = 5;
  private static final int MOST_STATEMENTS = 400;

  private final String one = VITESS.newTable("one");
  private final String other = VITESS.newTable("other");
  private final TestSchema copies = new TestSchema();
  private int changes;

  @BeforeEach
  void makeSources() throws Exception {
    for (String table : List.of(one, other)) {
      VITESS.execute(
          SHOP + ":0",
          "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, name VARCHAR(40), n INT)",
          "INSERT INTO "
              + table
              + " SELECT n, 'first', 0 FROM (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1"
              + " FROM r WHERE n < "
              + (ROWS - 1)
              + ") SELECT n FROM r) numbers");
    }
  }

  @Test
  void aRunThatEndsBeforeAnyKindOfWriteIsHealedByTheNextOne() throws Exception {
    sync(newSync());
    change();
    List<String> statements = whole();
    assertThat(statements).hasSizeGreaterThan(60);
    List<String> writes = statements.stream().filter(StatementKinds::writes).toList();
    for (int write : StatementKinds.lastIn(writes)) {
      killAndHeal(write, StatementKinds::writes);
    }
    requireNothingLeft();
  }

  /** Every few statements: each of them takes two runs. The first run copies; the others follow. */
  @Tag("volume")
  @Test
  void aRunThatEndsBeforeAnyStatementIsHealedByTheNextOne() throws Exception {
    int statement = 0;
    while (killAndHeal(statement, any -> true)) {
      statement += EVERY;
      assertThat(statement).isLessThan(MOST_STATEMENTS);
    }
    assertThat(statement).isGreaterThan(60);
    requireNothingLeft();
  }

  /** What a run sends that nobody kills. */
  private List<String> whole() {
    try (KilledSessions none = new KilledSessions(MOST_STATEMENTS)) {
      sync(newSync());
      assertThat(none.hasKilled()).isFalse();
      return none.statements();
    }
  }

  /** False if the run came to its own end. */
  private boolean killAndHeal(int statement, Predicate<String> counted) throws Exception {
    List<String> before = copied();
    change();
    List<String> after = atSource();
    boolean killed;
    String where;
    try (KilledSessions sessions = new KilledSessions(statement, counted)) {
      attempt();
      killed = sessions.hasKilled();
      where = "killed before statement " + statement + ": " + sessions.next();
    }
    assertThat(copied()).as(where).isIn(before, after);
    sync(newSync());
    assertThat(copied()).as(where).isEqualTo(after);
    return killed;
  }

  private void requireNothingLeft() throws Exception {
    assertThat(copies.tables())
        .containsExactlyInAnyOrder("_vitessbeam_published", "_vitessbeam_positions", one, other);
  }

  private void change() throws Exception {
    changes++;
    for (String table : List.of(one, other)) {
      VITESS.execute(
          SHOP + ":0",
          "UPDATE " + table + " SET name = 'run " + changes + "', n = n + 1 WHERE id % 2 = 0",
          "DELETE FROM " + table + " WHERE id = " + changes,
          "INSERT INTO " + table + " VALUES (" + (ROWS + changes) + ", 'new', 0)");
    }
  }

  private void attempt() {
    VitessSync sync = newSync();
    try {
      sync(sync);
    } catch (RuntimeException e) {
      sync.abort();
    }
  }

  private static void sync(VitessSync sync) {
    TestPipelines.read(EmbeddedRunner.DIRECT, sync);
  }

  private VitessSync newSync() {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://%s:%d/%s?grpc_port=%d&dest_schema=%s"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort(), copies.name()));
    return VitessSync.from(uri).to(TestSchema.uri()).withTables(List.of(one, other));
  }

  /** The live rows of both tables; none of a table that is not there. */
  private List<String> copied() throws Exception {
    List<String> rows = new ArrayList<>();
    for (String table : List.of(one, other)) {
      if (copies.tables().contains(table)) {
        rows.addAll(
            copies.query(
                "SELECT concat_ws('|', '%s', id, name, n) FROM $s.%s WHERE NOT _cdc_deleted ORDER"
                        .formatted(table, table)
                    + " BY id"));
      }
    }
    return rows;
  }

  private List<String> atSource() throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      for (String table : List.of(one, other)) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT concat_ws('|', '%s', id, name, n) FROM %s ORDER BY id"
                    .formatted(table, table))) {
          while (row.next()) {
            rows.add(row.getString(1));
          }
        }
      }
    }
    return rows;
  }
}
