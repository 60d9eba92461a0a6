package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.VStreamResult;
import io.vitessbeam.VStreamResult.BrokenTable;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TestPipelines.Collect;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
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
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several tables in one read, which are altered while they are followed. */
@Timeout(180)
class VStreamReadTablesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String run = UUID.randomUUID().toString();
  private final BlockingQueue<Object> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Object> broken = new LinkedBlockingQueue<>();
  private final Pipeline pipeline =
      Pipeline.create(
          PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--blockOnRun=false").create());
  private PipelineResult result;

  @AfterEach
  void stop() throws IOException {
    if (result != null) {
      result.cancel();
    }
    Collect.forget(run + "changes");
    Collect.forget(run + "broken");
  }

  private static VStreamRead read(String keyspace, String... tables) {
    VitessCdcUri uri = VitessCdcUri.of(VITESS.uri(keyspace), VITESS.host(), VITESS.grpcPort());
    return VStreamRead.from(uri).withTables(List.of(tables));
  }

  private <T> void observe(String what, PCollection<T> elements, BlockingQueue<Object> queue) {
    elements.apply("Observe " + what, ParDo.of(Collect.<T>into(run + what, queue::add)));
  }

  private <T> T take(BlockingQueue<Object> queue, Class<T> type) throws InterruptedException {
    Object taken = queue.poll(60, TimeUnit.SECONDS);
    assertThat(taken).as("after %s and %s", changes, broken).isNotNull();
    return type.cast(taken);
  }

  private List<String> takeRecords(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      ChangeRecord change = take(changes, ChangeRecord.class);
      assertThat(change.gtid()).startsWith("MySQL56/");
      taken.add(change.table() + " " + change.operation() + " " + change.after().getValues());
    }
    return taken;
  }

  /** Each is copied by itself, and from then on one stream has all, with rows of each its own. */
  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void copyThenFollow(String keyspace) throws Exception {
    String one = VITESS.create(keyspace, "tables", "(id BIGINT PRIMARY KEY, n INT)");
    String two = VITESS.create(keyspace, "tables", "(id BIGINT PRIMARY KEY, name VARCHAR(20))");
    String empty = VITESS.create(keyspace, "tables", "(id BIGINT PRIMARY KEY)");
    VITESS.execute(
        keyspace,
        "INSERT INTO " + one + " (id, n) VALUES (1, 1), (2, 2)",
        "INSERT INTO " + two + " (id, name) VALUES (1, 'a'), (3, 'c')");
    observe("changes", pipeline.apply("Follow", read(keyspace, one, two, empty)), changes);
    result = pipeline.run();

    assertThat(takeRecords(4))
        .containsExactlyInAnyOrder(
            one + " COPY [1, 1]", one + " COPY [2, 2]", two + " COPY [1, a]", two + " COPY [3, c]");
    for (long id = 10; id < 13; id++) {
      VITESS.execute(
          keyspace,
          "INSERT INTO " + one + " (id, n) VALUES (" + id + ", 5)",
          "UPDATE " + two + " SET name = 'x" + id + "' WHERE id = 3",
          "INSERT INTO " + empty + " (id) VALUES (" + id + ")");
      assertThat(takeRecords(3))
          .containsExactlyInAnyOrder(
              one + " INSERT [" + id + ", 5]",
              two + " UPDATE [3, x" + id + "]",
              empty + " INSERT [" + id + "]");
    }
    assertThat(changes).isEmpty();
  }

  /** What can't go on is one table; what was committed before comes all the same. */
  @Test
  void aBrokenTableIsTold() throws Exception {
    String good = VITESS.create(SHOP, "tables", "(id BIGINT PRIMARY KEY, n INT)");
    String bad = VITESS.create(SHOP, "tables", "(id BIGINT PRIMARY KEY, n INT)");
    VStreamResult<ChangeRecord> read =
        pipeline.apply("Follow", read(SHOP, good, bad).fromNow().withBrokenTables());
    observe("changes", read.changes(), changes);
    observe("broken", read.brokenTables(), broken);
    result = pipeline.run();

    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + good + " VALUES (1, 1)",
        "INSERT INTO " + bad + " VALUES (1, 1)");
    // Vitess decodes no row with a schema that is gone.
    assertThat(takeRecords(2)).containsExactly(good + " INSERT [1, 1]", bad + " INSERT [1, 1]");
    VITESS.execute(
        SHOP + ":0",
        "ALTER TABLE " + good + " ADD COLUMN more INT NOT NULL DEFAULT 7",
        "ALTER TABLE " + bad + " MODIFY n VARCHAR(20)",
        "INSERT INTO " + bad + " VALUES (2, 'x')",
        "INSERT INTO " + good + " VALUES (2, 2, 2)");

    assertThat(takeRecords(1)).containsExactly(good + " INSERT [2, 2]");
    BrokenTable told = take(broken, BrokenTable.class);
    assertThat(told.keyspace() + "." + told.table()).isEqualTo("shop." + bad);
    assertThat(told.reason()).contains("altered", "VARCHAR(20)").doesNotContain("--");
    assertThat(told.position().shardNames()).containsExactly("0");
    assertThat(changes).isEmpty();
    assertThat(broken).isEmpty();
  }

  @Test
  void jsonHasNewColumns() throws Exception {
    String table =
        VITESS.create(
            SHOP,
            "tables",
            "(id BIGINT UNSIGNED, part CHAR(2), secret TEXT, PRIMARY KEY (id, part))");
    observe(
        "changes",
        pipeline.apply(
            "Follow", read(SHOP, table).withoutColumns(List.of("secret")).fromNow().json()),
        changes);
    result = pipeline.run();

    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + table + " VALUES (1, 'a', 's')",
        "ALTER TABLE " + table + " ADD COLUMN price DECIMAL(6,2) NOT NULL DEFAULT 1.5, ADD w DATE",
        "UPDATE " + table + " SET price = 2, w = '2024-02-29' WHERE id = 1",
        "ALTER TABLE " + table + " ADD COLUMN note VARCHAR(10)",
        "INSERT INTO " + table + " VALUES (2, 'b', 's', 3, NULL, 'new')",
        "DELETE FROM " + table + " WHERE id = 1");

    List<JsonNode> values = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    while (values.size() < 4) {
      KV<?, ?> change = take(changes, KV.class);
      keys.add((String) change.getKey());
      values.add(JSON.readTree((String) change.getValue()));
    }
    String first = "{\"id\":\"1\",\"part\":\"a\"}";
    assertThat(keys).containsExactly(first, first, "{\"id\":\"2\",\"part\":\"b\"}", first);
    assertThat(values)
        .extracting(json -> json.path("op").textValue())
        .containsExactly("c", "u", "c", "d");
    assertThat(values.get(0).path("after")).isEqualTo(JSON.readTree(first));
    assertThat(values.get(0).path("before").isNull()).isTrue();
    assertThat(values.get(1).path("before"))
        .isEqualTo(
            JSON.readTree("{'id':'1','part':'a','price':'1.50','w':null}".replace('\'', '"')));
    assertThat(values.get(1).path("after"))
        .isEqualTo(
            JSON.readTree("{'id':'1','part':'a','price':'2.00','w':19782}".replace('\'', '"')));
    assertThat(values.get(2).path("after").path("note").textValue()).isEqualTo("new");
    assertThat(values.get(3).path("after").isNull()).isTrue();
    JsonNode source = values.get(3).path("source");
    assertThat(source.path("table").textValue()).isEqualTo(table);
    assertThat(source.path("connector").textValue()).isEqualTo("vitess");
    assertThat(JSON.readTree(source.path("vgtid").textValue()).get(0).path("shard").textValue())
        .isEqualTo("0");
    assertThat(source.path("ts_ms").longValue())
        .isBetween(values.get(3).path("ts_ms").longValue() - 60_000, System.currentTimeMillis());
  }

  @Test
  void refusals() throws Exception {
    String table = VITESS.create(SHOP, "tables", "(id BIGINT PRIMARY KEY, n INT)");
    assertRefused(read(SHOP, table).withoutColumns(List.of("none")), "has no column none");
    assertRefused(read(SHOP, table, "customer." + table), "customer has no table");
    assertRefused(read(SHOP), "Give the tables");
  }

  private void assertRefused(VStreamRead read, String message) {
    assertThatThrownBy(() -> pipeline.apply("Refused " + message, read))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
