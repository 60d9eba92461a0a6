package io.vitessbeam.vstream.decode;

/** The changes of a table can't be followed any further; it has to be copied again. */
public final class BrokenTableException extends Exception {

  private static final long serialVersionUID = 1L;

  BrokenTableException(String reason) {
    super(reason);
  }
}
