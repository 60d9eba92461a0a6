package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The strategy delete+insert, of a small table. */
class DeletedIntervalTest {

  @TempDir private Path directory;
  private DatabaseFile database;
  private ItemLoads items;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
    items = new ItemLoads(database);
  }

  @Test
  void deleteInsertReplacesTheIntervalThatIsCovered() throws Exception {
    items.load(
        items.spec(WriteStrategy.DELETE_INSERT),
        "1 a one 1",
        "2 a two 2",
        "3 a three 3",
        "4 a none -");
    items.load(items.spec(WriteStrategy.DELETE_INSERT), "2 b x 2", "5 b y 3");
    assertThat(items.rows()).containsExactly("1a one 1", "2b x 2", "4a none -", "5b y 3");

    items.load(items.spec(WriteStrategy.DELETE_INSERT), "6 a other -");
    assertThat(items.rows()).containsExactly("1a one 1", "2b x 2", "5b y 3", "6a other -");

    items.load(items.spec(WriteStrategy.DELETE_INSERT));
    assertThat(items.rows()).hasSize(4);
  }

  @Test
  void deleteInsertReplacesTheIntervalThatIsGiven() throws Exception {
    items.load(items.spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");
    LoadSpec.Interval interval = new LoadSpec.Interval("2", "9");
    items.load(items.spec(WriteStrategy.DELETE_INSERT).withInterval(interval), "4 a four 9");
    assertThat(items.rows()).containsExactly("1a one 1", "4a four 9");

    LoadSpec outside = items.spec(WriteStrategy.DELETE_INSERT).withInterval(interval);
    assertThatThrownBy(() -> items.load(outside, "5 a five 10"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 rows have a at outside of the interval");

    items.load(items.spec(WriteStrategy.DELETE_INSERT).withInterval(interval));
    assertThat(items.rows()).containsExactly("1a one 1");
  }

  @Test
  void aKeyOfARowOutsideTheIntervalFailsTheRun() throws Exception {
    database.execute(
        "CREATE TABLE items (id INTEGER, part VARCHAR, name VARCHAR, \"at\" INTEGER,"
            + " PRIMARY KEY (id, part))");
    items.load(items.spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");

    assertThatThrownBy(
            () -> items.load(items.spec(WriteStrategy.DELETE_INSERT), "2 a x 3", "3 a x 3"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("items is not published: ")
        .hasMessageContaining("(id, part) = (2, a)")
        .hasMessageContaining("replace an interval that holds both, or use the strategy merge");
    assertThat(items.rows()).containsExactly("1a one 1", "2a two 2", "3a three 3");

    items.load(items.spec(WriteStrategy.DELETE_INSERT), "2 a x 2", "3 a x 3");
    assertThat(items.rows()).containsExactly("1a one 1", "2a x 2", "3a x 3");
  }

  @Test
  void anIntervalWithoutAnEndReachesAsFarAsTheTable() throws Exception {
    items.load(items.spec(WriteStrategy.DELETE_INSERT), "1 a one 1", "2 a two 2", "3 a three 3");
    items.load(
        items.spec(WriteStrategy.DELETE_INSERT).withInterval(new LoadSpec.Interval("2", "")),
        "4 a four 2");
    assertThat(items.rows()).containsExactly("1a one 1", "4a four 2");
    items.load(
        items.spec(WriteStrategy.DELETE_INSERT).withInterval(new LoadSpec.Interval("", "1")));
    assertThat(items.rows()).containsExactly("4a four 2");
  }

  /** In a column of dates, of times, and of instants, as MySQL compares them in UTC. */
  @ParameterizedTest
  @EnumSource(
      value = MysqlType.class,
      names = {"DATE", "DATETIME", "TIMESTAMP"})
  void boundsAreMomentsInUtc(MysqlType type) throws Exception {
    TableSchema dated =
        new TableSchema(
            "shop",
            "items",
            List.of(
                ItemLoads.column("id", ColumnType.of(MysqlType.INT), false),
                ItemLoads.column("at", ColumnType.of(type), true)),
            List.of("id"));
    String midnight = type == MysqlType.DATE ? "" : "_00:00:00";
    ItemLoads.load(
        database,
        items.spec(WriteStrategy.DELETE_INSERT),
        dated,
        "1 2024-01-01" + midnight,
        "2 2024-01-02" + midnight,
        "3 2024-01-03" + midnight,
        "4 2024-01-04" + midnight);
    ItemLoads.load(
        database,
        items
            .spec(WriteStrategy.DELETE_INSERT)
            .withInterval(new LoadSpec.Interval("2024-01-01 00:00:01", "2024-01-03")),
        dated,
        "5 2024-01-03" + midnight);

    assertThat(database.query("SELECT id FROM items ORDER BY id")).containsExactly(1, 4, 5);
  }
}
