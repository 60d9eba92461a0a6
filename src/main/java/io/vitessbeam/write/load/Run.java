package io.vitessbeam.write.load;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * One run of a pipeline, all of its attempts together: what it has published once it does not
 * publish again.
 *
 * @param id never that of another run
 * @param begun the moment of its changes, to the microsecond
 */
public record Run(String id, Instant begun) implements Serializable {

  public Run {
    Objects.requireNonNull(id, "id");
    begun = begun.truncatedTo(ChronoUnit.MICROS);
  }

  public static Run beginning(String id) {
    return new Run(id, Instant.now());
  }
}
