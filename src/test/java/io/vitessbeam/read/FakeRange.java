package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A range that needs no server: its blocks have one row each, with the number of the block and some
 * hundred kilobytes.
 *
 * @param name unique to the test
 * @param blocks how many, without the closing one
 * @param silentAt the block for which the source takes until {@link #speak}; -1 for none
 */
record FakeRange(String name, int blocks, int count, boolean resumable, int silentAt)
    implements ReadPart {

  private static final TableSchema SCHEMA =
      new TableSchema(
          "shop",
          "t",
          List.of(
              new Column("id", ColumnType.of(MysqlType.BIGINT), false),
              new Column("text", ColumnType.of(MysqlType.MEDIUMTEXT), false)),
          List.of("id"));

  private static final byte[] TEXT = new byte[300 << 10];

  private static final Map<String, AtomicInteger> OPEN = new ConcurrentHashMap<>();
  private static final Map<String, CountDownLatch> SPEAKS = new ConcurrentHashMap<>();

  /** The numbers of the rows of blocks. */
  static List<Long> numbers(List<Block> blocks) {
    List<Long> numbers = new ArrayList<>();
    for (Block block : blocks) {
      BlockReader reader = new BlockReader(block);
      while (reader.nextRow()) {
        numbers.add(Long.valueOf(new String(reader.value(0), StandardCharsets.UTF_8)));
      }
    }
    return numbers;
  }

  /** How many of its readers hold something. */
  int open() {
    return counter().get();
  }

  private AtomicInteger counter() {
    return OPEN.computeIfAbsent(name, any -> new AtomicInteger());
  }

  /** The source gives the block for which it took long. */
  void speak() {
    silence().countDown();
  }

  private CountDownLatch silence() {
    return SPEAKS.computeIfAbsent(name, any -> new CountDownLatch(1));
  }

  @Override
  public PlannedRead request() {
    FakeRange range = this;
    return new PlannedRead() {
      private static final long serialVersionUID = 1L;

      @Override
      public TableSchema schema() {
        return SCHEMA;
      }

      @Override
      public List<FakeRange> plan() {
        return List.of(range);
      }

      @Override
      public String name() {
        return range.name;
      }
    };
  }

  @Override
  public long plan() {
    return 1;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public String shard() {
    return "0";
  }

  @Override
  public long estimatedRows() {
    return blocks;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public BlockCursor open(RangePosition from, Retry retry) {
    return new Cursor(from);
  }

  private final class Cursor implements BlockCursor {

    private final BlockBuilder builder = new BlockBuilder(SCHEMA, TEXT.length + 100);
    private RangePosition position;
    private boolean open;

    Cursor(RangePosition from) {
      this.position = from;
    }

    @Override
    public RangePosition position() {
      return position;
    }

    @Override
    public Block next() throws InterruptedException {
      if (position.done()) {
        return null;
      }
      if (!open) {
        open = true;
        counter().incrementAndGet();
      }
      if (position.blocks() == silentAt && !silence().await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the test forgot to end the silence");
      }
      if (position.blocks() == blocks) {
        Block closing = Block.closing(SCHEMA, origin(position.rows()));
        position = position.finished();
        return closing;
      }
      byte[] id = String.valueOf(position.blocks()).getBytes(StandardCharsets.UTF_8);
      builder.startRow();
      builder.addValue(id, 0, id.length);
      builder.addValue(TEXT, 0, TEXT.length);
      Origin origin = origin(-1);
      position = position.after(1, KeyBound.NONE);
      return builder.build(origin);
    }

    private Origin origin(long rangeRows) {
      return new Origin(1, 0, count, position.blocks(), rangeRows, "0");
    }

    @Override
    public void interrupt() {}

    @Override
    public void close() {
      if (open) {
        open = false;
        counter().decrementAndGet();
      }
    }
  }
}
