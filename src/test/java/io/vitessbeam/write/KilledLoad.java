package io.vitessbeam.write;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.SentStatements;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.mysql.MysqlDestination;
import io.vitessbeam.write.postgresql.PostgresqlDestination;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A load of items, and the main program of a child JVM that stands still in the middle of one. Its
 * arguments: the destination's URI, the table, the strategy, and the statement before which it
 * stands still, as {@code N:BEGINNING} of those of the publication; empty to do so in the middle of
 * staging.
 */
final class KilledLoad {

  /** What it prints when it stands still. */
  static final String STANDING = "standing still";

  /** More than a transaction takes. */
  static final int ROWS = 4_000;

  private static final int ROWS_OF_BLOCK = 400;

  private static final TableSchema ITEMS =
      new TableSchema(
          "source",
          "items",
          List.of(
              new Column("id", ColumnType.of(MysqlType.BIGINT), false),
              new Column("name", ColumnType.of(MysqlType.VARCHAR, 50), true)),
          List.of("id"));

  private KilledLoad() {}

  static Destination destination(String uri) {
    if (uri.startsWith("vitess://")) {
      return MysqlDestination.vitess(VitessUri.parse(uri));
    }
    if (uri.startsWith("mysql://")) {
      return MysqlDestination.mysql(MysqlUri.parse(uri));
    }
    return uri.startsWith("postgresql://")
        ? new PostgresqlDestination(PostgresqlUri.parse(uri))
        : new DuckDbDestination(new DuckDbUri(uri));
  }

  /** A run of its own. */
  static LoadSpec spec(String table, WriteStrategy strategy) {
    return LoadSpec.of(UUID.randomUUID().toString())
        .withTable(TargetTable.parse(table))
        .withStrategy(strategy)
        .withPrimaryKey(strategy == WriteStrategy.MERGE ? List.of("id") : List.of());
  }

  /** Loads all rows. */
  static void load(String uri, LoadSpec spec) {
    Loader loader = destination(uri).loader(spec);
    try {
      loader.publish(stage(loader, blocks()));
    } finally {
      loader.release();
    }
  }

  private static List<StagedRange> stage(Loader loader, List<Block> blocks) {
    List<StagedRange> receipts = new ArrayList<>();
    blocks.forEach(block -> loader.stage(block).ifPresent(receipts::add));
    return receipts;
  }

  private static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < ROWS; from += ROWS_OF_BLOCK) {
      BlockBuilder builder = new BlockBuilder(ITEMS, 1024);
      for (int id = from; id < from + ROWS_OF_BLOCK; id++) {
        builder.startRow();
        for (String value : List.of(Integer.toString(id), "item " + id)) {
          byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
          builder.addValue(bytes, 0, bytes.length);
        }
      }
      blocks.add(builder.build(new Origin(5, 0, 1, blocks.size(), -1, "")));
    }
    blocks.add(Block.closing(ITEMS, new Origin(5, 0, 1, blocks.size(), ROWS, "")));
    return blocks;
  }

  public static void main(String[] args) throws Exception {
    Loader loader = destination(args[0]).loader(spec(args[1], WriteStrategy.valueOf(args[2])));
    List<Block> blocks = blocks();
    if (args[3].isEmpty()) {
      stage(loader, blocks.subList(0, blocks.size() / 2));
      standStill();
    }
    List<StagedRange> receipts = stage(loader, blocks);
    int number = Integer.parseInt(args[3].substring(0, args[3].indexOf(':')));
    String beginning = args[3].substring(args[3].indexOf(':') + 1);
    AtomicInteger seen = new AtomicInteger();
    List<SentStatements> heard =
        List.of(
            SentStatements.toServers(sql -> see(sql, beginning, seen, number)),
            SentStatements.of(DuckDbSql.class, sql -> see(sql, beginning, seen, number)));
    loader.publish(receipts);
    heard.forEach(SentStatements::close);
    throw new IllegalStateException("did not stand still: " + seen);
  }

  private static void see(String sql, String beginning, AtomicInteger seen, int number) {
    if (sql.startsWith(beginning) && seen.incrementAndGet() == number) {
      standStill();
    }
  }

  private static void standStill() {
    System.out.println(STANDING);
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
