package io.vitessbeam.write.load;

/** A value that a type can't hold; the message is a clause that says why, without the value. */
public final class UnfitValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** One for each row that does not fit, so there is no stack trace, which would cost most. */
  public UnfitValueException(String reason) {
    super(reason, null, false, false);
  }
}
