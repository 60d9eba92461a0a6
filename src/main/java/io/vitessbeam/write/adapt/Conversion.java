package io.vitessbeam.write.adapt;

import io.vitessbeam.write.load.UnfitValueException;

/**
 * What a value of one type, as MySQL prints it, is in another one: all of it, or an error; never
 * another value. Stateless.
 */
@FunctionalInterface
public interface Conversion {

  /** What a value becomes that is NULL in the other type. */
  byte[] NULL = new byte[0];

  /**
   * Converts a value that is not NULL.
   *
   * @return its bytes; null if they stay as they are; {@link #NULL} itself for NULL
   * @throws UnfitValueException if the type can't hold it
   */
  byte[] convert(byte[] bytes, int offset, int length);
}
