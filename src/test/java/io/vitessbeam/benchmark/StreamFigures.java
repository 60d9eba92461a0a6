package io.vitessbeam.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a program that reads a stream and throws it away says of itself in its last line.
 *
 * @param changes that came
 * @param seconds from the first of them to the last
 * @param latencies as {@link Latencies} prints them, or empty
 */
record StreamFigures(long changes, double seconds, String latencies) {

  private static final String MARK = "figures changes=";

  double rate() {
    return changes / seconds;
  }

  /**
   * Finds it in what a program said.
   *
   * @throws IllegalStateException if it isn't there
   */
  static StreamFigures read(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith(MARK)) {
        String[] words = lines.get(i).substring(MARK.length()).split(" ", 3);
        return new StreamFigures(
            Long.parseLong(words[0]),
            Double.parseDouble(words[1].substring("seconds=".length())),
            words.length < 3 ? "" : words[2]);
      }
    }
    throw new IllegalStateException("no figures in " + String.join("\n", lines));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s%d seconds=%.3f %s", MARK, changes, seconds, latencies)
        .strip();
  }
}
