package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The values of the {@code tls} parameter of a URI. */
public enum TlsMode {
  /** Plain text. The default. */
  FALSE("false", "DISABLED"),
  /** Encrypted; certificate and host name are verified. */
  TRUE("true", "VERIFY_IDENTITY"),
  /** Encrypted, nothing verified: open to a man in the middle. */
  SKIP_VERIFY("skip-verify", "REQUIRED"),
  /** Encrypted if the server offers it, nothing verified. */
  PREFERRED("preferred", "PREFERRED");

  private final String parameter;
  private final String driverMode;

  TlsMode(String parameter, String driverMode) {
    this.parameter = parameter;
    this.driverMode = driverMode;
  }

  /** The {@code sslMode} of Connector/J. */
  String driverMode() {
    return driverMode;
  }

  static TlsMode parse(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.parameter.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "tls="
                        + text
                        + " is unknown; use "
                        + Arrays.stream(values())
                            .map(mode -> "tls=" + mode.parameter)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return parameter;
  }
}
