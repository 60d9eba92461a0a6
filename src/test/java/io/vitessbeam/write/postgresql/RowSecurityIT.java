package io.vitessbeam.write.postgresql;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.DELETE_INSERT;
import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static io.vitessbeam.WriteStrategy.SCD2;
import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that policies hide from the user who loads, though a strategy has to find them. */
class RowSecurityIT {

  private static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              column("id", ColumnType.of(MysqlType.INT), false),
              column("n", ColumnType.of(MysqlType.INT), true)),
          List.of());

  private static final Set<WriteStrategy> NONE = EnumSet.noneOf(WriteStrategy.class);
  private static final Set<WriteStrategy> ALL_THAT_LOOK = EnumSet.of(MERGE, DELETE_INSERT, SCD2);
  private static final String SEES_ALL = "CREATE POLICY a ON $t FOR ALL USING (true)";

  private final TestSchema schema = new TestSchema();
  private final String user = schema.name() + "_user";

  private static Arguments policies(Set<WriteStrategy> refused, String... policies) {
    return Arguments.of(refused, List.of(policies));
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        policies(NONE, SEES_ALL),
        policies(NONE, SEES_ALL, "CREATE POLICY b ON $t FOR ALL USING (id = 5)"),
        policies(
            NONE, SEES_ALL, "CREATE POLICY b ON $t AS RESTRICTIVE TO pg_monitor USING (false)"),
        policies(ALL_THAT_LOOK, "CREATE POLICY a ON $t FOR ALL USING (id > 1) WITH CHECK (true)"),
        policies(
            ALL_THAT_LOOK,
            SEES_ALL,
            "CREATE POLICY b ON $t AS RESTRICTIVE FOR SELECT USING (id > 1)"),
        policies(
            EnumSet.of(MERGE, SCD2),
            SEES_ALL,
            "CREATE POLICY b ON $t AS RESTRICTIVE FOR UPDATE USING (id > 1)"),
        policies(
            EnumSet.of(DELETE_INSERT),
            "CREATE POLICY a ON $t FOR SELECT USING (true)",
            "CREATE POLICY b ON $t FOR UPDATE USING (true)",
            "CREATE POLICY c ON $t FOR INSERT WITH CHECK (true)"),
        policies(ALL_THAT_LOOK, "CREATE POLICY a ON $t FOR INSERT WITH CHECK (true)"));
  }

  @AfterEach
  void dropUser() throws Exception {
    schema.execute("DROP OWNED BY " + user, "DROP ROLE " + user);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsHiddenIsNotTakenForAbsent(Set<WriteStrategy> refused, List<String> policies)
      throws Exception {
    schema.execute(
        "CREATE SCHEMA $s",
        "CREATE ROLE " + user + " LOGIN PASSWORD 'beam'",
        "GRANT ALL ON SCHEMA $s TO " + user);
    for (WriteStrategy strategy : List.of(REPLACE, APPEND, MERGE, DELETE_INSERT, SCD2)) {
      String table = "items_" + strategy.name().toLowerCase(Locale.ROOT);
      schema.execute(
          "CREATE TABLE $s.%s (id integer NOT NULL, n integer%s)"
              .formatted(table, strategy == SCD2 ? FilledColumnsIT.VERSIONS : ""),
          "ALTER TABLE $s.%s ENABLE ROW LEVEL SECURITY".formatted(table),
          "GRANT ALL ON $s.%s TO %s".formatted(table, user));
      for (String policy : policies) {
        schema.execute(policy.replace("$t", "$s." + table));
      }
      LoadSpec spec =
          schema
              .spec(table)
              .withStrategy(strategy)
              .withPrimaryKey(strategy == MERGE || strategy == SCD2 ? List.of("id") : List.of())
              .withIncrementalKey(strategy == DELETE_INSERT ? "n" : "");
      Loader loader = new PostgresqlDestination(uri()).loader(spec);

      if (refused.contains(strategy)) {
        assertThatThrownBy(() -> TestSchema.stage(loader, ITEMS, "1 10"))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining("Row security of " + schema.name() + "." + table)
            .hasMessageContaining("BYPASSRLS");
        loader.release();
      } else {
        TestSchema.load(loader, ITEMS, "1 10", "2 20");
        assertThat(schema.query("SELECT id || ' ' || n FROM $s." + table + " ORDER BY 1"))
            .containsExactly("1 10", "2 20");
      }
    }
  }

  private PostgresqlUri uri() {
    return PostgresqlUri.parse(
        TestPostgresql.shared().uri().replace("//" + TestPostgresql.USER + ":", "//" + user + ":"));
  }
}
