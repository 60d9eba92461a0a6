package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.TransientException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.StatementKinds;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All sessions of a load end before one of its statements; then it is loaded again, by the same run
 * or by another one. The table is as before or as after the load at every moment, it is as after it
 * at the end, and nothing else is left.
 */
class CrashIT {

  private static final int MOST_STATEMENTS = 200;

  private static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              column("id", ColumnType.of(MysqlType.INT), false),
              column("name", ColumnType.of(MysqlType.VARCHAR, 20), true),
              column("at", ColumnType.of(MysqlType.INT), true),
              // Not in the table that is there.
              column("more", ColumnType.of(MysqlType.JSON), true)),
          List.of("id"));

  private static final List<List<String>> BLOCKS =
      List.of(List.of("2 zwei 2 1", "3 drei 3 -"), List.of("4 vier 3 -", "5 fünf 2 {}"));

  /** What is loaded, and how. */
  enum Way {
    REPLACE_NOTHING(WriteStrategy.REPLACE),
    REPLACE(WriteStrategy.REPLACE),
    REPLACE_BY_NAMED_KEY(WriteStrategy.REPLACE),
    APPEND(WriteStrategy.APPEND),
    MERGE(WriteStrategy.MERGE),
    DELETE_INSERT(WriteStrategy.DELETE_INSERT),
    SCD2(WriteStrategy.SCD2);

    private final WriteStrategy strategy;

    Way(WriteStrategy strategy) {
      this.strategy = strategy;
    }

    LoadSpec spec(TestSchema schema) {
      LoadSpec spec = schema.spec("items").withStrategy(strategy);
      return switch (this) {
        case REPLACE_BY_NAMED_KEY -> spec.withPrimaryKey(List.of("id"));
        case DELETE_INSERT -> spec.withIncrementalKey("at");
        default -> spec;
      };
    }

    void prepare(TestSchema schema) throws Exception {
      schema.execute("CREATE SCHEMA $s");
      if (this == REPLACE_NOTHING) {
        return;
      }
      String versions =
          strategy == WriteStrategy.SCD2
              ? ", '2024-01-01'::timestamp AS _scd_valid_from, NULL::timestamp AS _scd_valid_to,"
                  + " true AS _scd_is_current"
              : "";
      schema.execute(
          "CREATE TABLE $s.items AS SELECT i AS id, 'old ' || i AS name, i AS at"
              + versions
              + " FROM generate_series(1, 3) i");
    }
  }

  @Test
  void healsFromADeathBeforeEachKindOfStatement() throws Exception {
    StatementKinds kinds = new StatementKinds();
    for (Way way : Way.values()) {
      Whole whole = Whole.of(way);
      for (int statement : kinds.newIn(whole.statements)) {
        killAndHeal(way, statement, whole);
      }
    }
  }

  @Tag("volume")
  @ParameterizedTest
  @EnumSource
  void healsFromADeathBeforeAnyStatement(Way way) throws Exception {
    Whole whole = Whole.of(way);
    for (int statement = 0; statement < whole.statements.size(); statement++) {
      killAndHeal(way, statement, whole);
    }
  }

  /** A load that nobody kills: what it sends, and the rows before and after it. */
  private record Whole(List<String> statements, List<String> before, List<String> after) {

    static Whole of(Way way) throws Exception {
      TestSchema schema = new TestSchema();
      way.prepare(schema);
      List<String> before = rows(schema);
      try (KilledSessions none = new KilledSessions(MOST_STATEMENTS)) {
        load(schema, way.spec(schema));
        assertThat(none.hasKilled()).isFalse();
        assertThat(none.statements()).hasSizeGreaterThan(25);
        assertThat(rows(schema)).isNotEqualTo(before);
        return new Whole(none.statements(), before, rows(schema));
      }
    }
  }

  private static void killAndHeal(Way way, int statement, Whole whole) throws Exception {
    TestSchema schema = new TestSchema();
    way.prepare(schema);
    LoadSpec spec = way.spec(schema);
    String where;
    try (KilledSessions sessions = new KilledSessions(statement)) {
      attempt(new TestSchema(schema.name(), TestSchema.withoutPatience()), spec);
      where = "%s killed before statement %d: %s".formatted(way, statement, sessions.next());
      assertThat(StatementKinds.of(sessions.next()))
          .as(where)
          .isEqualTo(StatementKinds.of(whole.statements.get(statement)));
    }
    List<String> found = rows(schema);
    assertThat(found).as(where).isIn(whole.before, whole.after);
    boolean sameRun = statement % 2 == 0 || found.equals(whole.after);
    TestSchema healing = new TestSchema(schema.name());
    load(healing, sameRun ? spec : spec.withRunId("another of " + spec.runId()));
    assertThat(rows(schema)).as(where).isEqualTo(whole.after);
    assertThat(schema.tables()).as(where).containsExactly("_vitessbeam_published", "items");
    schema.execute("DROP SCHEMA $s CASCADE");
  }

  private static void attempt(TestSchema schema, LoadSpec spec) {
    Loader loader = schema.loader(spec);
    try {
      load(loader);
    } catch (TransientException e) {
      TestSchema.die(loader);
      assertThat(e).hasMessageContaining(" failed: ");
    }
  }

  private static void load(TestSchema schema, LoadSpec spec) {
    load(schema.loader(spec));
  }

  private static void load(Loader loader) {
    List<StagedRange> receipts = new ArrayList<>();
    for (int range = 0; range < BLOCKS.size(); range++) {
      String[] rows = BLOCKS.get(range).toArray(String[]::new);
      loader.stage(TestSchema.block(ITEMS, origin(range, 0, -1), rows));
      loader.stage(Block.closing(ITEMS, origin(range, 1, rows.length))).ifPresent(receipts::add);
    }
    loader.publish(receipts);
    loader.release();
  }

  private static Origin origin(int range, long sequence, long rows) {
    return new Origin(7, range, BLOCKS.size(), sequence, rows, "0");
  }

  /** All there is of all rows but when versions began and ended; nothing without a table. */
  private static List<String> rows(TestSchema schema) throws Exception {
    return schema.tables().contains("items")
        ? schema.query(
            "SELECT regexp_replace(to_jsonb(i)::text,"
                + " '\"_scd_valid_from[^,]*,|:\\s*\"[0-9T:.-]+\"', '', 'g') FROM $s.items i ORDER"
                + " BY 1")
        : List.of("none");
  }
}
