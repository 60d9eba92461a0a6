package io.vitessbeam.pipelines;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Objects;

/** A URI as the user typed it, which may hold a password: only {@link #reveal} shows it. */
public final class ServerUri {

  private final String text;

  @JsonCreator
  public ServerUri(String text) {
    this.text = Objects.requireNonNull(text, "text");
  }

  String reveal() {
    return text;
  }

  @Override
  public String toString() {
    int scheme = text.indexOf("://");
    return scheme < 0 ? "***" : text.substring(0, scheme + 3) + "***";
  }
}
