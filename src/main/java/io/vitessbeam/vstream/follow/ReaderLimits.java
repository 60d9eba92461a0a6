package io.vitessbeam.vstream.follow;

import java.nio.file.Path;

/**
 * What bounds the memory of a {@link ShardReader}, and when it gives out what it has.
 *
 * @param blockBytes rows are given out when they have this many bytes, with their marks
 * @param transactionBytes of one transaction that stay in memory; the rest goes to a file
 * @param waitingBytes that wait to be taken at most, beyond the one item that makes it more
 * @param undecodedBytes of responses that wait to be decoded, beyond the one that makes it more
 * @param waitingItems the same for items without rows, or with few
 * @param idleMillis how long a stream is silent before what is committed is given out
 * @param delayMillis how long what is committed waits at most while the stream isn't silent
 * @param folder of temporary files
 */
public record ReaderLimits(
    int blockBytes,
    long transactionBytes,
    long waitingBytes,
    long undecodedBytes,
    int waitingItems,
    long idleMillis,
    long delayMillis,
    Path folder) {

  /** What all streams of a read hold at most, together, of each kind. */
  private static final long TOGETHER_BYTES = 64L << 20;

  private static final long LEAST_BYTES = 1L << 20;
  private static final long MOST_BYTES = 16L << 20;
  private static final long MOST_UNDECODED_BYTES = 8L << 20;

  /** The limits of one of some streams that are read at the same time. */
  public static ReaderLimits oneOf(int streams) {
    long share = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, TOGETHER_BYTES / streams));
    return new ReaderLimits(
        512 << 10,
        share,
        share,
        Math.min(share, MOST_UNDECODED_BYTES),
        1000,
        20,
        200,
        Path.of(System.getProperty("java.io.tmpdir")));
  }
}
