package io.vitessbeam.pipelines.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitessbeam.pipelines.UsageException;
import java.io.PrintStream;
import java.time.Duration;

/** Where and how progress is shown. Used by one thread at a time. */
public sealed interface ProgressDisplay {

  /** Where it is shown. */
  PrintStream err();

  /** Time between two calls of {@link #show}. */
  Duration interval();

  /** The same for a run that never ends, and is not to fill a disk. */
  default Duration streamInterval() {
    return Duration.ofSeconds(30);
  }

  void show(Progress progress);

  /** The last one of a run. */
  void end(Progress progress, boolean successful);

  /**
   * The display that the user chose.
   *
   * @param form {@code interactive}, {@code log} or {@code json}
   * @param columns width of the terminal behind {@code err}; 0 if there is none
   * @throws UsageException for another form
   */
  static ProgressDisplay of(String form, PrintStream err, int columns) {
    return switch (form) {
      case "interactive" -> columns > 0 ? new Terminal(err, columns) : new Log(err);
      case "log" -> new Log(err);
      case "json" -> new Json(err);
      default -> throw new UsageException("--progress is interactive, log or json, not " + form);
    };
  }

  /** One line, written anew. */
  record Terminal(PrintStream err, int columns) implements ProgressDisplay {
    private static final String CLEAR_LINE = "\r\u001b[K";

    @Override
    public Duration interval() {
      return Duration.ofMillis(200);
    }

    @Override
    public Duration streamInterval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void show(Progress progress) {
      String line = progress.line();
      // A wrapped line could not be written over.
      err.print(CLEAR_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
      err.flush();
    }

    @Override
    public void end(Progress progress, boolean successful) {
      err.print(CLEAR_LINE);
      err.flush();
    }
  }

  /** A line every few seconds. */
  record Log(PrintStream err) implements ProgressDisplay {

    @Override
    public Duration interval() {
      return Duration.ofSeconds(5);
    }

    @Override
    public void show(Progress progress) {
      err.println(progress.line());
    }

    @Override
    public void end(Progress progress, boolean successful) {}
  }

  /** An object per line. */
  record Json(PrintStream err) implements ProgressDisplay {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public Duration interval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void show(Progress progress) {
      err.println(event("progress", progress));
    }

    @Override
    public void end(Progress progress, boolean successful) {
      err.println(event("end", progress).put("successful", successful));
    }

    private static ObjectNode event(String name, Progress progress) {
      ObjectNode event = MAPPER.createObjectNode().put("event", name);
      progress.addTo(event);
      return event;
    }
  }
}
