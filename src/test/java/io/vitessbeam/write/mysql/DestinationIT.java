package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.VitessRead;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through pipelines, and what a keyspace has to be like. */
class DestinationIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private final Target target = new Target();

  @ParameterizedTest
  @EnumSource(names = "SCD2", mode = EnumSource.Mode.EXCLUDE)
  void everyValueOfEveryTypeIsWrittenAsItIs(WriteStrategy strategy) throws Exception {
    // Text of the label that stands for a value that is none is refused by a strict server.
    Predicate<TypedColumn> written =
        column ->
            !column.definition().contains("GENERATED")
                && column.values().stream()
                    .noneMatch(
                        value ->
                            column.definition().startsWith("ENUM")
                                && value.expected().equals("")
                                && !column.definition().contains(",'')"));
    List<TypedColumn> columns = EveryType.columns().stream().filter(written).toList();
    String source = EveryTypeTable.create(VITESS, columns);
    for (int run = 0; run < 2; run++) {
      write(
          "DirectRunner",
          source,
          VitessWrite.to(VITESS.uri(SHOP))
              .withTable(target.name())
              .withIncrementalKey("id")
              .withStrategy(strategy),
          EveryTypeTable.ROWS);
      if (strategy == WriteStrategy.APPEND) {
        break;
      }
    }

    try (Connection connection = VITESS.connect(SHOP)) {
      for (TypedColumn column : columns) {
        // The widths with which MySQL prints numbers are no part of their values.
        if (column.definition().matches("FLOAT.*|DOUBLE.*|.*ZEROFILL")) {
          assertThat(
                  target.query(
                      "SELECT COUNT(*) FROM $t t JOIN "
                          + source
                          + " s ON t.id = s.id WHERE t."
                          + column.name()
                          + " <=> s."
                          + column.name()))
              .as(column.definition())
              .containsExactly(String.valueOf(EveryTypeTable.ROWS));
          continue;
        }
        String select = "SELECT id, " + column.name() + " FROM ";
        assertThat(RowDigests.ofDriver(connection, select + target.quoted()).byKey())
            .as(column.definition())
            .isEqualTo(RowDigests.ofDriver(connection, select + source).byKey());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void writesWhatIsRead(String runner) throws Exception {
    String source = VITESS.newTable("s");
    new Target(source).load(WriteStrategy.MERGE, Source.items().items(0, 40_000, "a").in(2, 5000));

    write(
        runner,
        source,
        VitessWrite.to(VITESS.uri(SHOP))
            .withTable(target.name())
            .withStrategy(WriteStrategy.REPLACE),
        40_000);

    assertThat(target.query("SELECT SUM(CRC32(CONCAT(id, name, changed))), COUNT(*) FROM $t"))
        .isEqualTo(
            new Target(source)
                .query("SELECT SUM(CRC32(CONCAT(id, name, changed))), COUNT(*) FROM $t"));
  }

  private void write(String runner, String source, VitessWrite write, long rows) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=" + runner).create());
    PCollection<LoadedTable> loaded =
        pipeline
            .apply(VitessRead.from(VITESS.uri(SHOP)).withTable(source).blocks())
            .apply(write)
            .loaded();
    PAssert.thatSingleton(loaded)
        .satisfies(
            table -> {
              assertThat(table.rows()).isEqualTo(rows);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void wideTables() throws Exception {
    Source source = new Source("c0");
    IntStream.range(0, 120)
        .forEach(i -> source.column("c" + i, ColumnType.of(MysqlType.VARCHAR, 255), i > 0));
    for (int row = 0; row < 3000; row++) {
      Object[] values = new Object[120];
      for (int i = 0; i < 120; i++) {
        values[i] = (row + i) % 7 == 0 && i > 0 ? null : row + "." + i;
      }
      source.row(values);
    }

    target.load(WriteStrategy.REPLACE, source.in(1, 3000));

    assertThat(
            target.query(
                "SELECT COUNT(*), COUNT(c7), SUM(c117 = CONCAT(SUBSTRING_INDEX(c0,"
                    + " '.', 1), '.117')) FROM $t"))
        .containsExactly("3000|2571|2571");
  }

  @Test
  void largeValues() throws Exception {
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.INT), false)
            .column("v", ColumnType.of(MysqlType.LONGBLOB), true);
    byte[] large = new byte[7 << 20];
    Arrays.fill(large, (byte) 0xfb);
    for (int i = 0; i < 3; i++) {
      source.row(i, large);
    }
    target.load(WriteStrategy.MERGE, source.row(3, new byte[0]).row(4, null));

    assertThat(target.query("SELECT id, LENGTH(v), LENGTH(REPLACE(v, X'FB', '')) FROM $t"))
        .containsExactly("0|7340032|0", "1|7340032|0", "2|7340032|0", "3|0|0", "4|null|null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "sel`ect", "ta\"ble's", "größe-表", "select", "$x 1"})
  void oddNames(String name) throws Exception {
    Target odd = new Target(name + VITESS.newTable("n"));
    String column = name;
    for (WriteStrategy strategy : WriteStrategy.values()) {
      odd.execute("DROP TABLE IF EXISTS $t");
      for (int run = 0; run < 2; run++) {
        Source source =
            new Source(column)
                .column(column, ColumnType.of(MysqlType.INT), false)
                .column("v" + column, ColumnType.of(MysqlType.INT), false);
        odd.load(
            strategy,
            spec ->
                strategy == WriteStrategy.DELETE_INSERT
                    ? spec.withIncrementalKey(column)
                    : spec.withPrimaryKey(List.of(column)),
            source.row(1, run).row(2, run));
      }
      long rows = strategy == WriteStrategy.APPEND || strategy == WriteStrategy.SCD2 ? 4 : 2;
      assertThat(odd.query("SELECT COUNT(*) FROM $t"))
          .as(strategy.name())
          .containsExactly(String.valueOf(rows));
    }
  }

  @Test
  void aShardedKeyspaceIsRefusedHoweverItIsNamed() throws Exception {
    String[] tables = {"t", CUSTOMER + ".t"};
    VitessUri[] uris = {VITESS.uri(CUSTOMER), VITESS.uri(SHOP)};
    for (int i = 0; i < 2; i++) {
      LoadId<Server> id = id(uris[i], tables[i]);
      assertThatThrownBy(() -> target.load(id, Source.items().blocks()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("Keyspace customer is sharded (-80, 80-)")
          .hasMessageContaining("SHOW VITESS_SHARDS")
          .hasMessageContaining("Name an unsharded keyspace");
    }
  }

  @Test
  void aKeyspaceThatIsMissingIsNotCreated() {
    LoadId<Server> id = id(VITESS.uri(SHOP), "nowhere.t");
    assertThatThrownBy(() -> target.load(id, Source.items().blocks()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Keyspace nowhere doesn't exist")
        .hasMessageContaining("customer, shop");
  }

  @Test
  void replicasAreNotWritten() {
    VitessUri replica = VitessUri.parse("vitess://localhost/shop@replica");
    assertThatThrownBy(() -> VitessWrite.to(replica))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("leave @replica out");
  }

  @Test
  void whatDeadLoadsLeaveIsSweptAndLiveOnesAreLeftAlone() throws Exception {
    LoadId<Server> dead = mortal(target.id(WriteStrategy.REPLACE, spec -> spec));
    MysqlLoad dying = target.open(dead);
    dying.stage(Source.items().items(0, 10, "a").blocks().get(0));
    LoadId<Server> alive = target.id(WriteStrategy.REPLACE, spec -> spec);
    target.open(alive).stage(Source.items().items(0, 10, "a").blocks().get(0));
    ((MortalServer) dead.place()).die();
    target.forget(dying);

    new Target().load(WriteStrategy.REPLACE, Source.items());

    assertThat(target.leftovers(dead)).isEmpty();
    assertThat(target.leftovers(alive)).hasSize(2);
    target.open(alive).abort();
    assertThat(target.leftovers(alive)).isEmpty();
  }

  /** As in a JVM of a cluster, which is not told that its job has failed. */
  @Test
  void aLoadOnWhichNobodyWorksAnyMoreIsNotKeptAlive() throws Exception {
    LoadId<Server> left = target.id(WriteStrategy.REPLACE, spec -> spec);
    MysqlLoads loads = new MysqlLoads(Target.TIMINGS.withRest(Duration.ZERO));
    MysqlLoad load = loads.acquire(left);
    load.stage(Source.items().items(0, 10, "a").blocks().get(0));

    loads.leaveResting();
    new Target().load(WriteStrategy.REPLACE, Source.items());
    assertThat(target.leftovers(left)).hasSize(2);

    load.release();
    loads.leaveResting();
    target.silence(left);
    new Target().load(WriteStrategy.REPLACE, Source.items());
    assertThat(target.leftovers(left)).isEmpty();
  }

  @Test
  void aProcessThatStoodStillTooLongIsToldSo() throws Exception {
    LoadId<Server> frozen = mortal(target.id(WriteStrategy.REPLACE, spec -> spec));
    MysqlLoad load = target.open(frozen);
    List<StagedRange> receipts = Target.stage(load, Source.items().items(0, 10, "a").blocks());
    try (SqlLog log =
        new SqlLog(
            statement -> {
              if (statement.contains("RENAME TABLE")) {
                otherLoad(frozen);
              }
            })) {
      assertThatThrownBy(() -> load.publish(receipts))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("was taken for dead")
          .hasMessageContaining("run again");
      assertThat(log.statements()).anyMatch(statement -> statement.contains("RENAME TABLE"));
    }
    load.abort();

    assertThat(target.query("SELECT name FROM $t")).containsExactly("b 0");
  }

  /** Finds a load that has been silent, while its process stands still. */
  private void otherLoad(LoadId<Server> frozen) {
    Future<LoadedTable> other =
        Executors.newSingleThreadExecutor()
            .submit(
                () -> {
                  ((MortalServer) frozen.place()).freeze();
                  return target.load(WriteStrategy.REPLACE, Source.items().items(0, 1, "b"));
                });
    assertThat(other).succeedsWithin(Duration.ofMinutes(1));
  }

  private static LoadId<Server> mortal(LoadId<Server> id) {
    return new MortalServer(id.place(), Way.ROWS_OF_TRANSACTION).id(id.spec());
  }

  private static LoadId<Server> id(VitessUri uri, String table) {
    return new VitessServer(uri).id(LoadSpec.replace("run of " + table, TargetTable.parse(table)));
  }
}
