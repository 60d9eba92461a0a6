package io.vitessbeam.pipelines;

/** The command line is wrong; found without a look at any server or file. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
