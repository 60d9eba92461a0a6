package io.vitessbeam.write.adapt;

/** A value that a type can't hold; the message is a clause that says why, without the value. */
final class Misfit extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** One for each row that does not fit, so there is no stack trace, which would cost most. */
  Misfit(String reason) {
    super(reason, null, false, false);
  }
}
