package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.junit.jupiter.api.Test;

/** What a runner does with a failure between the worker that fails and the client that shows it. */
class VitessBeamExceptionTest {

  private final RuntimeException cause =
      Status.PERMISSION_DENIED.asRuntimeException(new Metadata());

  private final List<VitessBeamException> lasting =
      List.of(
          new ConfigurationException("wrong password", cause),
          new DataException("no date", cause),
          new NeedsRefreshException("purged", cause));

  private final VitessBeamException epoch = new EpochEndException("a table is new");

  private final VitessBeamException passing = new TransientException("away", cause);

  /** A status of gRPC is none of its kind: it would keep its failure from being serialized. */
  @Test
  void aFailureTravelsWithoutItsCause() {
    for (VitessBeamException failure : lasting) {
      VitessBeamException arrived = SerializableUtils.clone(failure);

      assertThat(arrived).hasSameClassAs(failure).hasMessage(failure.getMessage()).hasNoCause();
      assertThat(failure).hasCause(cause);
    }
  }

  @Test
  void flinkStartsAJobAgainForAFailureThatMayPassOnly() {
    assertThat(type(epoch)).isEqualTo(ThrowableType.NonRecoverableError);
    assertThat(lasting)
        .allSatisfy(
            failure ->
                assertThat(type(new RuntimeException("a user's code", failure)))
                    .isEqualTo(ThrowableType.NonRecoverableError));
    assertThat(type(new RuntimeException("a user's code", passing)))
        .isEqualTo(ThrowableType.RecoverableError);
  }

  private static ThrowableType type(Throwable failure) {
    return ThrowableClassifier.findThrowableOfThrowableType(
            failure, ThrowableType.NonRecoverableError)
        .map(ThrowableClassifier::getThrowableType)
        .orElse(ThrowableType.RecoverableError);
  }
}
