package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.EpochEndException;
import io.vitessbeam.TransientException;
import io.vitessbeam.pipelines.report.Submitted;
import io.vitessbeam.pipelines.report.Summary;
import io.vitessbeam.progress.StreamStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** When a run without an end begins again, and when it fails. */
class EpochsTest {

  private static final Summary DONE =
      new Submitted("shop.orders", "job", "http://localhost:8081", true);

  private final StreamStatus status = new StreamStatus();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** What was held in each epoch. */
  private final List<Map<String, String>> asked = new ArrayList<>();

  private Summary run(List<Supplier<Summary>> epochs) {
    Queue<Supplier<Summary>> left = new ArrayDeque<>(epochs);
    PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Epochs(
            held -> {
              asked.add(Map.copyOf(held));
              return left.remove().get();
            },
            () -> true,
            status,
            printed)
        .run();
  }

  private static Supplier<Summary> failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private static RuntimeException wrapped(RuntimeException failure) {
    return new IllegalStateException("as runners do", failure);
  }

  @Test
  void aNewPlanBeginsANewEpoch() {
    Summary summary =
        run(List.of(failing(wrapped(new EpochEndException("a table is new"))), () -> DONE));

    assertThat(summary).isSameAs(DONE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("ingest: beginning again in 1 s: a table is new%n".formatted());
    assertThat(status.snapshot().recentEpochs())
        .extracting(epoch -> epoch.reason())
        .containsExactly("the run began", "a table is new");
  }

  @Test
  void aServerThatIsAwayIsWaitedForOnceTablesWereFollowed() {
    status.following("shop.orders");

    assertThat(run(List.of(failing(new TransientException("away", null)), () -> DONE)))
        .isSameAs(DONE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("beginning again in 1 s: away");
  }

  @Test
  void aServerThatNeverAnsweredFailsTheRun() {
    RuntimeException away = wrapped(new TransientException("nothing listens there", null));

    assertThatThrownBy(() -> run(List.of(failing(away)))).isSameAs(away);
  }

  @Test
  void aCopyThatFailsWaitsAndTheOthersGoOn() {
    status.following("shop.orders");
    status.copying("shop.notes");
    RuntimeException unfit = wrapped(new DataException("a column takes no bytes"));

    assertThat(
            run(
                List.of(
                    failing(unfit),
                    failing(new EpochEndException("it is tried again")),
                    () -> DONE)))
        .isSameAs(DONE);
    assertThat(asked)
        .containsExactly(Map.of(), Map.of("notes", "a column takes no bytes"), Map.of());
  }

  @Test
  void aCopyThatFailsByItselfFailsTheRun() {
    status.copying("shop.notes");
    RuntimeException unfit = wrapped(new DataException("a column takes no bytes"));

    assertThatThrownBy(() -> run(List.of(failing(unfit)))).isSameAs(unfit);
  }

  @Test
  void whatNobodyCanWaitForFailsTheRun() {
    status.following("shop.orders");
    RuntimeException wrong = wrapped(new ConfigurationException("wrong password"));

    assertThatThrownBy(() -> run(List.of(failing(wrong)))).isSameAs(wrong);
  }
}
