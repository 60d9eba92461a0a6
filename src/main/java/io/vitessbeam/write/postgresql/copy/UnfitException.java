package io.vitessbeam.write.postgresql.copy;

/** A value that its column can't hold, for a reason that is a clause beginning with "it". */
final class UnfitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnfitException(String reason) {
    super(reason);
  }
}
