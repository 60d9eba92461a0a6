package io.vitessbeam.vstream.follow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the streams of a read hold, together. */
class ReaderLimitsTest {

  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 64})
  void streamsShareWhatThereIs(int streams) {
    ReaderLimits limits = ReaderLimits.oneOf(streams);
    long each = limits.waitingBytes() + limits.transactionBytes() + limits.undecodedBytes();

    assertThat(streams * each).isBetween(40 * MIB, 3 * 64 * MIB);
    assertThat(limits.undecodedBytes()).isBetween(MIB, 8 * MIB);
    assertThat(limits.waitingBytes()).isBetween(MIB, 16 * MIB);
  }

  /** A block has to fit, and a response of vttablet's. */
  @ParameterizedTest
  @ValueSource(ints = {65, 1_000})
  void moreStreamsHaveTheLeast(int streams) {
    ReaderLimits limits = ReaderLimits.oneOf(streams);

    assertThat(limits.waitingBytes()).isEqualTo(MIB);
    assertThat(limits.transactionBytes()).isEqualTo(MIB);
    assertThat(limits.undecodedBytes()).isEqualTo(MIB);
    assertThat((long) limits.blockBytes()).isLessThan(MIB);
  }
}
