package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TestPipelines.Collect;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of real tables as they happen. */
@Timeout(180)
class VStreamReadUnboundedIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String DEFINITION = "(id BIGINT PRIMARY KEY, n INT)";

  private final String run = UUID.randomUUID().toString();
  private PipelineResult result;

  @AfterEach
  void stop() throws IOException {
    result.cancel();
    Collect.forget(run);
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void copyThenFollow(String keyspace) throws SQLException, InterruptedException {
    String table = VITESS.create(keyspace, "followed", DEFINITION);
    VITESS.execute(keyspace, "INSERT INTO " + table + " (id, n) VALUES (1, 1), (2, 2), (3, 3)");
    BlockingQueue<ChangeRecord> changes = follow(read(keyspace, table));

    List<ChangeRecord> copied = take(changes, 3);
    assertThat(copied).extracting(ChangeRecord::operation).containsOnly(ChangeOperation.COPY);
    assertThat(copied).extracting(VStreamReadUnboundedIT::id).containsExactlyInAnyOrder(1L, 2L, 3L);
    for (int i = 10; i < 20; i++) {
      VITESS.execute(keyspace, "INSERT INTO " + table + " (id, n) VALUES (" + i + ", 0)");
      assertThat(take(changes, 1)).extracting(VStreamReadUnboundedIT::id).containsExactly((long) i);
    }
    VITESS.execute(keyspace, "UPDATE " + table + " SET n = 5 WHERE id = 2");
    ChangeRecord update = take(changes, 1).get(0);
    assertThat(update.operation()).isEqualTo(ChangeOperation.UPDATE);
    assertThat(update.before().getInt32("n")).isEqualTo(2);
    assertThat(update.after().getInt32("n")).isEqualTo(5);
    assertThat(changes).isEmpty();
  }

  @Test
  void fromNow() throws SQLException, InterruptedException {
    String table = VITESS.create(SHOP, "followed", DEFINITION);
    VITESS.execute(SHOP, "INSERT INTO " + table + " (id, n) VALUES (1, 1)");
    BlockingQueue<ChangeRecord> changes = follow(read(SHOP, table).fromNow());
    VITESS.execute(SHOP, "INSERT INTO " + table + " (id, n) VALUES (2, 2)");

    ChangeRecord change = take(changes, 1).get(0);
    assertThat(change.operation()).isEqualTo(ChangeOperation.INSERT);
    assertThat(id(change)).isEqualTo(2);
    assertThat(changes).isEmpty();
  }

  private BlockingQueue<ChangeRecord> follow(VStreamRead read) {
    BlockingQueue<ChangeRecord> changes = new LinkedBlockingQueue<>();
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--blockOnRun=false")
                .create());
    PCollection<ChangeRecord> records = pipeline.apply("Follow", read);
    assertThat(records.isBounded()).isEqualTo(IsBounded.UNBOUNDED);
    records.apply("Observe", ParDo.of(Collect.<ChangeRecord>into(run, changes::add)));
    result = pipeline.run();
    return changes;
  }

  private static List<ChangeRecord> take(BlockingQueue<ChangeRecord> changes, int count)
      throws InterruptedException {
    List<ChangeRecord> taken = new ArrayList<>();
    while (taken.size() < count) {
      ChangeRecord change = changes.poll(60, TimeUnit.SECONDS);
      assertThat(change).as("change %s of %s", taken.size() + 1, count).isNotNull();
      taken.add(change);
    }
    return taken;
  }

  private static long id(ChangeRecord change) {
    return change.after().getInt64("id");
  }

  private static VStreamRead read(String keyspace, String table) {
    return VStreamRead.from(VitessCdcUri.of(VITESS.uri(keyspace), VITESS.host(), VITESS.grpcPort()))
        .withTable(table);
  }
}
