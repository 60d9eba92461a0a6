package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Random histories, copied and followed in random runs: after each run the rows that are live are
 * those of the source, and every row that was there once is marked as deleted.
 */
class SyncModelTest {

  private static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(
              new Column("id", ColumnType.of(MysqlType.INT), false),
              new Column("a", ColumnType.of(MysqlType.INT), true),
              new Column("b", ColumnType.of(MysqlType.VARCHAR, 10), true)),
          List.of("id"));

  private static final String LIVE =
      "SELECT id || ',' || a || ',' || coalesce(b, 'null') FROM t WHERE NOT _cdc_deleted ORDER BY"
          + " 1";

  private Path directory;
  private DatabaseFile database;
  private Random random;
  private ShopHistory history;
  private List<String> shards;
  private Connection keptOpen;
  private int runs;
  private final TreeSet<Object> known = new TreeSet<>();

  @BeforeTry
  void newFile() throws Exception {
    removeFile();
    directory = Files.createTempDirectory("model");
    database = new DatabaseFile(directory);
    // Opening and closing a file takes longer than all that is done in it.
    keptOpen = database.connect();
    runs = 0;
    known.clear();
  }

  @AfterProperty
  void removeFile() throws Exception {
    if (directory != null) {
      keptOpen.close();
      Files.deleteIfExists(database.path());
      Files.delete(directory);
      directory = null;
    }
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void oneShard(@ForAll long seed) throws Exception {
    follow(seed, List.of("0"), false);
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void oneShardWithPartialImages(@ForAll long seed) throws Exception {
    follow(seed, List.of("0"), true);
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void twoShards(@ForAll long seed) throws Exception {
    follow(seed, List.of("-80", "80-"), false);
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void threeShardsWithPartialImages(@ForAll long seed) throws Exception {
    follow(seed, List.of("-40", "40-80", "80-"), true);
  }

  private void follow(long seed, List<String> names, boolean partial) throws Exception {
    random = new Random(seed);
    shards = names;
    history = new ShopHistory(random, names, partial, 20 + random.nextInt(100));
    int from = history.moment(0);
    int until = history.moment(from);
    copy(Action.COPY, from, until);
    while (until < history.length()) {
      // Now and then the position is lost, and changes come again.
      from = random.nextInt(3) == 0 ? history.moment(0) : until;
      from = Math.min(from, until);
      until = history.moment(until);
      if (random.nextInt(6) == 0) {
        int begin = until;
        until = history.moment(begin);
        copy(Action.COPY_AGAIN, begin, until);
      } else {
        follow(from, until);
      }
    }
  }

  /** Every row is read at a moment of its own, in the order in which shards and keys are read. */
  private void copy(Action action, int from, int until) throws Exception {
    TestRun run = newRun().plan(TABLE, action, history.position(from));
    boolean streamed = random.nextInt(3) == 0;
    for (String shard : shards) {
      for (int part = 0; part < 3; part++) {
        int moment = from + random.nextInt(until - from + 1);
        for (List<String> row : history.rows(shard, moment)) {
          if (Math.floorMod(row.get(0).hashCode(), 3) == part) {
            String[] values = row.toArray(String[]::new);
            known.add(Integer.valueOf(values[0]));
            if (streamed) {
              long position = history.position(moment)[shards.indexOf(shard)];
              run.copiedByStream("t", shard, RowKind.COPY, position, values);
            } else {
              run.copied("t", shard, values);
            }
          }
        }
      }
    }
    history.give(run, "t", from, until);
    check(run, until);
  }

  private void follow(int from, int until) throws Exception {
    TestRun run = newRun().plan(TABLE, Action.FOLLOW, history.position(from));
    history.give(run, "t", from, until);
    check(run, until);
    List<Object> rows = database.query("SELECT * FROM t ORDER BY id");

    TestRun again = newRun().plan(TABLE, Action.FOLLOW, history.position(from));
    history.give(again, "t", from, until);
    check(again, until);
    assertThat(database.query("SELECT * FROM t ORDER BY id")).isEqualTo(rows);
  }

  private TestRun newRun() {
    return new TestRun(database.path(), "run " + runs++, shards.toArray(String[]::new))
        .rowsPerBlock(1 + random.nextInt(5));
  }

  private void check(TestRun run, int until) throws Exception {
    run.run();
    List<Object> live = new ArrayList<>(database.query(LIVE));
    live.sort((one, other) -> one.toString().compareTo(other.toString()));
    assertThat(live).isEqualTo(history.all(until));
    List<Object> keys = database.query("SELECT id FROM t ORDER BY id");
    assertThat(keys).doesNotHaveDuplicates().containsAll(known);
    known.addAll(new TreeSet<>(keys));
    assertThat(run.lookUp().get(0).position()).isEqualTo(run.at(history.position(until)));
  }
}
