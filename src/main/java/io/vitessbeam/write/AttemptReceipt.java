package io.vitessbeam.write;

import java.io.Serializable;
import java.util.Objects;

/**
 * The receipt of a range, and the attempt that has staged it.
 *
 * @param attempt see {@link LoadSpec}
 */
public record AttemptReceipt(String attempt, StagedRange range) implements Serializable {

  public AttemptReceipt {
    Objects.requireNonNull(attempt, "attempt");
    Objects.requireNonNull(range, "range");
  }
}
