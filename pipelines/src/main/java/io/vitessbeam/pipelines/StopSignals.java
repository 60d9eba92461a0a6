package io.vitessbeam.pipelines;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.utils.Signals;

/**
 * Tells a run without an end when the process is told to end: by the first SIGTERM or SIGINT. The
 * next one does what it would do without this.
 */
final class StopSignals implements AutoCloseable {

  private static final List<String> NAMES = List.of("TERM", "INT");

  /** What handled them before. */
  private final Map<String, Object> before = new LinkedHashMap<>();

  /**
   * Waits for signals.
   *
   * @param stop run on a thread of its own, at the first signal
   */
  StopSignals(Runnable stop) {
    synchronized (this) {
      for (String name : NAMES) {
        before.put(name, Signals.register(name, () -> handle(stop)));
      }
    }
  }

  private void handle(Runnable stop) {
    close();
    new Thread(stop, "stop").start();
  }

  /** Waits no more. */
  @Override
  public synchronized void close() {
    before.forEach(Signals::unregister);
    before.clear();
  }
}
