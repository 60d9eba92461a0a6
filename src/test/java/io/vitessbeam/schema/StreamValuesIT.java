package io.vitessbeam.schema;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Type by type: what the OLAP workload, VStream's copy and its stream send of the same row is the
 * same value after the conversion, and the one that was written.
 */
class StreamValuesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Collations collations;

  @BeforeAll
  static void readCollations() throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      collations = Collations.read(connection);
    }
  }

  @Test
  void everyTypeHasTheSameValueInAllThree() throws SQLException {
    List<TypedColumn> columns =
        EveryType.columns().stream().filter(column -> !isMisprinted(column)).toList();
    String position = StreamedRows.position(VITESS);
    String table = EveryTypeTable.create(VITESS, columns);
    TableSchema schema = schema(table);

    Map<Integer, Map<String, byte[]>> olap = olap(schema);
    Map<Integer, Map<String, byte[]>> copied = after(StreamedRows.copy(VITESS, table), schema);
    Map<Integer, Map<String, byte[]>> streamed =
        after(StreamedRows.stream(VITESS, table, position, EveryTypeTable.ROWS), schema);

    assertThat(columns).hasSizeGreaterThan(70);
    assertThat(List.of(olap.keySet(), copied.keySet(), streamed.keySet()))
        .containsOnly(Set.of(0, 1, 2, 3));
    for (TypedColumn typed : columns) {
      Column column = schema.column(typed.name());
      if (!typed.definition().contains("GENERATED")) {
        assertThat(olap.get(0).get(typed.name())).isNull();
        assertThat(copied.get(0).get(typed.name())).isNull();
        assertThat(streamed.get(0).get(typed.name())).isNull();
      }
      for (int row = 1; row < EveryTypeTable.ROWS; row++) {
        Object expected = typed.at(row - 1).expected();
        String what = typed.definition() + " " + typed.at(row - 1).sql();
        assertSame("stream of " + what, column, streamed.get(row), expected);
        if (StreamColumn.whyNotCopiedByVStream(column).isEmpty()) {
          assertSame("copy of " + what, column, copied.get(row), expected);
          assertSame("OLAP read of " + what, column, olap.get(row), expected);
        }
      }
    }
  }

  /** Why a FLOAT is refused, and that the stream need not be. */
  @Test
  void aFloatIsWholeInTheStreamOnly() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table = create("floats", "f FLOAT", "(1, '16777217')", "(2, '123456.789')");
    TableSchema schema = schema(table);

    assertThat(texts(after(StreamedRows.copy(VITESS, table), schema), "f"))
        .containsExactly("16777200", "123457");
    assertThat(texts(after(StreamedRows.stream(VITESS, table, position, 2), schema), "f"))
        .containsExactly("1.6777216E+07", "1.2345679E+05");
  }

  @Test
  void imagesOfUpdatesAndDeletesHaveTheSameForm() throws SQLException {
    List<TypedColumn> columns =
        EveryType.columns().stream().filter(column -> !isMisprinted(column)).toList();
    String table = EveryTypeTable.create(VITESS, columns);
    TableSchema schema = schema(table);
    String position = StreamedRows.position(VITESS);
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET id = 11 WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2");

    StreamedRows changes = StreamedRows.stream(VITESS, table, position, 2);
    List<Map<String, byte[]>> images = new ArrayList<>();
    images.add(changes.convert(changes.changes().get(0).getBefore(), schema, collations));
    images.add(changes.convert(changes.changes().get(0).getAfter(), schema, collations));
    images.add(changes.convert(changes.changes().get(1).getBefore(), schema, collations));

    int[] rows = {1, 1, 2};
    for (TypedColumn typed : columns) {
      for (int i = 0; i < rows.length; i++) {
        Object expected = typed.at(rows[i] - 1).expected();
        assertSame(typed.definition(), schema.column(typed.name()), images.get(i), expected);
      }
    }
  }

  /** One column of each character set, with characters of its own. */
  @Test
  void textOfEveryCharacterSet() throws SQLException {
    Map<String, String> bytes = new LinkedHashMap<>();
    for (String name : new TreeSet<>(collations.characterSets().values())) {
      bytes.put(name, "B2B3");
    }
    bytes.remove("binary");
    bytes.putAll(
        Map.of(
            "ascii",
            "41",
            "swe7",
            "5B5C",
            "big5",
            "A440",
            "cp932",
            "8740835C",
            "sjis",
            "835C815F",
            "eucjpms",
            "ADA18FB0A1",
            "ujis",
            "A4A28FB0A1",
            "euckr",
            "B0A1",
            "gb2312",
            "B0A1"));
    bytes.putAll(
        Map.of(
            "gbk",
            "8140",
            "gb18030",
            "81308130A6D990308130",
            "ucs2",
            "00E9",
            "utf16",
            "00E9D83DDE00",
            "utf16le",
            "E9003DD800DE",
            "utf32",
            "000000E90001F600",
            "utf8",
            "C3A9",
            "utf8mb4",
            "C3A9F09F9880",
            "latin1",
            "8081E9"));
    bytes.putAll(Map.of("tis620", "A1A2", "hebrew", "E0E1", "dec8", "A1A8"));
    String definitions =
        bytes.keySet().stream()
            .map(name -> "c_" + name + " VARCHAR(9) CHARACTER SET " + name)
            .collect(Collectors.joining(", "));
    String values =
        bytes.entrySet().stream()
            .map(entry -> "_" + entry.getKey() + " X'" + entry.getValue() + "'")
            .collect(Collectors.joining(", "));
    String position = StreamedRows.position(VITESS);
    String table = create("charsets", definitions, "(1, " + values + ")");
    TableSchema schema = schema(table);
    collations = withTable(table);

    Map<String, byte[]> olap = olap(schema).get(1);
    Map<String, byte[]> copied = after(StreamedRows.copy(VITESS, table), schema).get(1);
    Map<String, byte[]> streamed =
        after(StreamedRows.stream(VITESS, table, position, 1), schema).get(1);

    assertThat(bytes).hasSize(40);
    for (String name : bytes.keySet()) {
      String text = new String(olap.get("c_" + name), UTF_8);
      assertThat(text).as(name).isNotEmpty().doesNotContain("?");
      assertThat(new String(copied.get("c_" + name), UTF_8)).as(name).isEqualTo(text);
      assertThat(new String(streamed.get("c_" + name), UTF_8)).as(name).isEqualTo(text);
    }
  }

  @Test
  void labelsOfOtherCharacterSets() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table =
        create(
            "labels",
            "a ENUM('é','Ã©') CHARACTER SET latin1, b SET('ソ','表','x') CHARACTER SET sjis,"
                + " c ENUM('é','ж') CHARACTER SET utf16, d SET('é','x') CHARACTER SET utf8mb4,"
                + " e ENUM('é','x') COLLATE latin1_bin, f SET('é','x') COLLATE utf8mb4_bin,"
                + " g SET('一','x') COLLATE gbk_bin, h ENUM('一','x') CHARACTER SET gb18030",
            "(1, 'é', 'ソ,x', 'ж', 'é,x', 'é', 'é,x', '一,x', '一')",
            "(2, 'Ã©', '表', 'é', '', 'x', '', '一', 'x')",
            "(3, NULL, '', NULL, 'x', NULL, NULL, '', NULL)");
    TableSchema schema = schema(table);
    collations = withTable(table);
    Map<Integer, Map<String, byte[]>> olap = olap(schema);
    Map<Integer, Map<String, byte[]>> copied = after(StreamedRows.copy(VITESS, table), schema);
    Map<Integer, Map<String, byte[]>> streamed =
        after(StreamedRows.stream(VITESS, table, position, 3), schema);

    assertThat(texts(olap, "a")).containsExactly("é", "Ã©", null);
    for (String column : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      assertThat(texts(copied, column)).isEqualTo(texts(olap, column));
      assertThat(texts(streamed, column)).isEqualTo(texts(olap, column));
    }
  }

  @Test
  void labelsThatMysqlCannotPrintAreRefusedInTheStream() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table =
        create("misprinted", "e ENUM('a','é😎') CHARACTER SET utf8mb4", "(1, 'a')", "(2, 'é😎')");
    TableSchema schema = schema(table);
    StreamedRows streamed = StreamedRows.stream(VITESS, table, position, 2);

    assertThat(texts(after(StreamedRows.copy(VITESS, table), schema), "e"))
        .containsExactly("a", "é😎");
    assertThat(streamed.convert(streamed.changes().get(0).getAfter(), schema, collations).get("e"))
        .isEqualTo(new byte[] {'a'});
    Query.Row misprinted = streamed.changes().get(1).getAfter();
    assertThatThrownBy(() -> streamed.convert(misprinted, schema, collations))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'é?'")
        .hasMessageContaining(".e ");
  }

  @Test
  void datesThatNoCalendarHas() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table =
        create(
            "zero_dates",
            "d DATE NULL, dt DATETIME(6) NULL, ts TIMESTAMP(3) NULL",
            "(1, '0000-00-00', '0000-00-00', '0000-00-00')",
            "(2, '2024-00-00', '2024-02-00 01:02:03.000004', '2024-02-29 23:59:59.125')",
            "(3, NULL, NULL, NULL)");
    TableSchema schema = schema(table);
    Map<Integer, Map<String, byte[]>> olap = olap(schema);
    Map<Integer, Map<String, byte[]>> copied = after(StreamedRows.copy(VITESS, table), schema);
    Map<Integer, Map<String, byte[]>> streamed =
        after(StreamedRows.stream(VITESS, table, position, 3), schema);

    TableSchema withNull = ZeroDates.NULL.applyTo(schema);
    for (Column column : withNull.columns().subList(1, 4)) {
      String name = column.name();
      assertThat(texts(copied, name)).isEqualTo(texts(olap, name));
      assertThat(texts(streamed, name)).isEqualTo(texts(olap, name));
      assertThat(decode(column, streamed.get(1).get(name))).as(name).isNull();
    }
    assertThat(texts(streamed, "d")).containsExactly("0000-00-00", "2024-00-00", null);
    assertThat(texts(streamed, "dt").get(1)).isEqualTo("2024-02-00 01:02:03.000004");
    assertThatThrownBy(() -> decode(schema.column("d"), streamed.get(1).get("d")))
        .hasMessageContaining("0000-00-00");
  }

  @Test
  void valuesOfMegabytes() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table =
        create(
            "large",
            "t LONGTEXT CHARACTER SET utf8mb4, l LONGTEXT CHARACTER SET latin1, b LONGBLOB",
            "(1, REPEAT('😀', 1000000), NULL, NULL)",
            "(2, NULL, REPEAT('é', 3000000), REPEAT(X'00FF', 1500000))");
    TableSchema schema = schema(table);
    byte[] blob = new byte[3_000_000];
    for (int i = 1; i < blob.length; i += 2) {
      blob[i] = (byte) 0xff;
    }
    for (StreamedRows rows :
        List.of(
            StreamedRows.copy(VITESS, table), StreamedRows.stream(VITESS, table, position, 2))) {
      Map<Integer, Map<String, byte[]>> values = after(rows, schema);
      assertThat(values.get(1).get("t")).isEqualTo("😀".repeat(1_000_000).getBytes(UTF_8));
      assertThat(values.get(2).get("l")).isEqualTo("é".repeat(3_000_000).getBytes(UTF_8));
      assertThat(Arrays.equals(values.get(2).get("b"), blob)).isTrue();
    }
  }

  /** The labels of information_schema have a question mark for what takes four bytes in UTF-8. */
  private static boolean isMisprinted(TypedColumn column) {
    return column.definition().startsWith("ENUM")
        && column.values().stream()
            .anyMatch(value -> value.sql().contains("😎") || value.sql().contains("?"));
  }

  private static void assertSame(
      String what, Column column, Map<String, byte[]> row, Object expected) {
    Object value = decode(column, row.get(column.name()));
    if (column.type().base() == MysqlType.JSON) {
      assertThat(json(value)).as(what).isEqualTo(json(expected));
    } else {
      assertThat(value).as(what).isEqualTo(expected);
    }
  }

  private static Object json(Object text) {
    try {
      return JSON.readTree((String) text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private static Object decode(Column column, byte[] value) {
    BeamValue beam = column.type().base().beam(column.type());
    Object decoded = beam.decoder().decode(value, 0, value.length);
    return beam.type().getLogicalType() instanceof EnumerationType labels
        ? labels.toString((EnumerationType.Value) decoded)
        : decoded;
  }

  private static List<String> texts(Map<Integer, Map<String, byte[]>> rows, String column) {
    return rows.values().stream()
        .map(row -> row.get(column) == null ? null : new String(row.get(column), UTF_8))
        .collect(Collectors.toList());
  }

  private static Map<Integer, Map<String, byte[]>> after(StreamedRows rows, TableSchema schema) {
    Map<Integer, Map<String, byte[]>> byId = new LinkedHashMap<>();
    rows.changes()
        .forEach(
            change -> {
              Map<String, byte[]> row = rows.convert(change.getAfter(), schema, collations);
              byId.put(Integer.parseInt(new String(row.get("id"), UTF_8)), row);
            });
    return byId;
  }

  private static Map<Integer, Map<String, byte[]>> olap(TableSchema schema) throws SQLException {
    Map<Integer, Map<String, byte[]>> byId = new LinkedHashMap<>();
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'olap'");
      try (ResultSet row =
          statement.executeQuery("SELECT * FROM " + schema.table() + " ORDER BY id")) {
        while (row.next()) {
          Map<String, byte[]> values = new LinkedHashMap<>();
          for (Column column : schema.columns()) {
            values.put(column.name(), row.getBytes(column.name()));
          }
          byId.put(row.getInt("id"), values);
        }
      }
    }
    return byId;
  }

  private static Collations withTable(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return collations.withTable(connection, table);
    }
  }

  private static String create(String name, String columns, String... rows) throws SQLException {
    String table = VITESS.newTable(name);
    String[] statements = new String[rows.length + 2];
    statements[0] = "SET sql_mode = ''";
    statements[1] = "CREATE TABLE " + table + " (id INT PRIMARY KEY, " + columns + ")";
    for (int i = 0; i < rows.length; i++) {
      statements[i + 2] = "INSERT INTO " + table + " VALUES " + rows[i];
    }
    VITESS.execute(SHOP + ":0", statements);
    return table;
  }

  private static TableSchema schema(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return new SchemaDiscovery(connection)
          .table(new TableName(SHOP, table))
          .orElseThrow()
          .schema();
    }
  }
}
