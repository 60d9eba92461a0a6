package io.vitessbeam.write.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The copies of an owner's functions in this JVM. A runner sets them up side by side, and ends each
 * as soon as it has no more elements; others may have the rest of what it has begun, so what one
 * has is given back when the last of them ends. Safe for threads.
 */
public final class FunctionCopies {

  private static final FunctionCopies JVM = new FunctionCopies();

  private final Map<String, Group> groups = new HashMap<>();

  private static final class Group {
    private final List<Runnable> returns = new ArrayList<>();
    private int workers;
  }

  FunctionCopies() {}

  public static FunctionCopies ofThisJvm() {
    return JVM;
  }

  /** Another one works for an owner; to be followed by one {@link #leave}. */
  public synchronized void enter(String owner) {
    groups.computeIfAbsent(owner, name -> new Group()).workers++;
  }

  /**
   * One works no more.
   *
   * @param giveBack what it has; done now if it was the last one, else by the last one
   */
  public void leave(String owner, Runnable giveBack) {
    List<Runnable> returns;
    synchronized (this) {
      Group group = groups.get(owner);
      group.returns.add(giveBack);
      group.workers--;
      if (group.workers > 0) {
        return;
      }
      groups.remove(owner);
      returns = group.returns;
    }
    returns.forEach(Runnable::run);
  }
}
