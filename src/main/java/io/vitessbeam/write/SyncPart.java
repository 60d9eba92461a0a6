package io.vitessbeam.write;

import java.util.Locale;

/** A part of a run whose blocks are staged by themselves: the copies or the streams of a round. */
public record SyncPart(Kind kind, int round) {

  public enum Kind {
    COPY,
    STREAM
  }

  /** Reads {@code copy 1} or {@code stream 2}. */
  public static SyncPart parse(String name) {
    String[] words = name.split(" ", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException("'" + name + "' is no part of a run");
    }
    return new SyncPart(
        Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1]));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + round;
  }
}
