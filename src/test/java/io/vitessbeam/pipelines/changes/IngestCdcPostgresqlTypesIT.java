package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryType.Value;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A column of every type that follows its source in PostgreSQL has the values that a load has, also
 * when its rows were taken out to be merged and brought back.
 */
class IngestCdcPostgresqlTypesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final TestPostgresql SERVER = TestPostgresql.shared();
  private static final List<TypedColumn> COLUMNS =
      EveryType.streamed().stream().map(IngestCdcPostgresqlTypesIT::withoutNul).toList();

  private static String table;

  /** Which text of PostgreSQL can't hold. */
  private static TypedColumn withoutNul(TypedColumn column) {
    List<Value> values =
        column.values().stream()
            .map(value -> new Value(value.sql().replace("5c000a", "5c0a"), value.expected()))
            .toList();
    return new TypedColumn(column.name(), column.definition(), values);
  }

  @BeforeAll
  static void load() throws SQLException {
    table = EveryTypeTable.create(VITESS, COLUMNS);
    IngestRun run =
        IngestRun.on(
            EmbeddedRunner.DIRECT,
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-table=loaded." + table,
            "--dest-uri=" + SERVER.uri());
    assertThat(run.status()).as(run.err()).isZero();
  }

  /** A table like the one of every type, with the number {@code n} at its end. */
  private static String empty() throws SQLException {
    String name = VITESS.newTable("types");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + name + " LIKE " + table,
        "ALTER TABLE " + name + " ADD COLUMN n INT NOT NULL DEFAULT 0");
    return name;
  }

  private static void fill(String name) throws SQLException {
    String columns =
        "id, "
            + COLUMNS.stream()
                .filter(column -> !column.definition().contains("GENERATED"))
                .map(TypedColumn::name)
                .collect(Collectors.joining(", "));
    VITESS.execute(
        SHOP + ":0",
        "SET sql_mode = ''",
        "INSERT INTO %s (%s) SELECT %s FROM %s".formatted(name, columns, columns, table));
  }

  private static String sync(String name, String... more) {
    return FollowingServer.POSTGRESQL.syncShop(name, "cdc." + name, more);
  }

  @Test
  void rowsThatAreTakenOutComeBackAsTheyWere() throws SQLException {
    String copied = empty();
    fill(copied);
    String streamed = empty();
    sync(copied);
    sync(streamed);
    fill(streamed);
    assertThat(sync(streamed)).contains("4 inserted, 0 updated, 0 deleted");
    for (String name : List.of(copied, streamed)) {
      assertSameTypes(name);
      assertSameValues(name, "NOT _cdc_deleted AND n = 0");
      VITESS.execute(SHOP + ":0", "SET sql_mode = ''", "UPDATE " + name + " SET n = 1");
      assertThat(sync(name)).contains("0 inserted, 4 updated, 0 deleted");
      assertSameValues(name, "NOT _cdc_deleted AND n = 1");

      // A row that is deleted is brought back with the values that it had.
      VITESS.execute(SHOP + ":0", "DELETE FROM " + name);
      assertThat(sync(name)).contains("0 inserted, 0 updated, 4 deleted");
      assertSameTypes(name);
      assertSameValues(name, "_cdc_deleted AND n = 1");
    }
  }

  @Test
  void rowsThatVStreamCopiedAreThoseOfALoad() throws SQLException {
    String name = empty();
    fill(name);
    // Of a FLOAT, VStream's copy has six digits.
    List<TypedColumn> columns =
        COLUMNS.stream().filter(column -> !column.definition().startsWith("FLOAT")).toList();
    String floats =
        COLUMNS.stream()
            .filter(column -> !columns.contains(column))
            .map(TypedColumn::name)
            .collect(Collectors.joining(",", "--sql-exclude-columns=", ""));
    String vstream = CdcCopy.copiedByVStream(SHOP);

    assertThat(sync(name, vstream, floats)).contains("copied 4 rows");
    assertSameTypes(name, columns);
    assertSameValues(name, columns, "NOT _cdc_deleted AND n = 0");
    VITESS.execute(SHOP + ":0", "SET sql_mode = ''", "UPDATE " + name + " SET n = 1");
    assertThat(sync(name, vstream, floats)).contains("0 inserted, 4 updated, 0 deleted");

    assertSameTypes(name, columns);
    assertSameValues(name, columns, "NOT _cdc_deleted AND n = 1");
  }

  @Test
  void aTableThatIsCopiedAgainKeepsTheValuesOfDeletedRows() throws SQLException {
    String name = empty();
    fill(name);
    sync(name);
    VITESS.execute(SHOP + ":0", "DELETE FROM " + name + " WHERE id = 2");
    sync(name);

    VITESS.execute(SHOP + ":0", "ALTER TABLE " + name + " ADD COLUMN first INT FIRST");
    assertThat(sync(name)).contains("copied");

    assertSameTypes(name);
    assertSameValues(name, "true");
    assertThat(rows("SELECT id FROM cdc." + name + " WHERE _cdc_deleted")).containsExactly("2");
  }

  private static void assertSameTypes(String name) throws SQLException {
    assertSameTypes(name, COLUMNS);
  }

  private static void assertSameTypes(String name, List<TypedColumn> columns) throws SQLException {
    String names =
        columns.stream()
            .map(column -> "'" + column.name() + "'")
            .collect(Collectors.joining(", ", "'id', ", ""));
    String types =
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
            + " '%s'::regclass AND attname IN (%s) ORDER BY 1";
    assertThat(rows(types.formatted("cdc." + name, names)))
        .isEqualTo(rows(types.formatted("loaded." + table, names)))
        .hasSize(columns.size() + 1);
  }

  private static void assertSameValues(String name, String condition) throws SQLException {
    assertSameValues(name, COLUMNS, condition);
  }

  private static void assertSameValues(String name, List<TypedColumn> columns, String condition)
      throws SQLException {
    for (TypedColumn column : columns) {
      // The order of an object's keys means nothing.
      String value = column.name() + (column.definition().equals("JSON") ? "::jsonb" : "");
      assertThat(rows("SELECT id, %s FROM cdc.%s WHERE %s".formatted(value, name, condition)))
          .as(column.definition())
          .isEqualTo(rows("SELECT id, %s FROM loaded.%s".formatted(value, table)))
          .hasSize(EveryTypeTable.ROWS);
    }
  }

  /** All columns as text, which tells any two values of a type apart. */
  private static List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET extra_float_digits = 3; SET bytea_output = 'hex'");
      try (ResultSet row = statement.executeQuery(sql)) {
        int columns = row.getMetaData().getColumnCount();
        while (row.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            values.add(row.getString(i));
          }
          rows.add(String.join("|", values.stream().map(String::valueOf).toList()));
        }
      }
    }
    rows.sort(null);
    return rows;
  }
}
