package io.vitessbeam.pipelines;

import static io.vitessbeam.pipelines.IngestDestinationsIT.assertLoaded;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestDestinationsIT.Place;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.EveryType.TypedColumn;
import io.vitessbeam.testing.EveryTypeTable;
import io.vitessbeam.testing.RowDigests;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values from a real Vitess on their way into a MySQL server, and into another keyspace. */
class IngestMysqlValuesIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  @Test
  void everyValueOfEveryTypeArrivesAtAMysqlServer() throws SQLException {
    // A strict server takes no text for the ENUM's index 0, which no label has.
    List<TypedColumn> columns =
        EveryType.columns().stream()
            .filter(
                column ->
                    !column.definition().contains("GENERATED")
                        && (!column.definition().startsWith("ENUM")
                            || column.definition().contains(",'')")
                            || column.values().stream()
                                .noneMatch(value -> value.expected().equals(""))))
            .toList();
    String table = EveryTypeTable.create(VITESS, columns);

    IngestRun run =
        IngestRun.on(
            EmbeddedRunner.DIRECT,
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=" + TestMysql.shared().uri());

    assertLoaded(run, "Loaded 4 rows");
    try (Connection source = VITESS.connect(SHOP);
        Connection copy = TestMysql.shared().connect()) {
      for (TypedColumn column : columns) {
        String sql = "SELECT id, " + withoutWidth(column) + " FROM " + table;
        assertThat(RowDigests.of(copy, sql).byKey())
            .as(column.definition())
            .isEqualTo(RowDigests.ofDriver(source, sql).byKey());
      }
    }
  }

  /** The widths with which MySQL prints numbers are no part of their values. */
  private static String withoutWidth(TypedColumn column) {
    if (column.definition().matches("(FLOAT|DOUBLE)\\(.*")) {
      return "FORMAT(" + column.name() + ", 9)";
    }
    return column.definition().matches("FLOAT.*|DOUBLE.*|.*ZEROFILL")
        ? column.name() + " + 0"
        : column.name();
  }

  @ParameterizedTest
  @CsvSource({
    "2040-01-01 02:00+02, 2040-01-01 00:00:00.000000",
    "1970-01-01 00:00+00, 1970-01-01 00:00:00.000000",
    "1969-12-31 23:59+00, 1969-12-31 23:59:00.000000",
  })
  void aMomentThatNoTimestampHasGoesIntoADatetime(String given, String stored) throws SQLException {
    String table = TestMysql.shared().newTable("late");
    List<String> flags = new ArrayList<>();
    flags.add("--source-uri=" + TestPostgresql.shared().uri());
    flags.add("--source-table=query:SELECT 1 AS id, '%s'::timestamptz AS at".formatted(given));
    flags.add("--dest-table=" + table);
    flags.add("--dest-uri=" + TestMysql.shared().uri());
    IngestRun run = IngestRun.on(EmbeddedRunner.DIRECT, flags.toArray(String[]::new));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("for column 'at'", "--columns='at:timestamp_ntz' makes it a DATETIME")
        .hasLineCount(1);

    flags.add("--columns=at:timestamp_ntz");
    assertLoaded(IngestRun.on(EmbeddedRunner.DIRECT, flags.toArray(String[]::new)), "Loaded 1 row");

    assertThat(Place.MYSQL_SERVER.rows("SELECT at FROM " + table)).containsExactly(stored + "|");
  }

  @ParameterizedTest
  @EnumSource
  void jsonThatMysqlWouldChangeIsRefusedAndHeldAsText(Place place) throws Exception {
    String number = "12345678901234567890.123456789";
    String source = VITESS.newTable("documents");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + source + " (id INT PRIMARY KEY, doc JSON)",
        "INSERT INTO "
            + source
            + " VALUES (7, JSON_OBJECT('n', CAST('"
            + number
            + "' AS DECIMAL(40, 9))))");
    Path lines =
        Files.writeString(folder.resolve("d.jsonl"), "{\"id\":7,\"doc\":{\"n\":1,\"n\":2}}");
    for (List<String> from :
        List.of(
            List.of(VITESS.uriText(SHOP), source, "{\"n\": " + number + "}"),
            List.of(
                TestPostgresql.shared().uri(),
                "query:SELECT 7 AS id, '{\"n\":" + number + "}'::jsonb AS doc",
                "{\"n\": " + number + "}"),
            List.of("jsonl:///" + lines, "", "{\"n\":1,\"n\":2}"))) {
      String table = VITESS.newTable("held");
      List<String> flags = new ArrayList<>(List.of("--source-uri=" + from.get(0)));
      if (!from.get(1).isEmpty()) {
        flags.add("--source-table=" + from.get(1));
      }
      flags.add("--dest-table=" + table);
      flags.add("--dest-uri=" + place.uri());
      IngestRun run = IngestRun.on(EmbeddedRunner.DIRECT, flags.toArray(String[]::new));
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .contains("Column doc of ", "id=7", "MySQL's JSON", "--columns='doc:text'")
          .hasLineCount(1);

      flags.add("--columns=doc:text");
      assertLoaded(
          IngestRun.on(EmbeddedRunner.DIRECT, flags.toArray(String[]::new)), "Loaded 1 row");
      assertThat(place.rows("SELECT id, doc FROM " + table))
          .containsExactly("7|" + from.get(2) + "|");
    }
  }
}
