package io.vitessbeam;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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

  /**
   * Of a file that somebody named.
   *
   * @param what can't be done with it, to which the reason is added: {@code ": it isn't there"}
   */
  public static ConfigurationException ofFile(String what, Exception cause) {
    String why =
        cause instanceof NoSuchFileException
            ? "it isn't there"
            : cause instanceof AccessDeniedException
                ? "this user may not read it"
                : cause instanceof CharacterCodingException
                    ? "it isn't text in UTF-8"
                    : cause.getMessage();
    return new ConfigurationException(what + ": " + why, cause);
  }
}
