package io.vitessbeam;

/**
 * A failure that this project explains itself: its message names what is wrong (keyspace, shard,
 * table, position) and what to do about it, and never holds a secret. The subclass says who can
 * mend it, which is all that retry and exit-code logic may depend on. Flink reads the annotation of
 * those that last, and does not start a job again for them; where there is no Flink, the JVM passes
 * over it.
 *
 * <p>Runners carry it from worker to client: in serialized form it has no cause, as the causes of
 * some (gRPC's) can't be serialized, and would take the whole failure along. The message tells what
 * they said.
 */
public abstract sealed class VitessBeamException extends RuntimeException
    permits ConfigurationException,
        DataException,
        EpochEndException,
        NeedsRefreshException,
        TransientException {

  private static final long serialVersionUID = 1L;

  private final transient Throwable cause;

  VitessBeamException(String message, Throwable cause) {
    super(message, null);
    this.cause = cause;
  }

  @Override
  public synchronized Throwable getCause() {
    return cause;
  }
}
