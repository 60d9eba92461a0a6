package io.vitessbeam.schema;

import static io.vitessbeam.schema.ReadRows.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Text, labels and JSON are the same from the OLAP workload, VStream's copy and its stream. */
class StreamTextIT {

  private static final TestVitess VITESS = TestVitess.shared();

  /** Where B2 B3 is no text, or nothing but ASCII would be dull. */
  private static final Map<String, String> BYTES =
      Map.ofEntries(
          Map.entry("ascii", "41"),
          Map.entry("big5", "A440"),
          Map.entry("cp932", "8740835C"),
          Map.entry("eucjpms", "ADA18FB0A1"),
          Map.entry("gb18030", "81308130A6D990308130"),
          Map.entry("gbk", "8140"),
          Map.entry("latin1", "8081E9"),
          Map.entry("sjis", "835C815F"),
          Map.entry("swe7", "5B5C"),
          Map.entry("ucs2", "00E9"),
          Map.entry("ujis", "A4A28FB0A1"),
          Map.entry("utf16", "00E9D83DDE00"),
          Map.entry("utf16le", "E9003DD800DE"),
          Map.entry("utf32", "000000E90001F600"),
          Map.entry("utf8", "C3A9"),
          Map.entry("utf8mb3", "C3A9"),
          Map.entry("utf8mb4", "C3A9F09F9880"),
          Map.entry("dec8", "A1A8"),
          Map.entry("hebrew", "E0E1"));

  @Test
  void everyCollation() throws SQLException {
    Map<String, String> sets = collations();
    sets.remove("binary");
    String columns =
        sets.keySet().stream()
            .map(collation -> "c_" + collation + " VARCHAR(9) COLLATE " + collation)
            .collect(Collectors.joining(", "));
    String values =
        sets.values().stream()
            .map(set -> "_" + set + " X'" + BYTES.getOrDefault(set, "B2B3") + "'")
            .collect(Collectors.joining(", "));
    ReadRows rows = ReadRows.of("collations", columns, "(1, " + values + ")");

    assertThat(new TreeSet<>(sets.values())).hasSizeGreaterThanOrEqualTo(40);
    for (String collation : sets.keySet()) {
      String column = "c_" + collation;
      assertThat(texts(rows.olap(), column).get(0))
          .as(column)
          .isNotEmpty()
          .doesNotContain("?")
          .isEqualTo(texts(rows.copied(), column).get(0))
          .isEqualTo(texts(rows.streamed(), column).get(0));
    }
  }

  @Test
  void labels() throws SQLException {
    ReadRows rows =
        ReadRows.of(
            "labels",
            "a ENUM('é','Ã©') CHARACTER SET latin1, b SET('ソ','表','x') CHARACTER SET sjis,"
                + " c ENUM('é','ж') CHARACTER SET utf16, d SET('é','x') CHARACTER SET utf8mb4,"
                + " e ENUM('é','x') COLLATE latin1_bin, f SET('é','x') COLLATE utf8mb4_bin,"
                + " g SET('一','x') COLLATE gbk_bin, h ENUM('一','x') CHARACTER SET gb18030",
            "(1, 'é', 'ソ,x', 'ж', 'é,x', 'é', 'é,x', '一,x', '一')",
            "(2, 'Ã©', '表', 'é', '', 'x', '', '一', 'x')",
            "(3, NULL, '', NULL, 'x', NULL, NULL, '', NULL)");

    assertThat(texts(rows.olap(), "a")).containsExactly("é", "Ã©", null);
    for (String column : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      assertThat(texts(rows.copied(), column)).isEqualTo(texts(rows.olap(), column));
      assertThat(texts(rows.streamed(), column)).isEqualTo(texts(rows.olap(), column));
    }
  }

  @Test
  void labelsThatMysqlCannotPrintAreRefusedInTheStream() throws SQLException {
    String position = StreamedRows.position(VITESS);
    String table =
        ReadRows.create(
            "misprinted", "e ENUM('a','é😎') CHARACTER SET utf8mb4", "(1, 'a')", "(2, 'é😎')");
    TableSchema schema = ReadRows.schema(table);
    Collations collations = ReadRows.collations(table);
    StreamedRows copied = StreamedRows.copy(VITESS, table);
    StreamedRows streamed = StreamedRows.stream(VITESS, table, position, 2);

    assertThat(copied.convert(copied.changes().get(1).getAfter(), schema, collations).get("e"))
        .asString()
        .isEqualTo("é😎");
    assertThat(streamed.convert(streamed.changes().get(0).getAfter(), schema, collations).get("e"))
        .asString()
        .isEqualTo("a");
    Query.Row misprinted = streamed.changes().get(1).getAfter();
    assertThatThrownBy(() -> streamed.convert(misprinted, schema, collations))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'é?'")
        .hasMessageContaining(".e ");
  }

  /** Vitess before 24.0.3 prints a DECIMAL in it without the zero before the point. */
  @Test
  void decimalsInJson() throws SQLException {
    ReadRows rows =
        ReadRows.of(
            "json",
            "j JSON",
            "(1, JSON_OBJECT('a', CAST('-0.5' AS DECIMAL(5,2)), '\\\\\".5', '-.5\"'))",
            "(2, JSON_ARRAY(CAST('0.1' AS DECIMAL(3,1)), CAST('0' AS DECIMAL(3,1)), 'x', NULL))",
            "(3, CAST('[1e300, 0.125, -3, {}, [], true]' AS JSON))");

    for (int i = 0; i < 3; i++) {
      Object expected = StreamValuesIT.json(texts(rows.olap(), "j").get(i));
      assertThat(StreamValuesIT.json(texts(rows.copied(), "j").get(i))).isEqualTo(expected);
      assertThat(StreamValuesIT.json(texts(rows.streamed(), "j").get(i))).isEqualTo(expected);
    }
  }

  /** By name, their character sets. */
  private static Map<String, String> collations() throws SQLException {
    Map<String, String> sets = new TreeMap<>();
    try (Connection connection = VITESS.connect(TestVitess.SHOP + ":0");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT COLLATION_NAME, CHARACTER_SET_NAME FROM information_schema.COLLATIONS")) {
      while (rows.next()) {
        sets.put(rows.getString(1), rows.getString(2));
      }
    }
    return sets;
  }
}
