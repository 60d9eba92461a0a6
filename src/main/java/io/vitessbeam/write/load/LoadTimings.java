package io.vitessbeam.write.load;

import java.time.Duration;

/**
 * How long loads wait for what.
 *
 * @param sign how often the session is looked at that shows others that loads go on, and opened
 *     again if it broke
 * @param heartbeat how often it is noted that loads go on, for where no session can show it
 * @param doubt a load whose sign of life is gone for so long is dead; enough tries to give it again
 * @param silence a load that can't show a sign is dead when nothing was noted for so long
 * @param rest for so long a load on which nobody works is kept alive: a runner may still have it
 *     published, and a JVM of a cluster is not told when its job has failed
 * @param poll how often it is looked whether others have made way
 * @param others for how long others are waited for that have the table
 * @param patience for how long what fails for a passing reason is tried again
 */
public record LoadTimings(
    Duration sign,
    Duration heartbeat,
    Duration doubt,
    Duration silence,
    Duration rest,
    Duration poll,
    Duration others,
    Duration patience) {

  /** A planned restart of vtgate or a reparent is over in two minutes; see Vitess's buffering. */
  public static final LoadTimings DEFAULT =
      new LoadTimings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(15),
          Duration.ofSeconds(4),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofHours(24),
          Duration.ofMinutes(2));

  public LoadTimings {
    if (doubt.compareTo(sign.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException("a sign of life could not be given again in " + doubt);
    }
  }

  public LoadTimings withRest(Duration newRest) {
    return new LoadTimings(sign, heartbeat, doubt, silence, newRest, poll, others, patience);
  }
}
