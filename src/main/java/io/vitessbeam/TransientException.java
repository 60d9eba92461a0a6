package io.vitessbeam;

/** The server or the network failed in a way that may pass; a later try can succeed. */
public final class TransientException extends VitessBeamException {

  private static final long serialVersionUID = 1L;

  public TransientException(String message, Throwable cause) {
    super(message, cause);
  }
}
