package io.vitessbeam.vstream.json;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Makes JSON of blocks of changes: each with the key of its row.
 *
 * <p>A change has the time of its commit as timestamp, or that of its block where it is later: a
 * block is never earlier than the watermark, and neither are its changes.
 */
public final class ChangeJsonFn extends DoFn<Block, KV<String, String>> {

  private static final long serialVersionUID = 1L;

  private static final String NOTHING = "null";

  /** By table; a table that gets columns has another one from then on. */
  private transient Map<TableSchema, ChangeJson> writers;

  @Setup
  public void setUp() {
    writers = new HashMap<>();
  }

  @ProcessElement
  public void process(
      @Element Block block, @Timestamp Instant least, OutputReceiver<KV<String, String>> output) {
    ChangeJson json = writers.computeIfAbsent(block.schema(), ChangeJson::new);
    BlockReader reader = new BlockReader(block);
    long now = System.currentTimeMillis();
    String before = NOTHING;
    for (int row = 0; reader.nextRow(); row++) {
      RowKind kind = block.marks().kind(row);
      String image = kind == RowKind.TRUNCATE ? NOTHING : json.row(reader, block.marks(), row);
      if (kind == RowKind.BEFORE) {
        before = image;
        continue;
      }
      String change =
          kind == RowKind.DELETE
              ? json.change(block, row, image, NOTHING, now)
              : json.change(block, row, before, image, now);
      before = NOTHING;
      String key = kind == RowKind.TRUNCATE ? NOTHING : json.key(reader);
      output.outputWithTimestamp(KV.of(key, change), timestamp(block, row, least));
    }
  }

  private static Instant timestamp(Block block, int row, Instant least) {
    Instant commit = Instant.ofEpochSecond(block.marks().commitSeconds(row));
    return commit.isAfter(least) ? commit : least;
  }
}
