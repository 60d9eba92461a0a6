package io.vitessbeam.write.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class SubmittedRunTest {

  /** As a runner does when a pipeline is run, and when it starts an attempt. */
  private static byte[] submit(SubmittedRun run) {
    return SerializableUtils.serializeToByteArray(run);
  }

  private static Run start(byte[] submitted) {
    return ((SubmittedRun) SerializableUtils.deserializeFromByteArray(submitted, "a run")).get();
  }

  @Test
  void everySubmissionIsARunOfItsOwn() {
    SubmittedRun pipeline = new SubmittedRun("");
    assertThat(start(submit(pipeline)).id()).isNotEqualTo(start(submit(pipeline)).id());
  }

  @Test
  void allAttemptsOfASubmissionAreOneRun() {
    byte[] submitted = submit(new SubmittedRun(""));
    assertThat(start(submitted)).isEqualTo(start(submitted));
  }

  /** Beam itself copies a function before it is submitted. */
  @Test
  void aCopyIsSubmittedAsItsOriginalIs() {
    SubmittedRun copy =
        (SubmittedRun)
            SerializableUtils.deserializeFromByteArray(submit(new SubmittedRun("")), "a copy");
    assertThat(start(submit(copy)).id()).isNotEqualTo(start(submit(copy)).id());
  }

  @Test
  void aNameIsTheIdOfEverySubmission() {
    SubmittedRun pipeline = new SubmittedRun("nightly");
    assertThat(start(submit(pipeline)).id()).isEqualTo("nightly");
    assertThat(start(submit(pipeline)).id()).isEqualTo("nightly");
  }

  @Test
  void beforeItIsSubmittedThereIsNoRun() {
    assertThatThrownBy(() -> new SubmittedRun("").get()).isInstanceOf(IllegalStateException.class);
  }
}
