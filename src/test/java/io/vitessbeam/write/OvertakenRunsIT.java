package io.vitessbeam.write;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.VitessSync;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.SentStatements;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of two runs that follow one table of a server the one that comes second changes nothing. */
class OvertakenRunsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private final String source = VITESS.newTable("source");
  private final String copy = VITESS.newTable("copy");

  private enum Place {
    VITESS_KEYSPACE("state = 'PUBLISHING'") {
      @Override
      VitessSync to(VitessSync sync) {
        return sync.to(VITESS.uri(SHOP));
      }

      @Override
      Connection connect() throws SQLException {
        return VITESS.connect(SHOP + ":0");
      }
    },
    POSTGRESQL(" AS publishes") {
      @Override
      VitessSync to(VitessSync sync) {
        return sync.to(PostgresqlUri.parse(TestPostgresql.shared().uri()));
      }

      @Override
      Connection connect() throws SQLException {
        return TestPostgresql.shared().connect();
      }
    };

    private final String publishing;

    /**
     * @param publishing is in the statement by which a run begins to change the table
     */
    Place(String publishing) {
      this.publishing = publishing;
    }

    abstract VitessSync to(VitessSync sync);

    abstract Connection connect() throws SQLException;
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatAnotherOneOvertookFailsAndTheTableIsThatOfTheOther(Place place) throws Exception {
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + source + " (id BIGINT PRIMARY KEY, name VARCHAR(40))",
        "INSERT INTO " + source + " VALUES (1, 'first'), (2, 'first')");

    overtake(place);
    assertSame(place, "second", "second");

    VITESS.execute(SHOP + ":0", "UPDATE " + source + " SET name = 'third' WHERE id = 1");
    overtake(place);
    assertSame(place, "second", "second");

    VITESS.execute(SHOP + ":0", "UPDATE " + source + " SET name = 'fourth' WHERE id = 2");
    run(place);
    assertSame(place, "second", "fourth");
  }

  /** Begins a run, and has another one, of later changes, done before it publishes. */
  private void overtake(Place place) throws SQLException {
    VitessSync sync = newSync(place);
    try (Before before =
        new Before(
            place.publishing,
            () -> {
              VITESS.execute(SHOP + ":0", "UPDATE " + source + " SET name = 'second'");
              run(place);
              return null;
            })) {
      assertThatThrownBy(() -> TestPipelines.read(EmbeddedRunner.DIRECT, sync))
          .hasMessageContaining(copy + " was changed by another run")
          .hasMessageContaining("run again");
      assertThat(before.isDone()).isTrue();
    }
    sync.abort();
  }

  private void run(Place place) {
    TestPipelines.read(EmbeddedRunner.DIRECT, newSync(place));
  }

  private VitessSync newSync(Place place) {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://%s:%d/%s?grpc_port=%d"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort()));
    return place.to(VitessSync.from(uri)).withTable(source, "", copy);
  }

  private void assertSame(Place place, String... names) throws SQLException {
    List<String> copied = new ArrayList<>();
    try (Connection connection = place.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM " + copy + " WHERE NOT _cdc_deleted ORDER BY id")) {
      while (rows.next()) {
        copied.add(rows.getString(1));
      }
    }
    assertThat(copied).containsExactly(names);
  }

  /** Has something done before the first statement that has a text, of whatever thread. */
  private static final class Before implements AutoCloseable {

    private final String text;
    private final Callable<Void> action;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final SentStatements statements;
    private volatile boolean done;

    Before(String text, Callable<Void> action) {
      this.text = text;
      this.action = action;
      this.statements = SentStatements.toServers(this::before);
    }

    boolean isDone() {
      return done;
    }

    private void before(String statement) {
      if (statement.contains(text) && begun.compareAndSet(false, true)) {
        // In a thread of its own: this one is in the middle of a pipeline.
        ExecutorService thread = Executors.newSingleThreadExecutor();
        assertThat(thread.submit(action)).succeedsWithin(Duration.ofMinutes(2));
        thread.shutdown();
        done = true;
      }
    }

    @Override
    public void close() {
      statements.close();
    }
  }
}
