package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A password, or where it is: in a file or a variable of the environment, of which each process
 * that connects reads it, each time that it does. So a password is in no graph, template or
 * checkpoint, and another one counts at once. Nothing prints it by accident: {@code toString} gives
 * asterisks.
 */
public final class Secret implements Serializable {

  private static final long serialVersionUID = 2L;

  public static final Secret NONE = new Secret("");

  private enum Kind {
    TEXT,
    FILE,
    ENVIRONMENT
  }

  private final Kind kind;
  private final String value;

  public Secret(String value) {
    this(Kind.TEXT, value);
  }

  private Secret(Kind kind, String value) {
    this.kind = kind;
    this.value = Objects.requireNonNull(value, "value");
  }

  /** A file that holds nothing else; a line end behind it does not count. */
  public static Secret inFile(String file) {
    return new Secret(Kind.FILE, file);
  }

  public static Secret inEnvironment(String variable) {
    return new Secret(Kind.ENVIRONMENT, variable);
  }

  /**
   * The password itself, for the driver alone.
   *
   * @throws ConfigurationException if it is not where it is to be
   */
  String reveal() {
    return switch (kind) {
      case TEXT -> value;
      case FILE -> ofFile();
      case ENVIRONMENT -> {
        String password = System.getenv(value);
        if (password == null) {
          throw new ConfigurationException(
              "The password is to be in the variable %s of the environment, which is not set"
                  .formatted(value));
        }
        yield password;
      }
    };
  }

  private String ofFile() {
    try {
      return Files.readString(Path.of(value)).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw ConfigurationException.ofFile(
          "The password is to be in the file %s, which can't be read".formatted(value), e);
    }
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && kind == secret.kind && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }

  /** A run that a cluster restores may be of another build; a record has no version. */
  private record Saved(Kind kind, String value) implements Serializable {
    private Object readResolve() {
      return new Secret(kind, value);
    }

    @Override
    public String toString() {
      return "***";
    }
  }

  private Object writeReplace() {
    return new Saved(kind, value);
  }
}
