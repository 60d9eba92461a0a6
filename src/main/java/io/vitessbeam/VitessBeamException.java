package io.vitessbeam;

/**
 * A failure that this project explains itself: its message names what is wrong (keyspace, shard,
 * table, position) and what to do about it, and never holds a secret. The subclass says who can
 * mend it, which is all that retry and exit-code logic may depend on.
 */
public abstract sealed class VitessBeamException extends RuntimeException
    permits ConfigurationException,
        DataException,
        EpochEndException,
        NeedsRefreshException,
        TransientException {

  private static final long serialVersionUID = 1L;

  VitessBeamException(String message, Throwable cause) {
    super(message, cause);
  }
}
