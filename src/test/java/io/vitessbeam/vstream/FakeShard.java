package io.vitessbeam.vstream;

import binlogdata.Binlogdata.VEvent;
import io.vitess.proto.Query;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.testing.ShardEvents;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A shard of a {@link FakeVtgate} with a log of transactions, each of which inserts its number and
 * a text into table {@code t}, and which can be streamed from any position. The first position is
 * 1; transaction n is in the set 1-n, and was committed n seconds into 2024.
 */
final class FakeShard {

  static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(
              new Column("id", ColumnType.of(MysqlType.BIGINT), false),
              new Column("text", ColumnType.of(MysqlType.MEDIUMTEXT), true)),
          List.of("id"));

  static final long YEAR = 1_704_067_200;

  /** How often a stream may be opened at the same position. */
  private static final int OPENINGS = 20;

  /** A row of its makes a block of its own. */
  private static final String LARGE = "x".repeat(520 << 10);

  private final FakeVtgate vtgate;
  private final String name;
  private final String server;

  FakeShard(FakeVtgate vtgate, int number) {
    this.vtgate = vtgate;
    this.name = String.valueOf(number);
    this.server = "3e11fa47-71ca-11e1-9e33-c80aa94295%02d".formatted(number);
  }

  String gtid(int last) {
    return "MySQL56/" + server + ":1-" + last;
  }

  /** The vtgate of shards. */
  static VitessCdcUri source(FakeVtgate vtgate) {
    return VitessCdcUri.parse(vtgate.uriText("shop"));
  }

  /** The stream of this shard. */
  ShardStream stream(int index, int count, int from, int until) {
    return new ShardStream(
        "shop",
        name,
        1,
        77,
        index,
        count,
        StreamPosition.at(gtid(from)),
        until == 0 ? "" : gtid(until),
        List.of(new ShardStream.Table(TABLE, "")),
        true,
        Duration.ofMinutes(1));
  }

  /** Serves transactions from wherever they are asked for, each with a block of its own. */
  FakeShard serve(int last) {
    return serve(last, LARGE);
  }

  FakeShard serve(int last, String text) {
    List<FakeStep> steps = new ArrayList<>();
    for (int n = 2; n <= last; n++) {
      steps.add(FakeStep.send(transaction(n, text)));
    }
    for (int from = 1; from <= last; from++) {
      FakeStep[] left = steps.subList(from - 1, steps.size()).toArray(FakeStep[]::new);
      for (int i = 0; i < OPENINGS; i++) {
        next(from, left);
      }
    }
    return this;
  }

  /** The same to one stream from the begin, without keeping them. */
  FakeShard serveOnce(int last) {
    vtgate.next(
        isFor(1),
        new AbstractList<>() {
          @Override
          public FakeStep get(int index) {
            return FakeStep.send(transaction(index + 2, LARGE));
          }

          @Override
          public int size() {
            return last - 1;
          }
        });
    return this;
  }

  /** What a stream from a position gets. */
  FakeShard next(int from, FakeStep... steps) {
    vtgate.next(isFor(from), steps);
    return this;
  }

  private Predicate<VStreamRequest> isFor(int from) {
    return request ->
        request.getVgtid().getShardGtids(0).getShard().equals(name)
            && request.getVgtid().getShardGtids(0).getGtid().equals(gtid(from));
  }

  List<VEvent> transaction(int n, String text) {
    return transaction(n, YEAR + n, text);
  }

  List<VEvent> transaction(int n, long seconds, String text) {
    ShardEvents events = events(seconds);
    return List.of(
        events.begin(),
        events.fields(
            "t",
            ShardEvents.column("id", Query.Type.INT64, "bigint"),
            ShardEvents.column("text", Query.Type.TEXT, "mediumtext")),
        events.insert("t", n, text),
        events.vgtid(gtid(n)),
        events.commit());
  }

  ShardEvents events(long seconds) {
    return new ShardEvents("shop", name, seconds);
  }

  /** The numbers of the transactions whose rows blocks hold. */
  static List<Long> numbers(List<Block> blocks) {
    List<Long> numbers = new ArrayList<>();
    for (Block block : blocks) {
      BlockReader reader = new BlockReader(block);
      while (reader.nextRow()) {
        numbers.add(Long.parseLong(new String(reader.value(0), StandardCharsets.UTF_8)));
      }
    }
    return numbers;
  }
}
