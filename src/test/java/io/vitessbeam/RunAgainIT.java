package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the second run of one object does: of a pipeline that is run twice, and of a write that is
 * applied in two pipelines. It does its work as the first one did.
 */
class RunAgainIT {

  /** What the source holds at the first run. */
  private static final String FIRST = "id,v\n1,a\n2,b\n";

  /** At the second one. */
  private static final String SECOND = "id,v\n2,B\n3,c\n";

  /** What is in the table when both are over. */
  private enum Strategy {
    REPLACE(WriteStrategy.REPLACE, write -> write, "2 B", "3 c"),
    APPEND(WriteStrategy.APPEND, write -> write, "1 a", "2 B", "2 b", "3 c"),
    MERGE(WriteStrategy.MERGE, write -> write.withPrimaryKey(List.of("id")), "1 a", "2 B", "3 c"),
    DELETE_INSERT(
        WriteStrategy.DELETE_INSERT, write -> write.withIncrementalKey("id"), "1 a", "2 B", "3 c"),
    /** Without versions: 1 a and 2 b are old ones. */
    SCD2(
        WriteStrategy.SCD2,
        write -> write.withPrimaryKey(List.of("id")),
        "1 a",
        "2 B",
        "2 b",
        "3 c");

    private final WriteStrategy strategy;

    @SuppressWarnings("ImmutableEnumChecker") // Without state.
    private final UnaryOperator<VitessWrite> options;

    @SuppressWarnings("ImmutableEnumChecker") // It is a copy.
    private final List<String> after;

    Strategy(WriteStrategy strategy, UnaryOperator<VitessWrite> options, String... after) {
      this.strategy = strategy;
      this.options = options;
      this.after = List.of(after);
    }
  }

  private enum Place {
    DUCKDB {
      @Override
      VitessWrite write() {
        return VitessWrite.to(new DuckDbUri(folder.resolve("again.duckdb").toString()));
      }

      @Override
      VitessSync sync(VitessSync sync) {
        return sync.to(new DuckDbUri(folder.resolve("again.duckdb").toString()));
      }

      @Override
      Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("again.duckdb"));
      }
    },
    POSTGRESQL {
      @Override
      VitessWrite write() {
        return VitessWrite.to(PostgresqlUri.parse(TestPostgresql.shared().uri()));
      }

      @Override
      VitessSync sync(VitessSync sync) {
        return sync.to(PostgresqlUri.parse(TestPostgresql.shared().uri()));
      }

      @Override
      Connection connect() throws SQLException {
        return TestPostgresql.shared().connect();
      }
    },
    MYSQL {
      @Override
      VitessWrite write() {
        return VitessWrite.to(MysqlUri.parse(TestMysql.shared().uri()));
      }

      @Override
      VitessSync sync(VitessSync sync) {
        return sync.to(MysqlUri.parse(TestMysql.shared().uri()));
      }

      @Override
      Connection connect() throws SQLException {
        return TestMysql.shared().connect();
      }
    },
    VITESS {
      @Override
      VitessWrite write() {
        return VitessWrite.to(TestVitess.shared().uri(TestVitess.SHOP));
      }

      @Override
      VitessSync sync(VitessSync sync) {
        return sync.to(TestVitess.shared().uri(TestVitess.SHOP));
      }

      @Override
      Connection connect() throws SQLException {
        return TestVitess.shared().connect(TestVitess.SHOP + ":0");
      }
    };

    abstract VitessWrite write();

    abstract VitessSync sync(VitessSync sync);

    abstract Connection connect() throws SQLException;

    List<String> query(String sql) throws SQLException {
      List<String> values = new ArrayList<>();
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values.stream().sorted().toList();
    }
  }

  private static final Schema NUMBERS = Schema.builder().addDecimalField("id").build();

  @TempDir private static Path folder;

  private static Stream<Object[]> everyStrategyEverywhere() {
    return Stream.of(Place.values())
        .flatMap(
            place -> Stream.of(Strategy.values()).map(strategy -> new Object[] {place, strategy}));
  }

  @ParameterizedTest
  @MethodSource("everyStrategyEverywhere")
  void aPipelineThatIsRunTwiceDoesItsWorkTwice(Place place, Strategy strategy) throws Exception {
    String table = "again_pipeline_" + strategy.name().toLowerCase(Locale.ROOT);
    Pipeline pipeline = pipeline(source(FIRST), write(place, strategy, table));
    pipeline.run().waitUntilFinish();
    source(SECOND);
    pipeline.run().waitUntilFinish();
    assertLoaded(place, strategy, table);
  }

  @ParameterizedTest
  @MethodSource("everyStrategyEverywhere")
  void aWriteThatIsAppliedTwiceDoesItsWorkTwice(Place place, Strategy strategy) throws Exception {
    String table = "again_write_" + strategy.name().toLowerCase(Locale.ROOT);
    VitessWrite write = write(place, strategy, table);
    pipeline(source(FIRST), write).run().waitUntilFinish();
    pipeline(source(SECOND), write).run().waitUntilFinish();
    assertLoaded(place, strategy, table);
  }

  /** A name of the user's says that it is one run: a scheduler tries again what has published. */
  @ParameterizedTest
  @MethodSource("everyStrategyEverywhere")
  void anotherAttemptOfARunAddsNothing(Place place, Strategy strategy) throws Exception {
    String table = "again_attempt_" + strategy.name().toLowerCase(Locale.ROOT);
    VitessWrite write = write(place, strategy, table).withRunId(place + " " + table);
    pipeline(source(FIRST), write).run().waitUntilFinish();
    PipelineResult again = pipeline(source("id,v\n2,B\n3,c\n4,d\n"), write).run();
    again.waitUntilFinish();

    assertThat(place.query("SELECT concat(id, ' ', v) FROM " + table))
        .containsExactly("1 a", "2 b");
    assertThat(published(again)).isEqualTo(2);
  }

  /** Another run between two attempts of one makes no difference. */
  @ParameterizedTest
  @EnumSource
  void anAttemptIsKnownAfterOtherRuns(Place place) throws Exception {
    String table = "again_between";
    VitessWrite write = write(place, Strategy.APPEND, table);
    pipeline(source(FIRST), write.withRunId(place + " one")).run().waitUntilFinish();
    pipeline(source(SECOND), write.withRunId(place + " other")).run().waitUntilFinish();
    pipeline(source(FIRST), write.withRunId(place + " one")).run().waitUntilFinish();

    assertThat(place.query("SELECT concat(id, ' ', v) FROM " + table))
        .containsExactly("1 a", "2 B", "2 b", "3 c");
  }

  /** What a failed attempt has staged of some ranges never meets the ranges of the next one. */
  @ParameterizedTest
  @EnumSource
  void anAttemptStagesAnew(Place place) throws Exception {
    String table = "again_staged";
    VitessWrite write = write(place, Strategy.APPEND, table).withRunId(place + " staged");
    List<Row> rows = new ArrayList<>(rows(200));
    rows.add(numbers(new BigDecimal("1e40")));
    assertThatThrownBy(() -> run(rows, write)).hasStackTraceContaining("does not fit");
    run(rows(150), write);

    assertThat(place.query("SELECT concat(count(*), ' ', count(DISTINCT id)) FROM " + table))
        .containsExactly("150 150");
    write.abort();
  }

  @ParameterizedTest
  @EnumSource
  void aPipelineThatFollowsBringsWhatCameSinceItsLastRun(Place place) throws Exception {
    String source = TestVitess.shared().newTable("again");
    TestVitess.shared()
        .execute(
            TestVitess.SHOP,
            "CREATE TABLE " + source + " (id INT PRIMARY KEY, v VARCHAR(9))",
            "INSERT INTO " + source + " VALUES (1, 'a'), (2, 'b')");
    VitessSync sync =
        place
            .sync(VitessSync.from(SyncedCopy.source(TestVitess.SHOP)))
            .withTable(source, "", "again_followed");
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(sync);
    pipeline.run().waitUntilFinish();
    TestVitess.shared()
        .execute(
            TestVitess.SHOP,
            "UPDATE " + source + " SET v = 'B' WHERE id = 2",
            "INSERT INTO " + source + " VALUES (3, 'c')");
    pipeline.run().waitUntilFinish();

    assertThat(place.query("SELECT concat(id, ' ', v) FROM again_followed"))
        .containsExactly("1 a", "2 B", "3 c");
  }

  private static List<Row> rows(int count) {
    return IntStream.range(0, count).mapToObj(i -> numbers(BigDecimal.valueOf(i))).toList();
  }

  private static Row numbers(BigDecimal id) {
    return Row.withSchema(NUMBERS).addValue(id).build();
  }

  private static void run(List<Row> rows, VitessWrite write) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(rows).withRowSchema(NUMBERS)).apply("Write", write.rows());
    pipeline.run().waitUntilFinish();
  }

  /** Rows that a run says to have published. */
  private static long published(PipelineResult result) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(
                MetricNameFilter.named("io.vitessbeam.write.PublishFn", "rows_published"))
            .build();
    return result.metrics().queryMetrics(filter).getCounters().iterator().next().getAttempted();
  }

  private static void assertLoaded(Place place, Strategy strategy, String table)
      throws SQLException {
    assertThat(place.query("SELECT concat(id, ' ', v) FROM " + table)).isEqualTo(strategy.after);
    if (strategy == Strategy.SCD2) {
      assertThat(place.query("SELECT concat(id, ' ', v) FROM " + table + " WHERE _scd_is_current"))
          .containsExactly("2 B", "3 c");
      // Each run has a moment of its own.
      assertThat(place.query("SELECT DISTINCT _scd_valid_from FROM " + table)).hasSize(2);
      assertThat(place.query("SELECT id FROM " + table + " WHERE _scd_valid_to <= _scd_valid_from"))
          .isEmpty();
    }
  }

  private static VitessWrite write(Place place, Strategy strategy, String table) {
    return strategy.options.apply(place.write().withTable(table).withStrategy(strategy.strategy));
  }

  private static DuckDbRead source(String rows) throws Exception {
    Path file = Files.writeString(folder.resolve("source.csv"), rows);
    return DuckDbRead.from(FileUri.parse("csv://" + file));
  }

  private static Pipeline pipeline(DuckDbRead read, VitessWrite write) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply("Read", read.blocks()).apply("Write", write);
    return pipeline;
  }
}
