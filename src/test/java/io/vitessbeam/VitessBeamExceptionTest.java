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

  private static final RuntimeException CAUSE =
      Status.PERMISSION_DENIED.asRuntimeException(new Metadata());

  private static final List<VitessBeamException> LASTING =
      List.of(
          new ConfigurationException("wrong password", CAUSE),
          new DataException("no date", CAUSE),
          new NeedsRefreshException("purged", CAUSE));

  private static final VitessBeamException EPOCH = new EpochEndException("a table is new");

  private static final VitessBeamException PASSING = new TransientException("away", CAUSE);

  /** A status of gRPC is none of its kind: it would keep its failure from being serialized. */
  @Test
  void aFailureTravelsWithoutItsCause() {
    for (VitessBeamException failure : LASTING) {
      VitessBeamException arrived = SerializableUtils.clone(failure);

      assertThat(arrived).hasSameClassAs(failure).hasMessage(failure.getMessage()).hasNoCause();
      assertThat(failure).hasCause(CAUSE);
    }
  }

  @Test
  void flinkStartsAJobAgainForAFailureThatMayPassOnly() {
    assertThat(type(EPOCH)).isEqualTo(ThrowableType.NonRecoverableError);
    assertThat(LASTING)
        .allSatisfy(
            failure ->
                assertThat(type(new RuntimeException("a user's code", failure)))
                    .isEqualTo(ThrowableType.NonRecoverableError));
    assertThat(type(new RuntimeException("a user's code", PASSING)))
        .isEqualTo(ThrowableType.RecoverableError);
  }

  private static ThrowableType type(Throwable failure) {
    return ThrowableClassifier.findThrowableOfThrowableType(
            failure, ThrowableType.NonRecoverableError)
        .map(ThrowableClassifier::getThrowableType)
        .orElse(ThrowableType.RecoverableError);
  }
}
