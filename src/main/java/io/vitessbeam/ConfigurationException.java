package io.vitessbeam;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The user has to change something (an address, a name, an option, a grant); retrying is useless.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class ConfigurationException extends VitessBeamException {

  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message, null);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
