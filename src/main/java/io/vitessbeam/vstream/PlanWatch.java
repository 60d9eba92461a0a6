package io.vitessbeam.vstream;

import java.io.Serializable;
import java.util.Optional;

/** Tells streams that follow without an end when what was planned no longer fits the source. */
public interface PlanWatch extends Serializable {

  /**
   * Why the run has to be planned anew; empty as long as it need not be. Asked all the time, so
   * that it has to look seldom by itself. For one thread at a time.
   */
  Optional<String> outdated();
}
