package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestCluster.PASSWORD;
import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.testing.ChildJvm;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.write.mysql.StagingProcess.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The workers of a runner's cluster stage a run together, each some ranges of it. */
class SeveralProcessesIT {

  private static final TestCluster CLUSTER = TestCluster.shared();

  private final Target target = new Target(CLUSTER);
  private final String run = UUID.randomUUID().toString();

  @ParameterizedTest
  @EnumSource(names = {"REPLACE", "MERGE", "APPEND"})
  void anotherOneStagesAgainWhatAKilledOneWasStaging(WriteStrategy strategy) throws Exception {
    List<String> known = Source.items().items(0, StagingProcess.KNOWN, "old").texts();
    target.load(WriteStrategy.REPLACE, Source.items().items(0, StagingProcess.KNOWN, "old"));
    try (ChildJvm dying = start(strategy, Part.DYING);
        ChildJvm living = start(strategy, Part.LIVING)) {
      dying.awaitLine(StagingProcess.STANDING);
      String receipts = living.awaitLine(StagingProcess.STAGED);
      dying.kill();
      try (ChildJvm last = start(strategy, Part.LAST, receipts)) {
        assertThat(last.exitCode()).isZero();
      }
    }

    List<String> loaded = StagingProcess.source(strategy).texts();
    int kept = strategy == WriteStrategy.REPLACE ? 0 : known.size();
    if (strategy == WriteStrategy.MERGE) {
      kept -= StagingProcess.KNOWN / 2;
    }
    assertThat(target.query("SELECT CONCAT_WS('|', id, name, changed) FROM $t ORDER BY id"))
        .isEqualTo(Stream.concat(known.stream().limit(kept), loaded.stream()).toList());
    assertThat(target.leftovers(target.id(strategy, spec -> spec.withRunId(run)))).isEmpty();
  }

  private ChildJvm start(WriteStrategy strategy, Part part, String... receipts) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(CLUSTER.uriText(SHOP, PASSWORD));
    arguments.add(target.name());
    arguments.add(strategy.name());
    arguments.add(run);
    arguments.add(part.name());
    arguments.addAll(Arrays.asList(receipts));
    return ChildJvm.start(StagingProcess.class, arguments.toArray(String[]::new));
  }
}
