package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunProgressTest {

  private final String run = UUID.randomUUID().toString();

  @Test
  void whoWatchesSeesWhatIsReportedUnderTheNameOfTheRun() {
    try (RunProgress progress = RunProgress.watch(run)) {
      RunProgress.of(run).read("shop.t", "-80", 3, 30);
      RunProgress.of(run).read("shop.t", "-80", 4, 40);
      RunProgress.of(run).read("shop.u", "", 1, 10);
      RunProgress.of(run).stream().copying("shop.t");

      assertThat(progress.rowsRead()).isEqualTo(8);
      assertThat(progress.bytesRead()).isEqualTo(80);
      assertThat(progress.rowsByShard()).isEqualTo(Map.of("shop.t/-80", 7L, "shop.u", 1L));
      assertThat(progress.stream().snapshot().tables()).containsOnlyKeys("shop.t");
    }
  }

  @Test
  void whatNobodyWatchesIsNotKept() {
    RunProgress.of(run).read("shop.t", "-80", 3, 30);
    assertThat(RunProgress.of(run).rowsRead()).isZero();
  }

  @Test
  void stragglersOfAnEndedRunAddNothing() {
    RunProgress progress = RunProgress.watch(run);
    RunProgress.of(run).read("shop.t", "", 3, 30);
    progress.close();
    RunProgress.of(run).read("shop.t", "", 4, 40);
    assertThat(progress.rowsRead()).isEqualTo(3);
    try (RunProgress next = RunProgress.watch(run)) {
      assertThat(next.rowsRead()).isZero();
    }
  }

  @Test
  void aRunHasOneWatcher() {
    try (RunProgress progress = RunProgress.watch(run)) {
      assertThatThrownBy(() -> RunProgress.watch(run)).isInstanceOf(IllegalStateException.class);
      assertThat(progress.rowsRead()).isZero();
    }
  }
}
