package io.vitessbeam.vstream;

import java.nio.file.Path;

/**
 * What bounds the memory of a {@link ShardReader}, and when it gives out what it has.
 *
 * @param blockBytes rows are given out when they have this many bytes, with their marks
 * @param transactionBytes of one transaction that stay in memory; the rest goes to a file
 * @param waitingBytes that wait to be taken at most, beyond the one item that makes it more
 * @param waitingItems the same for items without rows, or with few
 * @param idleMillis how long a stream is silent before what is committed is given out
 * @param delayMillis how long what is committed waits at most while the stream isn't silent
 * @param folder of temporary files
 */
record ReaderLimits(
    int blockBytes,
    long transactionBytes,
    long waitingBytes,
    int waitingItems,
    long idleMillis,
    long delayMillis,
    Path folder) {

  static ReaderLimits defaults() {
    return new ReaderLimits(
        512 << 10,
        16L << 20,
        16L << 20,
        1000,
        20,
        200,
        Path.of(System.getProperty("java.io.tmpdir")));
  }
}
