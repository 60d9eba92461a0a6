package io.vitessbeam.write.mysql;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The main program of a child JVM that stages some ranges of a run, as one of several workers does.
 * Its arguments: the keyspace's URI, the table, the strategy, the run, its part, and for the last
 * part the receipts of the others.
 */
final class StagingProcess {

  static final int KNOWN = 2000;
  static final int ROWS = 4000;
  private static final int RANGES = 4;
  private static final int ROWS_OF_BLOCK = 100;

  /** The closing block counts too. */
  private static final int BLOCKS_OF_RANGE = ROWS / RANGES / ROWS_OF_BLOCK + 1;

  /** What it prints when it stands still. */
  static final String STANDING = "standing still";

  /** What it prints before its receipts. */
  static final String STAGED = "staged ";

  /** Which process of the run it is. */
  enum Part {
    /** Stages the first ranges, and stands still before it commits a block in the middle. */
    DYING(0, 2),
    /** Stages the last ranges. */
    LIVING(2, 4),
    /** Stages the first ranges, and publishes. */
    LAST(0, 2);

    private final int first;
    private final int end;

    Part(int first, int end) {
      this.first = first;
      this.end = end;
    }

    private boolean has(Block block) {
      return block.origin().range() >= first && block.origin().range() < end;
    }
  }

  private StagingProcess() {}

  /** The rows that are loaded, half of which may be in the table. */
  static Source source(WriteStrategy strategy) {
    int from = strategy == WriteStrategy.APPEND ? KNOWN : KNOWN / 2;
    return Source.items().items(from, from + ROWS, "new").in(RANGES, ROWS_OF_BLOCK);
  }

  public static void main(String[] args) throws Exception {
    WriteStrategy strategy = WriteStrategy.valueOf(args[2]);
    LoadSpec spec =
        LoadSpec.of(args[3]).withTable(new TargetTable("", args[1])).withStrategy(strategy);
    Part part = Part.valueOf(args[4]);
    List<Block> blocks = source(strategy).blocks().stream().filter(part::has).toList();
    Loader loader = MysqlDestination.vitess(VitessUri.parse(args[0])).loader(spec);
    if (part == Part.DYING) {
      stageAndStandStill(loader, blocks);
    }
    List<StagedRange> receipts = stage(loader, blocks);
    System.out.println(STAGED + text(receipts));
    if (part == Part.LAST) {
      receipts.addAll(receipts(args[5]));
      loader.publish(receipts);
    }
    loader.release();
  }

  private static List<StagedRange> stage(Loader loader, List<Block> blocks) {
    List<StagedRange> receipts = new ArrayList<>();
    blocks.forEach(block -> loader.stage(block).ifPresent(receipts::add));
    return receipts;
  }

  /** Until it is killed: all of its first range is committed, and half of the next one. */
  private static void stageAndStandStill(Loader loader, List<Block> blocks) {
    AtomicInteger commits = new AtomicInteger();
    try (SqlLog log = new SqlLog(sql -> standStillBeforeTheLast(sql, commits))) {
      stage(loader, blocks);
      throw new IllegalStateException("did not stand still: " + log.statements());
    }
  }

  private static void standStillBeforeTheLast(String sql, AtomicInteger commits) {
    if (sql.equals("COMMIT") && commits.incrementAndGet() == BLOCKS_OF_RANGE * 3 / 2) {
      System.out.println(STANDING);
      try {
        Thread.currentThread().join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** {@code RANGE:ROWS} of each. */
  private static String text(List<StagedRange> receipts) {
    return receipts.stream()
        .map(receipt -> receipt.range() + ":" + receipt.rows())
        .collect(Collectors.joining(","));
  }

  private static List<StagedRange> receipts(String text) {
    return Arrays.stream(text.split(","))
        .map(receipt -> receipt.split(":"))
        .map(of -> new StagedRange(Integer.parseInt(of[0]), RANGES, Long.parseLong(of[1])))
        .toList();
  }
}
