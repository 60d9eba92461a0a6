package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.staging.BufferedBlocks;
import io.vitessbeam.write.duckdb.staging.RangeLoad;
import io.vitessbeam.write.load.LoadId;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BufferedBlocksTest {

  @TempDir private Path directory;

  @Test
  void theLargestRangeIsFlushedWhenTooMuchWaits() {
    DatabaseFile database = new DatabaseFile(directory);
    LoadId<DuckDbUri> id = database.id("run", "t");
    DuckDbFile file = DuckDbFile.open(id.place().path(), Set.of());
    DuckDbStagingArea area = new DuckDbStagingArea(file, id);
    area.prepare(Rows.ITEMS, 5, 2);
    Block small = Rows.items(new Origin(5, 0, 2, 0, -1, "0"), 0, 10);
    Block large = Rows.items(new Origin(5, 1, 2, 0, -1, "0"), 0, 1000);
    BufferedBlocks buffered = new BufferedBlocks(large.length());
    RangeLoad first = range(0, area, buffered);
    RangeLoad second = range(1, area, buffered);

    second.add(large);
    buffered.enforce();
    assertThat(second.pendingBytes()).isEqualTo(large.length());

    first.add(small);
    buffered.enforce();
    assertThat(second.pendingBytes()).isZero();
    assertThat(first.pendingBytes()).isEqualTo(small.length());

    first.rollback();
    second.rollback();
    area.close();
    file.close();
  }

  private static RangeLoad range(int index, DuckDbStagingArea area, BufferedBlocks buffered) {
    return new RangeLoad(
        "range " + index, area.file(), area.tables().range(index, Rows.ITEMS), buffered);
  }
}
