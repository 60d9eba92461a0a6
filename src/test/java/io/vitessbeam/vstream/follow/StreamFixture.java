package io.vitessbeam.vstream.follow;

import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.VEvent;
import io.vitess.proto.Query;
import io.vitess.proto.Query.Field;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.testing.ShardEvents;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** A scripted vtgate and the streams of its keyspace {@code shop}, shard {@code 0}. */
public final class StreamFixture implements AutoCloseable {

  static final ShardEvents SHOP = new ShardEvents("shop", "0");

  /** Tables {@code t} and {@code u} have the same columns. */
  public static final TableSchema T = table("t");

  static final TableSchema U = table("u");

  private static final String SERVER = "MySQL56/3e11fa47-71ca-11e1-9e33-c80aa9429562:1-";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final FakeVtgate vtgate;
  private final List<ShardReader> readers = new ArrayList<>();
  ReaderLimits limits = limits(1 << 10, 4 << 10);
  Duration stall = Duration.ofMinutes(1);
  Duration retryPatience = Duration.ofSeconds(20);

  /** What the shard has executed, for streams without an end. */
  Supplier<GtidSet> executed = () -> GtidSet.parse(gtid(1));

  /** What is in no binary log of the shard any more. */
  Supplier<GtidSet> purged = () -> GtidSet.parse("");

  /** How far the primary is, if it is asked; null if streams don't tell the time. */
  Supplier<ShardGtids.Moment> now;

  /** What a stream that tells the time has waited for, in its order. */
  final BlockingQueue<String> waits = new LinkedBlockingQueue<>();

  private final class Gtids implements ShardGtids {
    @Override
    public GtidSet executed() {
      return executed.get();
    }

    @Override
    public ShardGtids.Moment now() {
      return now.get();
    }

    @Override
    public void close() {}

    @Override
    public GtidSet purged() {
      return purged.get();
    }
  }

  boolean before;

  StreamFixture() throws IOException {
    vtgate = new FakeVtgate();
  }

  static TableSchema table(String name) {
    return new TableSchema(
        "shop",
        name,
        List.of(
            new Column("id", ColumnType.of(MysqlType.BIGINT), false),
            new Column("name", ColumnType.of(MysqlType.VARCHAR, 20), true)),
        List.of("id"));
  }

  static ReaderLimits limits(int blockBytes, long transactionBytes) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    return new ReaderLimits(blockBytes, transactionBytes, 16 << 20, 8 << 20, 1000, 20, 200, folder);
  }

  /** The position behind a number of transactions. */
  public static String gtid(long last) {
    return SERVER + last;
  }

  static Field id() {
    return ShardEvents.column("id", Query.Type.INT64, "bigint");
  }

  static Field name() {
    return ShardEvents.column("name", Query.Type.VARCHAR, "varchar(20)");
  }

  static VEvent fields(String table) {
    return SHOP.fields(table, id(), name());
  }

  /** An ordinary transaction that ends at a position. */
  static List<VEvent> transaction(long number, VEvent... changes) {
    List<VEvent> events = new ArrayList<>();
    events.add(SHOP.begin());
    events.addAll(List.of(changes));
    events.add(SHOP.vgtid(gtid(number)));
    events.add(SHOP.commit());
    return events;
  }

  /** A stream of tables from a position; until 0 for never. */
  ShardStream stream(StreamPosition from, long until, TableSchema... tables) {
    return stream(
        from,
        until == 0 ? "" : gtid(until),
        List.of(tables).stream().map(table -> new ShardStream.Table(table, "")).toList());
  }

  ShardStream stream(StreamPosition from, String until, List<ShardStream.Table> tables) {
    return new ShardStream("shop", "0", 1, 77, 0, 1, from, until, tables, before, stall);
  }

  ShardReader open(ShardStream stream) {
    return open(stream, stream.from());
  }

  ShardReader open(ShardStream stream, StreamPosition from) {
    VitessCdcUri source = VitessCdcUri.parse(vtgate.uriText("shop"));
    ShardReader reader =
        new ShardReader(
            source,
            stream,
            from,
            retryPatience,
            limits,
            shard -> new Gtids(),
            now == null ? null : (shard, reason) -> waits.add(shard + ": " + reason));
    readers.add(reader);
    return reader;
  }

  /** The items of a bounded stream, the last of which has its end. */
  List<ShardReader.Item> read(ShardStream stream) throws InterruptedException {
    return read(open(stream));
  }

  static List<ShardReader.Item> read(ShardReader reader) throws InterruptedException {
    List<ShardReader.Item> items = new ArrayList<>();
    while (items.isEmpty() || items.get(items.size() - 1).end() == null) {
      items.add(next(reader));
    }
    return items;
  }

  static ShardReader.Item next(ShardReader reader) throws InterruptedException {
    ShardReader.Item item = reader.poll(PATIENCE);
    assertThat(item).as("an item in time").isNotNull();
    return item;
  }

  /** What a bounded stream gives, see {@link #rows(List)}. */
  List<String> rows(ShardStream stream) throws InterruptedException {
    return rows(read(stream));
  }

  /** {@code t INSERT 1,a 5.1}: NULL is {@code -}, an absent value {@code ?}; rank and number. */
  static List<String> rows(List<ShardReader.Item> items) {
    List<String> rows = new ArrayList<>();
    items.forEach(item -> item.blocks().forEach(block -> addRows(block, rows)));
    return rows;
  }

  static List<String> rows(ShardReader.Item item) {
    return rows(List.of(item));
  }

  static void addRows(Block block, List<String> rows) {
    BlockReader reader = new BlockReader(block);
    for (int row = 0; reader.nextRow(); row++) {
      StringJoiner values = new StringJoiner(",");
      for (int column = 0; column < block.schema().columns().size(); column++) {
        byte[] value = reader.value(column);
        boolean absent = block.marks().isAbsent(row, column);
        String text = value == null ? "-" : new String(value, StandardCharsets.UTF_8);
        values.add(absent ? "?" : text);
      }
      rows.add(
          "%s %s %s %d.%d"
              .formatted(
                  block.schema().table(),
                  block.marks().kind(row),
                  values,
                  block.marks().rank(row),
                  block.marks().number(row)));
    }
  }

  static ShardReader.Item last(List<ShardReader.Item> items) {
    return items.get(items.size() - 1);
  }

  @Override
  public void close() {
    readers.forEach(ShardReader::close);
    vtgate.close();
  }
}
