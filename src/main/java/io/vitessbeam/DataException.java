package io.vitessbeam;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** A value or a row cannot be carried over as it is; the same data fails again at every try. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class DataException extends VitessBeamException {

  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message, null);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
