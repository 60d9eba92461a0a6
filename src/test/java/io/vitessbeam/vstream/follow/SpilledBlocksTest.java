package io.vitessbeam.vstream.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.vstream.decode.ChangeBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledBlocksTest {

  private static final Origin ORIGIN = new Origin(1, 0, 1, 0, -1, "0");

  @TempDir private Path folder;

  private static Block block(int rows, int absent) {
    ChangeBuilder builder = new ChangeBuilder(StreamFixture.T, 16);
    for (int row = 0; row < rows; row++) {
      builder.startRow(RowKind.UPDATE);
      builder.values().addNull();
      builder.values().addValue(new byte[100], 0, 100);
      if (row == absent) {
        builder.markAbsent(1);
      }
    }
    return builder.buildOpen(ORIGIN);
  }

  @Test
  void allComeBackInTheirOrder() {
    List<Block> blocks = new ArrayList<>();
    try (SpilledBlocks spilled = new SpilledBlocks(5_000, folder)) {
      for (int i = 1; i <= 40; i++) {
        Block block = block(i, i - 2);
        blocks.add(block);
        spilled.add(block);
        assertThat(spilled.keptBytes()).isLessThanOrEqualTo(5_000);
      }
      assertThat(spilled.keptBytes()).isPositive();
      assertThat(spilled.size()).isEqualTo(40);

      for (int i = 0; i < 40; i++) {
        assertThat(spilled.next()).isEqualTo(blocks.get(i));
        assertThat(spilled.size()).isEqualTo(39 - i);
      }
    }
  }

  /** A small block behind a large one would come too early. */
  @Test
  void nothingStaysInMemoryBehindWhatDoesNot() {
    Block large = block(100, -1);
    Block small = block(1, -1);
    try (SpilledBlocks spilled = new SpilledBlocks(large.size() - 1, folder)) {
      spilled.add(large);
      spilled.add(small);

      assertThat(spilled.keptBytes()).isZero();
      assertThat(spilled.next()).isEqualTo(large);
      assertThat(spilled.next()).isEqualTo(small);
    }
  }

  /** Rows of a byte have marks of seventeen. */
  @Test
  void marksCount() {
    ChangeBuilder builder = new ChangeBuilder(StreamFixture.T, 16);
    builder.startRow(RowKind.DELETE);
    builder.values().addNull();
    builder.values().addNull();

    assertThat(builder.buildOpen(ORIGIN).size()).isEqualTo(2 + 17);
  }

  @Test
  void whatHasNoRoomFailsWithWhatToDo() {
    try (SpilledBlocks spilled = new SpilledBlocks(0, folder.resolve("missing"))) {
      assertThatThrownBy(() -> spilled.add(block(1, -1)))
          .isInstanceOf(TransientException.class)
          .hasMessageContaining("temporary file in " + folder)
          .hasMessageContaining("java.io.tmpdir");
    }
  }
}
