package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are masked on their way from a real Vitess. */
class IngestMasksIT {

  @TempDir private Path folder;

  private final TestVitess vitess = TestVitess.shared();
  private final String table = vitess.newTable("masked");

  /** Into a destination with one transaction, and into one that is published piece by piece. */
  @Test
  void noValueGetsThereThatIsMasked() throws Exception {
    create(
        "(1, ' john.doe@example.com', 52300, '1990-05-15'), (2, NULL, 1, '2024-02-29'), (3, ' x',"
            + " NULL, NULL)");
    String copy = table + "_copy";

    assertLoaded("duckdb://" + folder.resolve("a.duckdb"), copy);
    assertLoaded(vitess.uriText(SHOP), copy);

    String sql = "SELECT id, address, salary, born FROM " + copy;
    List<String> expected =
        List.of(
            "c4ca4238a0b923820dcc509a6f75849b|j******e@example.com|50000|1990-05|",
            "c81e728d9d4c2f636f067f89cc14862c|NULL|0|2024-02|",
            "eccbc87e4b5ce2fe28308fd9f2a7baf3|*|NULL|NULL|");
    assertThat(TableRows.ofDuckDb(folder.resolve("a.duckdb"), sql)).isEqualTo(expected);
    try (Connection connection = vitess.connect(SHOP)) {
      assertThat(TableRows.ofVitess(connection, sql)).isEqualTo(expected);
    }
  }

  private void assertLoaded(String destination, String copy) {
    IngestRun run =
        IngestRun.of(
            "--source-uri=" + vitess.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=" + destination,
            "--dest-table=" + copy,
            "--incremental-strategy=merge",
            "--mask=id:md5,address:email",
            "--mask=salary:round:5000",
            "--mask=born:month_year",
            "--trim-whitespace");
    assertThat(run.status()).as(run.err()).isZero();
  }

  @Test
  void noMessageShowsAMaskedValue() throws Exception {
    create("(1, 'very private', 1, NULL)");

    IngestRun run =
        IngestRun.of(
            "--source-uri=" + vitess.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=duckdb://" + folder.resolve("a.duckdb"),
            "--columns=address:int",
            "--mask=address:round:10");

    assertThat(run.status()).isOne();
    assertThat(run.err())
        .contains("Column address of")
        .contains("(masked)")
        .doesNotContain("very private");
  }

  @Test
  void whatCannotBeMaskedIsRefusedBeforeAnythingIsWritten() throws Exception {
    create("(1, 'a', 1, NULL)");
    for (List<String> wrong :
        List.of(
            List.of("--mask=id:redact", "tells rows apart"),
            List.of("--mask=nope:hash", "has no column nope to mask; it has address, born"),
            List.of("--mask=address:round:5", "whose values can't be masked by round"))) {
      IngestRun run =
          IngestRun.of(
              "--source-uri=" + vitess.uriText(SHOP),
              "--source-table=" + table,
              "--dest-uri=duckdb://" + folder.resolve("a.duckdb"),
              wrong.get(0));

      assertThat(run.status()).isOne();
      assertThat(run.err()).contains(wrong.get(1));
    }
    assertThat(folder.resolve("a.duckdb")).doesNotExist();
  }

  private void create(String rows) throws Exception {
    vitess.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (id INT PRIMARY KEY, address VARCHAR(60), salary INT, born DATE)",
        "INSERT INTO " + table + " VALUES " + rows);
  }
}
