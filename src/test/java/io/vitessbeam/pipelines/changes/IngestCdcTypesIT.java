package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value of any type is the same in DuckDB, whichever of the three ways it came. */
class IngestCdcTypesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private static final List<TypedColumn> COLUMNS = EveryType.streamed();

  /** The order of the keys of an object means nothing. */
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  private static String table;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws SQLException {
    table = EveryTypeTable.create(VITESS, COLUMNS);
  }

  @OnEachRunner
  void copiesAndStreamsAgree(EmbeddedRunner runner) throws SQLException, IOException {
    CdcCopy loaded = new CdcCopy(runner, SHOP, folder.resolve("loaded.duckdb"));
    IngestRun load = IngestRun.load(runner, VITESS.uriText(SHOP), table, loaded.file());
    assertThat(load.status()).as(load.err()).isZero();
    CdcCopy copied = new CdcCopy(runner, SHOP, folder.resolve("copied.duckdb"));
    copied.sync(table);
    assertSameValues(copied, table, loaded, 0);

    CdcCopy streamed = new CdcCopy(runner, SHOP, folder.resolve("streamed.duckdb"));
    String empty = VITESS.newTable("every_type_streamed");
    VITESS.execute(SHOP + ":0", "CREATE TABLE " + empty + " LIKE " + table);
    streamed.sync(empty);
    VITESS.execute(SHOP + ":0", "SET sql_mode = ''", insertAll(empty));
    assertThat(streamed.sync(empty)).contains("4 inserted");
    assertSameValues(streamed, empty, loaded, 0);
    // Both row images of an update, and the one of a delete.
    VITESS.execute(SHOP + ":0", "SET sql_mode = ''", "UPDATE " + empty + " SET id = id + 100");
    streamed.sync(empty);
    assertSameValues(streamed, empty, loaded, 100);
  }

  @Test
  void theCopyOfVStreamAgrees() throws SQLException, IOException {
    CdcCopy copied = new CdcCopy(EmbeddedRunner.DIRECT, SHOP, folder.resolve("copied.duckdb"));
    copied.sync(table);
    CdcCopy vstream = new CdcCopy(EmbeddedRunner.DIRECT, SHOP, folder.resolve("vstream.duckdb"));
    // Of a FLOAT, VStream's copy has six digits.
    String floats =
        "--sql-exclude-columns="
            + COLUMNS.stream()
                .filter(column -> column.definition().startsWith("FLOAT"))
                .map(TypedColumn::name)
                .collect(Collectors.joining(","));
    String uri = CdcCopy.copiedByVStream(SHOP);

    IngestRun refused = vstream.trySync(table, uri);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("FLOAT").hasLineCount(1);

    assertThat(vstream.sync(table, uri, floats)).contains("copied 4 rows");
    assertSameValues(vstream, table, copied, 0);
    VITESS.execute(SHOP + ":0", "UPDATE " + table + " SET c1 = 1 WHERE id = 3");
    vstream.sync(table, uri, floats);
    copied.sync(table);
    assertSameValues(vstream, table, copied, 0);
  }

  /** A DECIMAL that DuckDB holds as text only, and one in a document. */
  @Test
  void aDecimalHasOneTextHoweverItCame() throws SQLException {
    String decimals = VITESS.newTable("decimals");
    String values =
        "(%d, -0.000000000000000000000000000001, -1, JSON_OBJECT('a', CAST(5 AS DECIMAL(10,0)),"
            + " 'b', CAST(-0.5 AS DECIMAL(9,2))))";
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE "
            + decimals
            + " (id INT PRIMARY KEY, small DECIMAL(65,30), whole DECIMAL(40,0), doc JSON)",
        "INSERT INTO " + decimals + " VALUES " + values.formatted(1));
    CdcCopy copy = new CdcCopy(EmbeddedRunner.DIRECT, SHOP, folder.resolve("decimals.duckdb"));
    copy.sync(decimals);
    VITESS.execute(SHOP + ":0", "INSERT INTO " + decimals + " VALUES " + values.formatted(2));
    assertThat(copy.sync(decimals)).doesNotContain("copied");

    String row = "|-0.000000000000000000000000000001|-1|{\"a\": 5, \"b\": -0.50}|";
    assertThat(copy.rows("SELECT id, small, whole, doc FROM " + decimals))
        .containsExactly("1" + row, "2" + row);
  }

  /** As bytes in a document: the table alone is copied again. */
  @Test
  void aDocumentThatVitessCanNotPrint() throws SQLException {
    String documents = VITESS.newTable("documents");
    String other = VITESS.newTable("documents");
    for (String name : List.of(documents, other)) {
      VITESS.execute(SHOP + ":0", "CREATE TABLE " + name + " (id INT PRIMARY KEY, doc JSON)");
    }
    CdcCopy copy = new CdcCopy(EmbeddedRunner.DIRECT, SHOP, folder.resolve("documents.duckdb"));
    copy.syncAll(List.of(documents, other));
    VITESS.execute(
        SHOP + ":0",
        "INSERT INTO " + documents + " VALUES (1, JSON_OBJECT('a', CAST(X'00FF' AS BINARY)))",
        "INSERT INTO " + other + " VALUES (1, '[1]')");

    assertThat(copy.syncAll(List.of(documents, other)))
        .contains("main." + documents + ": copied 1 row again (a change has in column doc")
        .contains("main." + other + ": 1 inserted");

    assertThat(copy.rows("SELECT doc FROM " + documents))
        .isEqualTo(FollowingServer.shop("SELECT doc FROM " + documents));
  }

  private static String insertAll(String target) {
    String columns =
        "id, "
            + COLUMNS.stream()
                .filter(column -> !column.definition().contains("GENERATED"))
                .map(TypedColumn::name)
                .collect(Collectors.joining(", "));
    return "INSERT INTO " + target + " (" + columns + ") SELECT " + columns + " FROM " + table;
  }

  private static void assertSameValues(CdcCopy actual, String name, CdcCopy expected, int shift)
      throws SQLException, IOException {
    try (Connection copy = open(actual);
        Connection other = open(expected)) {
      for (TypedColumn column : COLUMNS) {
        List<String> values = values(copy, name, column, shift);
        if (!values.isEmpty()) {
          assertThat(values).as(column.definition()).isEqualTo(values(other, table, column, 0));
        }
      }
    }
  }

  private static Connection open(CdcCopy copy) throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + copy.file());
  }

  /** The type of a column and its values in the order of the rows; none if there is no such. */
  private static List<String> values(
      Connection connection, String name, TypedColumn column, int shift)
      throws SQLException, IOException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet type =
          statement.executeQuery(
              "SELECT data_type FROM information_schema.columns WHERE table_name = '%s' AND column_name = '%s'"
                  .formatted(name, column.name()))) {
        if (!type.next()) {
          return values;
        }
        values.add(type.getString(1));
      }
      // Bytes that are no text have no text of their own.
      String value =
          values.get(0).equals("BLOB") ? "hex(%s)".formatted(column.name()) : column.name();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT %s::VARCHAR FROM %s WHERE id BETWEEN %d AND %d ORDER BY id"
                  .formatted(value, name, shift, shift + EveryTypeTable.ROWS))) {
        while (rows.next()) {
          String text = rows.getString(1);
          values.add(
              values.get(0).equals("JSON") && text != null
                  ? JSON.writeValueAsString(JSON.readValue(text, Object.class))
                  : text);
        }
      }
    }
    assertThat(values).hasSize(1 + EveryTypeTable.ROWS);
    return values;
  }
}
