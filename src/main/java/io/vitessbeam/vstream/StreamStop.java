package io.vitessbeam.vstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the streams of this JVM that follow without an end to stop where they are. */
public final class StreamStop {

  private static final Set<String> FOLLOWING = ConcurrentHashMap.newKeySet();
  private static final Set<String> REQUESTED = ConcurrentHashMap.newKeySet();

  private StreamStop() {}

  /**
   * Stops the streams of an owner, which give out no more; also those that begin later.
   *
   * @return whether any has begun
   */
  public static boolean request(String owner) {
    REQUESTED.add(owner);
    return FOLLOWING.contains(owner);
  }

  /** To be asked by a stream before it gives out anything. */
  static boolean isRequested(String owner) {
    FOLLOWING.add(owner);
    return REQUESTED.contains(owner);
  }
}
