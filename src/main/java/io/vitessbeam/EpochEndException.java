package io.vitessbeam;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A run without an end can't go on as it was planned: a table has to be copied again, tables are
 * new or gone, or the shards are others. All that was read is in the destination, and the next run
 * of the same goes on from there; the same job would end again at once.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class EpochEndException extends VitessBeamException {

  private static final long serialVersionUID = 1L;

  public EpochEndException(String message) {
    super(message, null);
  }
}
