package io.vitessbeam;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A position from which changes can't be followed any more: its binlogs are purged, its shard is
 * gone, or it was never of this keyspace. Only a copy of the whole table helps.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class NeedsRefreshException extends VitessBeamException {

  private static final long serialVersionUID = 1L;

  public NeedsRefreshException(String message) {
    super(message, null);
  }

  public NeedsRefreshException(String message, Throwable cause) {
    super(message, cause);
  }
}
