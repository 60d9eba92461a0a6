package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.VStreamRead;
import io.vitessbeam.VStreamResult;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestPipelines.Collect;
import io.vitessbeam.testing.cluster.KeyspaceOperations;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables that Vitess alters online, by another table that takes their place. */
@Timeout(180)
class VStreamReadOnlineDdlIT {

  private static final TestCluster CLUSTER = TestCluster.shared();

  private final String run = UUID.randomUUID().toString();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private PipelineResult result;

  @AfterEach
  void stop() throws IOException {
    if (result != null) {
      result.cancel();
    }
    Collect.forget(run);
  }

  private void follow(String table) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--blockOnRun=false")
                .create());
    VStreamResult<KV<String, String>> read =
        pipeline.apply(
            VStreamRead.from(CLUSTER.cdcUriText(SHOP, TestCluster.PASSWORD))
                .withTable(table)
                .fromNow()
                .json()
                .withBrokenTables());
    read.changes()
        .apply(
            MapElements.into(TypeDescriptors.strings())
                .via(change -> change.getValue().replaceAll(",\"source\".*", "}")))
        .apply("Observe changes", ParDo.of(Collect.<String>into(run, told::add)));
    read.brokenTables()
        .apply(
            MapElements.into(TypeDescriptors.strings()).via(broken -> "BROKEN " + broken.reason()))
        .apply("Observe broken", ParDo.of(Collect.<String>into(run, told::add)));
    result = pipeline.run();
  }

  private String take() throws InterruptedException {
    String next = told.poll(60, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void columnsAtTheEndEndNothing() throws Exception {
    String table = CLUSTER.newTable("online");
    CLUSTER.execute(SHOP, "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, n INT)");
    follow(table);
    CLUSTER.execute(SHOP, "INSERT INTO " + table + " (id, n) VALUES (1, 1)");
    assertThat(take()).isEqualTo("{\"before\":null,\"after\":{\"id\":1,\"n\":1}}");

    new KeyspaceOperations(CLUSTER, SHOP)
        .alterOnline(table, "ADD COLUMN note VARCHAR(10) NOT NULL DEFAULT 'x'");
    CLUSTER.execute(SHOP, "UPDATE " + table + " SET n = 2, note = 'y' WHERE id = 1");
    assertThat(take())
        .isEqualTo(
            "{\"before\":{\"id\":1,\"n\":1,\"note\":\"x\"},"
                + "\"after\":{\"id\":1,\"n\":2,\"note\":\"y\"}}");

    new KeyspaceOperations(CLUSTER, SHOP).alterOnline(table, "MODIFY n BIGINT");
    assertThat(take()).startsWith("BROKEN it was altered: ");
  }
}
