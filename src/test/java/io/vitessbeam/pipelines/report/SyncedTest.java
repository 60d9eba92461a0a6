package io.vitessbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.SyncedTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncedTest {

  private static final SyncedTable TOTAL = table("shop", true, "", 12, 1, 2, 3);

  private static SyncedTable table(
      String source,
      boolean copied,
      String reason,
      long rows,
      long inserted,
      long updated,
      long deleted) {
    return new SyncedTable(
        source, source.replace("shop", "main"), copied, reason, rows, inserted, updated, deleted);
  }

  private static String one(SyncedTable table, long millis) {
    return new Synced(table.source(), "/x", List.of(table), table, Duration.ofMillis(millis))
        .toString();
  }

  @Test
  void aSingleTableIsOneLine() {
    assertThat(one(table("shop.t", true, "", 1, 0, 0, 0), 300))
        .isEqualTo("Synced shop.t into /x main.t in 0.3 s: copied 1 row");
    assertThat(one(table("shop.t", false, "", 0, 1000, 200, 30), 1_000))
        .isEqualTo(
            "Synced shop.t into /x main.t in 1.0 s: 1,000 inserted, 200 updated, 30 deleted (1,230"
                + " rows/s)");
    assertThat(one(table("shop.t", false, "", 0, 0, 0, 0), 700))
        .isEqualTo("Synced shop.t into /x main.t in 0.7 s: nothing new");
    assertThat(one(table("shop.t", true, "column a was dropped", 0, 0, 0, 4), 700))
        .isEqualTo(
            "Synced shop.t into /x main.t in 0.7 s: copied 0 rows again (column a was dropped), 0"
                + " inserted, 0 updated, 4 deleted");
  }

  @Test
  void severalTablesAreALineEachInTheirOrder() {
    List<SyncedTable> tables =
        List.of(table("shop.b", true, "", 12, 0, 0, 0), table("shop.a", false, "", 0, 1, 2, 3));
    assertThat(new Synced("shop", "/x", tables, TOTAL, Duration.ofSeconds(2)).toString().lines())
        .containsExactly(
            "shop.a into main.a: 1 inserted, 2 updated, 3 deleted",
            "shop.b into main.b: copied 12 rows",
            "Synced 2 tables of shop into /x in 2.0 s: copied 12 rows, 1 inserted, 2 updated, 3"
                + " deleted");
  }

  /** As the workers of a cluster tell of it, whatever its names and reason hold. */
  @Test
  void aTableIsReadAsItWasTold() {
    SyncedTable told =
        new SyncedTable("shop.a b|ä", "main.\"x y\"", true, "column a + b is\tnew", 1, 2, 3, 4);
    assertThat(SyncedTable.decode(told.encode())).isEqualTo(told);
    SyncedTable nothing = new SyncedTable("shop.t", "t", false, "", 0, 0, 0, 0);
    assertThat(SyncedTable.decode(nothing.encode())).isEqualTo(nothing);
    assertThatThrownBy(() -> SyncedTable.decode("shop.t t true"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
