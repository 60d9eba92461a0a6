package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.SentStatements;
import io.vitessbeam.testing.StatementKinds;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs that follow a table into a keyspace end in the middle; the next one brings all of it. */
class FollowedFaultsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  /** More than a range of keys has. */
  private static final int ROWS = 4_000;

  private static final int EVERY = 5;
  private static final int MOST_STATEMENTS = 300;

  private final String source = VITESS.newTable("source");
  private final Target copy = new Target();
  private int changes;

  @BeforeEach
  void makeSource() throws Exception {
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + source + " (id BIGINT PRIMARY KEY, name VARCHAR(40), n INT)",
        "INSERT INTO "
            + source
            + " SELECT a.n * 100 + b.n, 'first', 0 FROM (WITH RECURSIVE r AS (SELECT 0 n UNION ALL"
            + " SELECT n + 1 FROM r WHERE n < 39) SELECT n FROM r) a, (WITH RECURSIVE r AS (SELECT"
            + " 0 n UNION ALL SELECT n + 1 FROM r WHERE n < 99) SELECT n FROM r) b");
    sync();
  }

  @Test
  void whateverKindOfWriteARunEndsBeforeTheNextOneHeals() throws Exception {
    change();
    List<String> statements = new CopyOnWriteArrayList<>();
    try (SentStatements sent = SentStatements.toServers(statements::add)) {
      assertThat(sent).isNotNull();
      sync();
    }
    assertThat(statements).hasSizeGreaterThan(30);
    List<String> writes = statements.stream().filter(StatementKinds::writes).toList();
    for (int write : StatementKinds.lastIn(writes)) {
      isEnded(write, StatementKinds::writes);
      sync();
      assertSame();
    }
  }

  /** Every few statements: each of them takes two runs. */
  @Tag("volume")
  @Test
  void whateverStatementARunEndsBeforeTheNextOneHeals() throws Exception {
    int statement = 0;
    while (isEnded(statement, any -> true)) {
      sync();
      assertSame();
      statement += EVERY;
      assertThat(statement).isLessThan(MOST_STATEMENTS);
    }
    assertSame();
    assertThat(statement).isGreaterThan(30);
  }

  /** Changes nearly all rows. */
  private void change() throws Exception {
    changes++;
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + source + " SET name = 'run " + changes + "', n = n + 1",
        "DELETE FROM " + source + " WHERE id % 1000 = " + (changes % 1000),
        "INSERT INTO " + source + " VALUES (" + (ROWS + changes) + ", 'new', 0)");
  }

  /** Runs after changes up to a statement; false if it came to its own end. */
  private boolean isEnded(int statement, Predicate<String> counted) throws Exception {
    change();
    VitessSync sync = newSync();
    try (Ending ending = new Ending(statement, counted)) {
      TestPipelines.read(EmbeddedRunner.DIRECT, sync);
      assertThat(ending.seen()).isLessThanOrEqualTo(statement);
      return false;
    } catch (Ending.Ended | RuntimeException e) {
      sync.abort();
      return true;
    }
  }

  private void sync() {
    TestPipelines.read(EmbeddedRunner.DIRECT, newSync());
  }

  private VitessSync newSync() {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://%s:%d/%s?grpc_port=%d"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort()));
    return VitessSync.from(uri).to(VITESS.uri(SHOP)).withTable(source, "", copy.name());
  }

  private void assertSame() throws Exception {
    assertThat(copy.query("SELECT id, name, n FROM $t WHERE NOT _cdc_deleted ORDER BY id"))
        .isEqualTo(new Target(source).query("SELECT id, name, n FROM $t ORDER BY id"));
  }

  /** Lets no statement pass from one on, in any thread. */
  private static final class Ending implements AutoCloseable {

    /** Is not tried again. */
    static final class Ended extends Error {
      private static final long serialVersionUID = 1L;
    }

    private final AtomicInteger seen = new AtomicInteger();
    private final int last;
    private final Predicate<String> counted;
    private volatile boolean over;
    private final SentStatements statements;

    /**
     * @param last number of statements that pass of those that are counted
     */
    Ending(int last, Predicate<String> counted) {
      this.last = last;
      this.counted = counted;
      this.statements = SentStatements.toServers(this::see);
    }

    int seen() {
      return seen.get();
    }

    private void see(String statement) {
      boolean counts = counted.test(statement);
      if (over || (counts && seen.get() >= last)) {
        over = true;
        throw new Ended();
      }
      if (counts) {
        seen.incrementAndGet();
      }
    }

    @Override
    public void close() {
      statements.close();
    }
  }
}
