package io.vitessbeam.connect;

import java.io.Serializable;
import java.util.Objects;

/** A password. Nothing prints it by accident: {@code toString} gives asterisks. */
public final class Secret implements Serializable {

  private static final long serialVersionUID = 1L;

  public static final Secret NONE = new Secret("");

  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** The password itself, for the driver alone. */
  String reveal() {
    return value;
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
