package io.vitessbeam.schema.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamColumnTest {

  private static final int LATIN1 = 8;
  private static final int UTF8MB4_BIN = 46;
  private static final int UTF16 = 54;
  private static final int SJIS = 13;

  private static final Collations COLLATIONS =
      new Collations(
          Map.of(
              63,
              "binary",
              LATIN1,
              "latin1",
              UTF8MB4_BIN,
              "utf8mb4",
              UTF16,
              "utf16",
              SJIS,
              "sjis",
              33,
              "utf8",
              11,
              "ascii"));

  @ParameterizedTest
  @EnumSource(
      names = {
        "INT8",
        "UINT64",
        "FLOAT32",
        "FLOAT64",
        "YEAR",
        "BIT",
        "DATE",
        "DATETIME",
        "TIMESTAMP",
        "TIME",
        "BLOB",
        "BINARY",
        "VARBINARY",
        "GEOMETRY"
      })
  void valuesThatTheDecodersReadStayAsTheyAre(Query.Type type) {
    for (boolean copy : new boolean[] {true, false}) {
      assertThat(of(type, 63, "", true, copy).isIdentity()).isTrue();
    }
  }

  /** A query prints the same value as the text on the right. */
  @ParameterizedTest
  @CsvSource({
    "-.000000000000000000000000000001, -0.000000000000000000000000000001",
    "-00000000000000000000000000000001, -1",
    "00000.50, 0.50",
    ".000000, 0.000000",
    "000, 0",
    "0, 0",
    "-12.340, -12.340",
    "100.001, 100.001"
  })
  void aDecimalHasOneText(String streamed, String text) {
    StreamColumn stream = of(Query.Type.DECIMAL, 63, "decimal(65,30)", true, false);
    byte[] bytes = ("x" + streamed + "9").getBytes(ISO_8859_1);
    assertThat(new String(stream.convert(bytes, 1, bytes.length - 2), ISO_8859_1)).isEqualTo(text);
    assertThat(of(Query.Type.DECIMAL, 63, "decimal(65,30)", true, true).isIdentity()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {63, UTF8MB4_BIN, 33, 11})
  void textThatIsUtf8StaysAsItIs(int collation) {
    for (Query.Type type :
        List.of(
            Query.Type.VARCHAR,
            Query.Type.CHAR,
            Query.Type.TEXT,
            Query.Type.VARBINARY,
            Query.Type.BLOB)) {
      assertThat(of(type, collation, "", true, false).isIdentity()).isTrue();
    }
  }

  @Test
  void otherTextBecomesUtf8() {
    // A collation _bin makes the type that of bytes.
    for (Query.Type type :
        List.of(Query.Type.VARCHAR, Query.Type.TEXT, Query.Type.VARBINARY, Query.Type.BLOB)) {
      for (boolean copy : new boolean[] {true, false}) {
        StreamColumn latin1 = of(type, LATIN1, "varchar(20)", true, copy);
        assertThat(latin1.isIdentity()).isFalse();
        assertThat(convert(latin1, "E98027")).isEqualTo("é€'");
        assertThat(convert(of(type, UTF16, "", true, copy), "00E9D83DDE00")).isEqualTo("é😀");
      }
    }
  }

  @Test
  void bytesWithoutACharacterAreAnErrorThatNamesTheColumn() {
    assertThatThrownBy(() -> convert(of(Query.Type.VARCHAR, SJIS, "", true, false), "8320"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The value X'8320' of column t.c can't be read: it is no text in the column's"
                + " character set");
    assertThatThrownBy(() -> of(Query.Type.VARCHAR, 999, "", true, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("999");
  }

  /** As Vitess sends it for a collation that it doesn't know. */
  @Test
  void aFieldWithoutACollationIsLookedUp() {
    Collations known =
        new Collations(Map.of(), Map.of("t", Map.of("c", "gbk"), "u", Map.of("c", "latin1")));
    for (String type : List.of("varchar(9)", "char(9)", "mediumtext")) {
      Query.Field.Builder field =
          Query.Field.newBuilder()
              .setName("c")
              .setTable("t")
              .setType(Query.Type.VARBINARY)
              .setColumnType(type);
      Column column = new Column("c", ColumnType.of(MysqlType.VARCHAR), true);

      assertThat(Collations.isUntold(field.build())).isTrue();
      assertThat(convert(StreamColumn.of(column, field.build(), true, false, known), "8140"))
          .isEqualTo("丂");
      assertThatThrownBy(() -> StreamColumn.of(column, field.build(), true, false, COLLATIONS))
          .isInstanceOf(DataException.class)
          .hasMessage("Vitess does not tell the character set of column t.c; exclude the column");
      Query.Field bytes = field.setColumnType("varbinary(9)").build();
      assertThat(StreamColumn.of(column, bytes, true, false, COLLATIONS).isIdentity()).isTrue();
    }
    Query.Field number = Query.Field.newBuilder().setType(Query.Type.INT64).build();
    assertThat(Collations.isUntold(number)).isFalse();
    assertThat(COLLATIONS.characterSet(number)).isEqualTo("binary");
  }

  @Test
  void jsonIsRepairedInTheStreamOnly() {
    assertThat(of(Query.Type.JSON, 63, "json", true, true).isIdentity()).isTrue();
    StreamColumn stream = of(Query.Type.JSON, 63, "json", true, false);
    assertThat(new String(stream.convert("x[.5]".getBytes(UTF_8), 1, 4), UTF_8)).isEqualTo("[0.5]");
  }

  @Test
  void labelsOfUtf8StayAsTheyAre() {
    for (boolean copy : new boolean[] {true, false}) {
      assertThat(of(Query.Type.ENUM, UTF8MB4_BIN, "enum('a','é')", true, copy).isIdentity())
          .isTrue();
      assertThat(of(Query.Type.SET, 33, "set('a','why?')", true, copy).isIdentity()).isTrue();
    }
    assertThat(of(Query.Type.ENUM, UTF8MB4_BIN, "enum('a')", false, true).isIdentity()).isTrue();
  }

  /** The stream has them in UTF-8, the copy in the column's character set. */
  @Test
  void labelsOfOtherSetsAreReadInEitherForm() {
    for (boolean copy : new boolean[] {true, false}) {
      StreamColumn column = of(Query.Type.ENUM, LATIN1, "enum('a','é')", true, copy);
      assertThat(convert(column, "E9")).isEqualTo("é");
      assertThat(convert(column, "C3A9")).isEqualTo("é");
      assertThat(convert(column, "")).isEmpty();
      // The type of an ENUM with a collation _bin.
      StreamColumn bytes = of(Query.Type.BINARY, LATIN1, "enum('a','é')", true, copy);
      assertThat(convert(bytes, "E9")).isEqualTo("é");
      assertThat(convert(bytes, "C3A9")).isEqualTo("é");
      StreamColumn set = of(Query.Type.SET, LATIN1, "set('a','é')", true, copy);
      assertThat(convert(set, "612CE9")).isEqualTo("a,é");
      assertThat(convert(set, "612CC3A9")).isEqualTo("a,é");
    }
  }

  /** X'C3A9' is é in UTF-8 and Ã© in latin1. */
  @Test
  void labelsThatAreBothAreReadAsThePhaseSendsThem() {
    String type = "enum('é','Ã©')";

    assertThat(convert(of(Query.Type.ENUM, LATIN1, type, true, true), "C3A9")).isEqualTo("Ã©");
    assertThat(convert(of(Query.Type.ENUM, LATIN1, type, true, false), "C3A9")).isEqualTo("é");
  }

  @Test
  void anUnknownLabelOfTheStreamIsAnError() {
    assertThatThrownBy(() -> convert(of(Query.Type.ENUM, LATIN1, "enum('a')", true, false), "62"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column t.c")
        .hasMessageContaining("'b' is none of its labels");
  }

  @Test
  void ordinalsOfOldServersBecomeLabels() {
    StreamColumn column = of(Query.Type.ENUM, LATIN1, "enum('x','é')", false, false);
    assertThat(convert(column, "32")).isEqualTo("é");
    StreamColumn set = of(Query.Type.SET, UTF8MB4_BIN, "set('x','é')", false, false);
    assertThat(convert(set, "33")).isEqualTo("x,é");
    // Without a type in the field, those of the table as it was found.
    assertThat(convert(of(Query.Type.ENUM, UTF8MB4_BIN, "", false, false), "31"))
        .isEqualTo("found");
    assertThatThrownBy(() -> convert(column, "33"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column t.c");
  }

  /** As which information_schema prints an emoji. */
  @Test
  void aQuestionMarkOfALabelIsRefusedWhereItMayBeAnotherCharacter() {
    for (boolean asText : new boolean[] {true, false}) {
      StreamColumn column = of(Query.Type.ENUM, UTF8MB4_BIN, "enum('a','é?')", asText, false);
      assertThat(convert(column, asText ? "61" : "31")).isEqualTo("a");
      assertThatThrownBy(() -> convert(column, asText ? "C3A93F" : "32"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("'é?'");
    }
    // The copy has the value itself.
    assertThat(of(Query.Type.ENUM, UTF8MB4_BIN, "enum('a','é?')", true, true).isIdentity())
        .isTrue();
    StreamColumn utf16 = of(Query.Type.ENUM, UTF16, "enum('é?')", true, true);
    assertThat(convert(utf16, "00E9D83DDE00")).isEqualTo("é😀");
  }

  @Property
  void everyLabelIsFoundInBothForms(
      @ForAll @NotEmpty @UniqueElements
          List<@StringLength(min = 1, max = 5) @CharRange(from = 'a', to = 'ÿ') String> labels) {
    String type = "enum('" + String.join("','", labels) + "')";
    StreamColumn copy = of(Query.Type.ENUM, LATIN1, type, true, true);
    StreamColumn stream = of(Query.Type.ENUM, LATIN1, type, true, false);
    for (String label : labels) {
      byte[] own = label.getBytes(ISO_8859_1);
      byte[] utf8 = label.getBytes(UTF_8);
      // What the C1 controls are in latin1 of MySQL is tested elsewhere.
      if (label.chars().noneMatch(c -> c >= 0x80 && c < 0xa0)) {
        assertThat(copy.convert(own, 0, own.length)).isEqualTo(utf8);
      }
      assertThat(stream.convert(utf8, 0, utf8.length)).isEqualTo(utf8);
    }
  }

  @Test
  void floatsAreNotCopiedByVStream() {
    assertThat(whyNot(MysqlType.FLOAT)).contains("Column c is a FLOAT").contains("six digits");
    assertThat(whyNot(MysqlType.DOUBLE)).isEmpty();
    assertThat(whyNot(MysqlType.VARCHAR)).isEmpty();
  }

  private static String whyNot(MysqlType type) {
    return StreamColumn.whyNotCopiedByVStream(new Column("c", ColumnType.of(type), true))
        .orElse("");
  }

  private static StreamColumn of(
      Query.Type type, int collation, String columnType, boolean labelsAsText, boolean copy) {
    Query.Field field =
        Query.Field.newBuilder()
            .setName("c")
            .setTable("t")
            .setType(type)
            .setCharset(collation)
            .setColumnType(columnType)
            .build();
    ColumnType found = ColumnType.labelled(MysqlType.ENUM, List.of("found"));
    return StreamColumn.of(new Column("c", found, true), field, labelsAsText, copy, COLLATIONS);
  }

  private static String convert(StreamColumn column, String hex) {
    byte[] value = HexFormat.of().parseHex("FF" + hex + "FF");
    return new String(column.convert(value, 1, value.length - 2), UTF_8);
  }
}
