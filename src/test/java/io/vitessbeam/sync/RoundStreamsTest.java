package io.vitessbeam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The streams of a round: one per shard, from the oldest position to the boundary. */
class RoundStreamsTest {

  private static final String A = "aaaaaaaa-2222-3333-4444-555555555555";
  private static final String B = "bbbbbbbb-2222-3333-4444-555555555555";
  private static final List<String> SHARDS = List.of("-80", "80-");
  private static final SyncOptions OPTIONS =
      SyncOptions.of(VitessCdcUri.of(VitessUri.parse("vitess://host:1/ks"), "host", 2));

  private static final TablePlan OLD = table("old", Action.FOLLOW, ":1-50", ":1-9");
  private static final TablePlan NEW = table("new", Action.COPY, ":1-70", ":1-5");
  private static final Vgtid BOUNDARY = at(":1-80", ":1-9");

  @Test
  void oneStreamPerShardFromTheOldestPositionOn() {
    List<ShardStream> streams = streams(OLD, NEW).follow(BOUNDARY);

    assertThat(streams).extracting(ShardStream::shard).isEqualTo(SHARDS);
    assertThat(streams).extracting(ShardStream::index).containsExactly(0, 1);
    assertThat(streams).extracting(ShardStream::count).containsOnly(2);
    assertThat(streams)
        .extracting(stream -> stream.from().gtid())
        .containsExactly("MySQL56/" + A + ":1-50", "MySQL56/" + B + ":1-5");
    assertThat(streams)
        .extracting(ShardStream::until)
        .containsExactly("MySQL56/" + A + ":1-80", "MySQL56/" + B + ":1-9");
    assertThat(streams.get(0).tables())
        .extracting(ShardStream.Table::after)
        .containsExactly("MySQL56/" + A + ":1-50", "MySQL56/" + A + ":1-70");
    assertThat(streams.get(1).tables())
        .extracting(table -> table.schema().table())
        .containsExactly("old", "new");
  }

  @Test
  void aPlanWithoutTablesHasNoStreams() {
    assertThat(streams().follow(BOUNDARY)).isEmpty();
    assertThat(streams().copy()).isEmpty();
  }

  @Test
  void onlyTheSameStreamsHaveTheSameFingerprint() {
    long plan = streams(OLD, NEW).follow(BOUNDARY).get(0).plan();

    assertThat(streams(OLD, NEW).follow(BOUNDARY).get(0).plan()).isEqualTo(plan);
    assertThat(streams(OLD).follow(BOUNDARY).get(0).plan()).isNotEqualTo(plan);
    assertThat(streams(OLD, NEW).follow(at(":1-81", ":1-9")).get(0).plan()).isNotEqualTo(plan);
  }

  @Test
  void otherShardsAreATransientFailure() {
    assertThatThrownBy(
            () ->
                streams(OLD)
                    .follow(new Vgtid("ks", List.of(new ShardGtid("-", "MySQL56/" + A + ":1")))))
        .isInstanceOf(TransientException.class)
        .hasMessage("Keyspace ks was resharded during the run, from -80, 80- to -: run again");
  }

  @Test
  void transactionsThatAreGoneAreATransientFailure() {
    assertThatThrownBy(() -> streams(OLD).follow(at(":1-49", ":1-9")))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("Shard ks/-80 lost transactions during the run");
  }

  @Test
  void aCopyEndsWhereItsTableIsFollowedFrom() {
    List<ShardStream> streams = streams(OLD, NEW).copy();

    assertThat(streams).extracting(ShardStream::shard).isEqualTo(SHARDS);
    assertThat(streams).extracting(ShardStream::index).containsExactly(0, 1);
    assertThat(streams).allMatch(stream -> stream.from().equals(StreamPosition.copy()));
    assertThat(streams)
        .extracting(ShardStream::until)
        .containsExactly("MySQL56/" + A + ":1-70", "MySQL56/" + B + ":1-5");
    assertThat(streams)
        .allMatch(stream -> stream.tables().get(0).equals(new ShardStream.Table(NEW.schema(), "")));
  }

  @Test
  void aTableWhoseCopyBrokeIsBrokenAsAWhole() {
    StreamEnd followed = new StreamEnd(1, 0, 2, "-80", "g", 7, Map.of("a", "altered"));
    StreamEnd copied = new StreamEnd(1, 1, 2, "80-", "h", 9, Map.of("a", "x", "b", "dropped"));

    assertThat(BrokenCopiesFn.with(followed, List.of(copied)))
        .isEqualTo(new StreamEnd(1, 0, 2, "-80", "g", 7, Map.of("a", "altered", "b", "dropped")));
  }

  private static RoundStreams streams(TablePlan... tables) {
    return new RoundStreams(OPTIONS, new SyncPlan(1, SHARDS, List.of(tables)));
  }

  private static TablePlan table(String name, Action action, String a, String b) {
    TableSchema schema =
        new TableSchema(
            "ks",
            name,
            List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
            List.of("id"));
    return new TablePlan(schema, "", action, "", at(a, b), 0);
  }

  private static Vgtid at(String a, String b) {
    return new Vgtid(
        "ks",
        List.of(
            new ShardGtid("-80", "MySQL56/" + A + a), new ShardGtid("80-", "MySQL56/" + B + b)));
  }
}
