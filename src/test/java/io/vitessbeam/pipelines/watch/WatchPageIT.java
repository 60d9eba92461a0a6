package io.vitessbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.RunProgress;
import io.vitessbeam.SyncedTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser, of a stream that the test makes up. */
@Timeout(120)
class WatchPageIT {

  /** Pictures to look at. */
  private static final Path PICTURES = Path.of("target/pictures");

  private static Chromium browser;

  private final RunProgress progress = RunProgress.watch(UUID.randomUUID().toString());
  private WatchServer server;
  private String url;

  @BeforeAll
  static void startBrowser() throws Exception {
    browser = Chromium.start();
  }

  @AfterAll
  static void endBrowser() throws Exception {
    browser.close();
  }

  @BeforeEach
  void serve() {
    WatchAddress address = WatchAddress.parse("localhost:0");
    Duration flushInterval = Duration.ofSeconds(30);
    server =
        WatchServer.start(
            address,
            new WatchedRun("shop", "/data/shop.duckdb", flushInterval, Instant.now(), progress));
    url = address.url(server.port());
  }

  @AfterEach
  void close() {
    server.close();
    progress.close();
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private void changes(String table, long inserted, long updated, long deleted) {
    long rows = inserted + updated + deleted;
    progress.read(table, "-80", rows / 2, rows * 60);
    progress.read(table, "80-", rows - rows / 2, rows * 60);
    SyncedTable changed = new SyncedTable(table, table, false, "", 0, inserted, updated, deleted);
    progress.stream().flushed(List.of(changed), rows, rows * 120, Duration.ofMillis(83));
    progress.stream().shard("-80", "MySQL56/4f2d7a80-6c1e-11ee-8c99-0242ac120002:1-8123", now());
    progress.stream().behind("80-", 0, now());
  }

  @Test
  void rowsMoveStatesChangeAndAnErrorIsSeen() throws Exception {
    browser.screen(1100, 900, false, false);
    browser.open(url);
    browser.await("#state", "Loading"::equals);
    browser.complaints();

    progress.stream().epoch("");
    progress.stream().planned(Set.of("shop.orders", "shop.customers"), Set.of("-80", "80-"));
    progress.stream().copying("shop.orders");
    progress.stream().following("shop.customers");
    progress.read("shop.orders", "-80", 52_000, 5_200_000);
    browser.await("#state", "Copying 1 of 2 tables"::equals);
    browser.await("#rows", "52,000 rows, 5.2 MB"::equals);

    progress.stream().following("shop.orders");
    changes("shop.orders", 1_200, 300, 20);
    browser.await("#state", "Following"::equals);
    browser.await("#applied", "1,520 rows"::equals);
    assertThat(row("shop.orders")).contains("following", "1,200", "300", "20");
    browser.await("#lag", text -> text.matches("\\d\\.\\d s"));
    changes("shop.orders", 800, 0, 0);
    browser.await("#applied", "2,320 rows"::equals);
    assertThat(browser.text("#flushes")).isEqualTo("in 2 flushes");

    progress.stream().waiting("shop.customers", "column <b>name</b> is a number now");
    browser.await("#state", "1 table waiting"::equals);
    assertThat(row("shop.customers")).contains("column <b>name</b> is a number now");
    progress.stream().failed("cannot write /data/shop.duckdb: No space left on device");
    browser.await("#state", "Failing"::equals);
    assertThat(browser.text("#failure")).contains("No space left on device");

    changes("shop.orders", 1, 0, 0);
    browser.await("#failure", String::isEmpty);
    browser.await("#events", text -> text.contains("Last failure, overcome"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aRunThatHasEndedIsNotShownAsAlive() throws Exception {
    progress.stream().following("shop.orders");
    browser.open(url);
    browser.await("#state", "Following"::equals);
    server.close();
    browser.await("#state", "No answer"::equals);
    assertThat(browser.text("#silence")).contains("the run has ended");
  }

  @Test
  void aLoadShowsItsRowsOnly() throws Exception {
    progress.read("shop.orders", "-80", 1_000, 100_000);
    browser.open(url);
    browser.await("#tables", text -> text.matches("shop.orders\\s+1,000\\s*"));
    assertThat(browser.text("#lag")).isEmpty();
    assertThat(browser.text("#shards")).isEmpty();
  }

  @Test
  void itFitsAPhoneAndTheDark() throws Exception {
    progress.stream().epoch("");
    for (String table :
        List.of("shop.orders", "shop.customers", "shop.a_name_that_is_quite_long")) {
      progress.stream().following(table);
      changes(table, 12_345, 678, 90);
    }
    for (boolean dark : new boolean[] {false, true}) {
      browser.screen(390, 844, true, dark);
      browser.open(url);
      browser.await("#state", "Following"::equals);
      assertThat(browser.run("return document.documentElement.scrollWidth").asInt()).isEqualTo(390);
      String background =
          browser.run("return getComputedStyle(document.body).backgroundColor").asText();
      assertThat(background).isEqualTo(dark ? "rgb(15, 20, 27)" : "rgb(246, 247, 249)");
      browser.photograph(PICTURES.resolve(dark ? "phone-dark.png" : "phone.png"));
    }
  }

  private static String row(String table) throws Exception {
    return browser.text("tr[data-key=\"" + table + "\"]");
  }
}
