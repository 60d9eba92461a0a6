package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.write.LoadSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A table that is replaced keeps what hangs on it, and is whole at every moment. */
class ReplaceIT {

  private static final Column ID = column("id", ColumnType.of(MysqlType.INT), false);
  private static final Column NAME = column("name", ColumnType.of(MysqlType.VARCHAR, 20), true);
  private static final TableSchema ITEMS = table(ID, NAME);

  private final TestSchema schema = new TestSchema();

  private static TableSchema table(Column... columns) {
    return new TableSchema("shop", "items", List.of(columns), List.of("id"));
  }

  private LoadSpec spec() {
    return schema.spec("items").withStrategy(WriteStrategy.REPLACE);
  }

  private List<String> rows() throws SQLException {
    return schema.query("SELECT i::text FROM $s.items i ORDER BY 1");
  }

  @Test
  void aNewTableHasTheTypesTheNotNullAndTheKeyOfTheSource() throws SQLException {
    assertThat(schema.load(spec(), ITEMS, "1 one", "2 -")).isEqualTo(2);

    assertThat(rows()).containsExactly("(1,one)", "(2,)");
    assertThat(schema.columns("items"))
        .containsExactly("id integer NOT NULL", "name character varying(20)");
    assertThat(keys()).containsExactly("items_pkey PRIMARY KEY (id)");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items");
    assertThat(schema.query("SELECT relpersistence FROM pg_class WHERE oid = '$s.items'::regclass"))
        .containsExactly("p");
  }

  private List<String> keys() throws SQLException {
    return schema.query(
        "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
            + " WHERE contype = 'p' AND conrelid = '$s.items'::regclass");
  }

  @Test
  void anEmptyTableAndOneOfOneRowArrive() throws SQLException {
    assertThat(schema.load(spec(), ITEMS)).isZero();
    assertThat(rows()).isEmpty();
    assertThat(schema.load(spec(), ITEMS, "1 one")).isEqualTo(1);
    assertThat(rows()).containsExactly("(1,one)");
    assertThat(schema.load(spec(), ITEMS)).isZero();
    assertThat(rows()).isEmpty();
  }

  @Test
  void whatHangsOnTheTableStays() throws SQLException {
    schema.load(spec(), ITEMS, "1 one", "2 two");
    String role = schema.name() + "_reader";
    schema.execute(
        "CREATE VIEW $s.names AS SELECT name FROM $s.items",
        "CREATE INDEX by_name ON $s.items (name)",
        "COMMENT ON TABLE $s.items IS 'theirs'",
        "CREATE ROLE " + role,
        "GRANT SELECT ON $s.items TO " + role);
    String oid = schema.query("SELECT '$s.items'::regclass::oid").get(0);

    schema.load(spec(), ITEMS, "3 three");

    assertThat(rows()).containsExactly("(3,three)");
    assertThat(schema.query("SELECT name FROM $s.names")).containsExactly("three");
    assertThat(schema.query("SELECT '$s.items'::regclass::oid")).containsExactly(oid);
    assertThat(
            schema.query(
                "SELECT indexrelid::regclass::text FROM pg_index"
                    + " WHERE indrelid = '$s.items'::regclass ORDER BY 1"))
        .containsExactly(schema.name() + ".by_name", schema.name() + ".items_pkey");
    assertThat(schema.query("SELECT obj_description('$s.items'::regclass)"))
        .containsExactly("theirs");
    assertThat(schema.query("SELECT has_table_privilege('" + role + "', '$s.items', 'SELECT')"))
        .containsExactly("t");
  }

  @Test
  void columnsAndKeyBecomeThoseOfTheSource() throws SQLException {
    schema.execute(
        "CREATE SCHEMA $s",
        "CREATE TABLE $s.items (name integer DEFAULT 7 NOT NULL, gone text PRIMARY KEY, extra int)",
        "INSERT INTO $s.items VALUES (1, 'x', 2)");
    schema.load(spec(), ITEMS, "1 one", "2 -");

    assertThat(schema.columns("items"))
        .containsExactlyInAnyOrder("id integer NOT NULL", "name character varying(20)");
    assertThat(keys()).containsExactly("items_pkey PRIMARY KEY (id)");
    assertThat(schema.query("SELECT id || coalesce(name, '-') FROM $s.items ORDER BY id"))
        .containsExactly("1one", "2-");

    TableSchema other = new TableSchema("shop", "items", List.of(ID.asNullable(), NAME), List.of());
    schema.load(spec().withPrimaryKey(List.of("name")), other, "- one", "2 two", "3 two");
    assertThat(keys()).containsExactly("items_pkey PRIMARY KEY (name)");
    assertThat(schema.query("SELECT coalesce(id, 0) || name FROM $s.items ORDER BY name"))
        .containsExactly("0one", "3two");
  }

  @Test
  void aViewThatWouldBreakIsNamedBeforeAnythingIsStaged() throws SQLException {
    schema.load(spec(), ITEMS, "1 one");
    schema.execute("CREATE VIEW $s.names AS SELECT name FROM $s.items");
    TableSchema retyped = table(ID, column("name", ColumnType.of(MysqlType.INT), true));

    for (TableSchema changed : List.of(retyped, table(ID))) {
      assertThatThrownBy(() -> TestSchema.stage(schema.loader(spec()), changed))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("Column name of " + schema.name() + ".items")
          .hasMessageContaining("the view " + schema.name() + ".names uses it");
    }
    assertThat(rows()).containsExactly("(1,one)");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items", "names");
    // One that uses other columns is in nobody's way.
    schema.load(spec(), table(ID, NAME, column("x", ColumnType.of(MysqlType.INT), true)), "2 b 3");
    assertThat(schema.query("SELECT name FROM $s.names")).containsExactly("b");
  }

  @Test
  void aTableThatForeignKeysReferToIsNotEmptied() throws SQLException {
    schema.load(spec(), ITEMS, "1 one");
    schema.execute("CREATE TABLE $s.orders (item int REFERENCES $s.items)");

    assertThatThrownBy(() -> schema.load(spec(), ITEMS, "2 two"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("while foreign keys of " + schema.name() + ".orders refer to it");
    schema.load(spec().withStrategy(WriteStrategy.MERGE), ITEMS, "2 two");
    assertThat(rows()).containsExactly("(1,one)", "(2,two)");
  }

  @Test
  void twoRowsOfOneKeyAreAnErrorThatNamesIt() throws SQLException {
    schema.load(spec(), ITEMS, "1 one");
    assertThatThrownBy(() -> schema.load(spec(), ITEMS, "2 two", "2 zwei"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Key (id)=(2)");
    assertThat(rows()).containsExactly("(1,one)");
  }

  @Test
  void readersSeeOneWholeTableOrTheOther() throws Exception {
    String[] even = IntStream.range(0, 2000).mapToObj(i -> i + " even").toArray(String[]::new);
    String[] odd = IntStream.range(0, 2000).mapToObj(i -> i + " odd").toArray(String[]::new);
    schema.load(spec(), ITEMS, odd);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Set<String>>> seen = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        seen.add(readers.submit(() -> read(done)));
      }
      for (int i = 0; i < 12; i++) {
        schema.load(spec(), ITEMS, i % 2 == 0 ? even : odd);
      }
      done.set(true);
      for (Future<Set<String>> reader : seen) {
        assertThat(reader.get()).containsExactlyInAnyOrder("2000 even even", "2000 odd odd");
      }
    } finally {
      done.set(true);
      readers.shutdown();
    }
  }

  private Set<String> read(AtomicBoolean done) throws SQLException {
    Set<String> seen = new HashSet<>();
    try (Connection connection = TestPostgresql.shared().connect();
        Statement statement = connection.createStatement()) {
      while (!done.get()) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), min(name), max(name) FROM " + schema.name() + ".items")) {
          rows.next();
          seen.add(rows.getLong(1) + " " + rows.getString(2) + " " + rows.getString(3));
        }
      }
    }
    return seen;
  }
}
