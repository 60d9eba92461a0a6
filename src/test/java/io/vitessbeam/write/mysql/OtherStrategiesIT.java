package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.DELETE_INSERT;
import static io.vitessbeam.WriteStrategy.SCD2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.load.LoadId;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherStrategiesIT {

  private final Target target = new Target();

  private static LoadSpec byDate(LoadSpec spec) {
    return spec.withIncrementalKey("changed");
  }

  @Test
  void appendAddsRowsWithoutAKey() throws Exception {
    LoadId<Server> id = target.id(APPEND, spec -> spec);
    target.load(id, Source.items().items(0, 7000, "a").in(2, 900).blocks());
    target.load(APPEND, Source.items().items(0, 10, "b"));
    target.load(APPEND, Source.items());

    assertThat(target.query("SELECT COUNT(*), COUNT(DISTINCT id) FROM $t"))
        .containsExactly("7010|7000");
    assertThat(target.leftovers(id)).isEmpty();
  }

  @Test
  void appendAddsRowsToATableWithAKeyAndUndoesNothingOfOthers() throws Exception {
    target.execute(
        "CREATE TABLE $t (name VARCHAR(50), id BIGINT PRIMARY KEY)",
        "INSERT INTO $t VALUES ('old', 1000000)");
    target.load(APPEND, Source.items().items(0, 7000, "a").in(2, 900));

    assertThat(target.query("SELECT COUNT(*), SUM(id) FROM $t")).containsExactly("7001|25496500");
  }

  @Test
  void aPublicationThatIsTriedAgainAppendsNothing() throws Exception {
    for (int i = 0; i < 2; i++) {
      LoadId<Server> id = target.id(APPEND, spec -> spec.withRunId("append " + target.name()));
      target.load(id, Source.items().items(0, 10, "a").blocks());
    }
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("10");
  }

  @Test
  void deleteInsertReplacesTheIntervalThatTheRowsCover() throws Exception {
    target.load(
        DELETE_INSERT, OtherStrategiesIT::byDate, Source.items().items(0, 28_000, "a").in(2, 3000));
    Source source = Source.items();
    for (int i = 0; i < 5000; i++) {
      source.row(100_000 + i, "b", "2024-01-0" + (5 + i % 3) + " 00:00:00");
    }
    LoadId<Server> id = target.id(DELETE_INSERT, OtherStrategiesIT::byDate);
    target.load(id, source.in(1, 1000).blocks());

    assertThat(
            target.query(
                "SELECT LEFT(name, 1), COUNT(*), SUM(changed BETWEEN '2024-01-05' AND"
                    + " '2024-01-07') FROM $t GROUP BY 1"))
        .containsExactlyInAnyOrder("a|25000|0", "b|5000|5000");
    assertThat(target.leftovers(id)).isEmpty();
  }

  @Test
  void aGivenIntervalIsReplacedAlsoByNothing() throws Exception {
    target.load(
        DELETE_INSERT, OtherStrategiesIT::byDate, Source.items().items(0, 28_000, "a").in(2, 3000));
    UnaryOperator<LoadSpec> days =
        spec -> byDate(spec).withInterval(new Interval("2024-01-01", "2024-01-14 23:59:59.999999"));

    target.load(DELETE_INSERT, days, Source.items());
    assertThat(target.query("SELECT COUNT(*), MIN(changed) FROM $t"))
        .containsExactly("14000|2024-01-15 00:00:00");

    target.load(DELETE_INSERT, OtherStrategiesIT::byDate, Source.items());
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("14000");

    assertThatThrownBy(
            () ->
                target.load(DELETE_INSERT, days, Source.items().row(1, "x", "2024-01-15 00:00:00")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("changed = 2024-01-15 00:00:00, which is outside the interval");
  }

  @Test
  void anIntervalWithOneEndReachesAsFarAsTheTableDoes() throws Exception {
    target.load(
        DELETE_INSERT, OtherStrategiesIT::byDate, Source.items().items(0, 28_000, "a").in(2, 3000));
    UnaryOperator<LoadSpec> since =
        spec -> byDate(spec).withInterval(new Interval("2024-01-15", ""));
    UnaryOperator<LoadSpec> until =
        spec -> byDate(spec).withInterval(new Interval("", "2024-01-01 12:00:00"));

    target.load(DELETE_INSERT, since, Source.items().row(1, "b", "2024-02-01 00:00:00"));
    assertThat(target.query("SELECT COUNT(*), MIN(changed), MAX(changed) FROM $t"))
        .containsExactly("14001|2024-01-01 00:00:00|2024-02-01 00:00:00");

    target.load(DELETE_INSERT, until, Source.items());
    assertThat(target.query("SELECT COUNT(*), MIN(changed) FROM $t"))
        .containsExactly("13001|2024-01-02 00:00:00");
  }

  @Test
  void rowsWithoutTheIncrementalKeyReplaceThoseWithout() throws Exception {
    target.load(
        DELETE_INSERT,
        OtherStrategiesIT::byDate,
        Source.items().row(1, "a", null).row(2, "a", "2024-01-01 00:00:00"));
    target.load(
        DELETE_INSERT,
        OtherStrategiesIT::byDate,
        Source.items().row(3, "b", "2024-01-01 00:00:00"));
    assertThat(target.query("SELECT id FROM $t ORDER BY id")).containsExactly("1", "3");

    Source source = Source.items();
    for (int i = 10; i < 7010; i++) {
      source.row(i, "c", null);
    }
    target.load(DELETE_INSERT, OtherStrategiesIT::byDate, source.in(1, 2000));
    assertThat(target.query("SELECT COUNT(*), MIN(id) FROM $t")).containsExactly("7001|3");
    target.load(DELETE_INSERT, OtherStrategiesIT::byDate, Source.items().row(1, "d", null));
    assertThat(target.query("SELECT id FROM $t ORDER BY id")).containsExactly("1", "3");
  }

  @Test
  void deleteInsertKeepsTheLastOfDuplicates() throws Exception {
    Source source = Source.items().row(1, "old", "2024-01-01 00:00:00");
    target.load(DELETE_INSERT, OtherStrategiesIT::byDate, source);
    // The key moves within the interval that is covered.
    target.load(
        DELETE_INSERT, OtherStrategiesIT::byDate, source.row(1, "new", "2024-01-05 00:00:00"));
    assertThat(target.query("SELECT id, name FROM $t")).containsExactly("1|new");
  }

  @Test
  void keysMoveWithinTheInterval() throws Exception {
    UnaryOperator<LoadSpec> byKey = spec -> byDate(spec).withPrimaryKey(List.of("id"));
    Source before = Source.items();
    Source after = Source.items();
    for (int i = 0; i < 10_000; i++) {
      String[] dates = {"2024-01-01 00:00:00", "2024-01-02 00:00:00", null};
      before.row(i, "a", dates[i % 3]);
      after.row(i, "b", dates[(i / 3) % 3]);
    }
    target.load(DELETE_INSERT, byKey, before);
    target.load(DELETE_INSERT, byKey, after);

    assertThat(
            target.query(
                "SELECT name, changed, COUNT(*), SUM(id) FROM $t GROUP BY 1, 2 ORDER BY 2"))
        .containsExactly(
            "b|null|3333|16671666",
            "b|2024-01-01 00:00:00|3334|16661667",
            "b|2024-01-02 00:00:00|3333|16661667");
  }

  /** Many pieces, in a table whose order is not that of new tables. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
        "CHARACTER SET latin1 COLLATE latin1_swedish_ci"
      })
  void aTextIsCutInTheOrderInWhichItIsDeleted(String order) throws Exception {
    target.execute(
        "CREATE TABLE $t (at VARCHAR(20) " + order + ", id BIGINT PRIMARY KEY, KEY (at))");
    Source source =
        new Source("id")
            .column("at", ColumnType.of(MysqlType.VARCHAR, 20), true)
            .column("id", ColumnType.of(MysqlType.BIGINT), false);
    for (int id = 0; id < 4500; id++) {
      source.row("aBc".charAt(id / 1500) + "%04d".formatted(id), String.valueOf(id));
    }
    for (int run = 0; run < 2; run++) {
      target.load(DELETE_INSERT, spec -> spec.withIncrementalKey("at"), source.in(2, 900));
      assertThat(target.query("SELECT LEFT(at, 1), COUNT(*) FROM $t GROUP BY 1 ORDER BY 1"))
          .containsExactlyInAnyOrder("a|1500", "B|1500", "c|1500");
    }
  }

  @Test
  void exactUnsignedIntervals() throws Exception {
    Source source =
        new Source("k")
            .column("k", new ColumnType(MysqlType.BIGINT, true, 0, 0, List.of(), false), false)
            .row("18446744073709551613")
            .row("18446744073709551614")
            .row("18446744073709551615");
    target.load(DELETE_INSERT, spec -> spec.withIncrementalKey("k"), source);
    target.load(
        DELETE_INSERT,
        spec ->
            spec.withIncrementalKey("k")
                .withInterval(new Interval("18446744073709551614", "18446744073709551614")),
        new Source("k").column("k", source.schema().column("k").type(), false));
    assertThat(target.query("SELECT k FROM $t ORDER BY k"))
        .containsExactly("18446744073709551613", "18446744073709551615");
    assertThatThrownBy(
            () ->
                target.load(
                    DELETE_INSERT,
                    spec -> spec.withIncrementalKey("k").withInterval(new Interval("x", "")),
                    source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'x' is no value of the incremental key k");
  }

  @Test
  void versionsAreKept() throws Exception {
    target.load(SCD2, Source.items().items(0, 7000, "a").in(2, 900));
    target.load(SCD2, Source.items().items(0, 7000, "a").in(2, 900));
    assertThat(target.query("SELECT COUNT(*), SUM(_scd_is_current) FROM $t"))
        .containsExactly("7000|7000");

    Source source = Source.items().items(3500, 6999, "a").row(6999, "A 6999", null);
    LoadId<Server> id = target.id(SCD2, spec -> spec);
    target.load(id, source.row(9000, "x", null).row(9000, "y", null).in(2, 900).blocks());

    assertThat(
            target.query(
                "SELECT COUNT(*), SUM(_scd_is_current), SUM(_scd_valid_to IS NULL) FROM $t"))
        .containsExactly("7002|3501|3501");
    assertThat(
            target.query(
                "SELECT id, name, _scd_is_current, _scd_valid_to = (SELECT MAX(_scd_valid_from)"
                    + " FROM $t) FROM $t WHERE id IN (0, 3500, 6999, 9000)"
                    + " ORDER BY id, _scd_valid_from"))
        .containsExactly(
            "0|a 0|0|1",
            "3500|a 3500|1|null",
            "6999|a 6999|0|1",
            "6999|A 6999|1|null",
            "9000|y|1|null");
    assertThat(target.leftovers(id)).isEmpty();

    // A key that was away comes back, and with an incremental key none is closed for being away.
    target.load(
        SCD2,
        spec -> spec.withIncrementalKey("changed"),
        Source.items().row(0, "a 0", "2024-01-01 00:00:00"));
    assertThat(target.query("SELECT COUNT(*), SUM(_scd_is_current) FROM $t"))
        .containsExactly("7003|3502");
    target.load(SCD2, Source.items());
    assertThat(target.query("SELECT COUNT(*), SUM(_scd_is_current) FROM $t"))
        .containsExactly("7003|0");
  }

  @Test
  void aRunThatBeganBeforeTheLatestVersionIsRefused() throws Exception {
    LoadId<Server> older = target.id(SCD2, spec -> spec);
    target.load(SCD2, Source.items().items(0, 1, "a"));

    assertThatThrownBy(() -> target.load(older, Source.items().items(0, 2, "stale").blocks()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(target.name() + " has versions from 2")
        .hasMessageContaining("clock")
        .hasMessageContaining("run again");
    target.open(older).abort();
    assertThat(target.query("SELECT name FROM $t WHERE _scd_is_current")).containsExactly("a 0");
  }

  @Test
  void versionsDifferInAnyByte() throws Exception {
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.BIGINT), false)
            .column("name", ColumnType.of(MysqlType.VARCHAR, 9), true);
    String[] names = {"a", "A", "A ", "á", null, ""};
    for (String name : names) {
      target.load(SCD2, Source.copy(source).row(1, name));
    }
    assertThat(target.query("SELECT COUNT(*), SUM(_scd_is_current) FROM $t"))
        .containsExactly(names.length + "|1");
  }

  @Test
  void versionsNeedAnIndexAndTheirColumns() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, name VARCHAR(50))");
    assertThatThrownBy(() -> target.load(SCD2, Source.items().items(0, 3, "a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("_scd_valid_from");
  }
}
