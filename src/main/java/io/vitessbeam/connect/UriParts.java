package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The parts of {@code scheme://user:password@host:port/path?name=value}, percent-decoded. Messages
 * name the part that is wrong and never hold the user information, where the password is.
 */
record UriParts(
    String scheme,
    String user,
    Secret password,
    String host,
    int port,
    String path,
    Map<String, String> parameters) {

  private static final int MAX_PORT = 65_535;
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,30}");

  /**
   * @param example a correct URI, for messages
   */
  static UriParts parse(String text, List<String> schemes, int defaultPort, String example) {
    int schemeEnd = text.indexOf("://");
    if (schemeEnd < 0) {
      throw wrong("has no scheme", example);
    }
    String scheme = text.substring(0, schemeEnd);
    if (!schemes.contains(scheme)) {
      // What is before :// in something else can be a password.
      throw wrong(
          SCHEME.matcher(scheme).matches() ? "begins with " + scheme + "://" : "has no scheme",
          example);
    }
    String rest = text.substring(schemeEnd + 3);
    int queryAt = rest.indexOf('?');
    String query = queryAt < 0 ? "" : rest.substring(queryAt + 1);
    String beforeQuery = queryAt < 0 ? rest : rest.substring(0, queryAt);
    if (query.contains("@")) {
      throw wrong(
          "has an @ behind its ? (in a user name or password write ? as %3F, else @ as %40)",
          example);
    }
    int userEnd = beforeQuery.lastIndexOf('@', pathStart(beforeQuery));
    String userInfo = userEnd < 0 ? "" : beforeQuery.substring(0, userEnd);
    String hostPart = beforeQuery.substring(userEnd + 1);
    int pathAt = hostPart.indexOf('/');
    String path = pathAt < 0 ? "" : hostPart.substring(pathAt + 1);
    String hostAndPort = pathAt < 0 ? hostPart : hostPart.substring(0, pathAt);

    int colon = userInfo.indexOf(':');
    String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon), "user", example);
    String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1), "password", example);

    int portColon = portColon(hostAndPort, example);
    String host = portColon < 0 ? hostAndPort : hostAndPort.substring(0, portColon);
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw wrong("has no host", example);
    }
    int port = portColon < 0 ? defaultPort : port(hostAndPort.substring(portColon + 1), example);
    Map<String, String> parameters = parameters(query, example);
    return new UriParts(
        scheme,
        user,
        secret(password, parameters, example),
        decode(host, "host", example),
        port,
        decode(path, "path", example),
        parameters);
  }

  /** The password, or where it is. Takes its parameters. */
  private static Secret secret(String password, Map<String, String> parameters, String example) {
    String file = parameters.remove("password_file");
    String variable = parameters.remove("password_env");
    int given = (password.isEmpty() ? 0 : 1) + (file == null ? 0 : 1) + (variable == null ? 0 : 1);
    if (given > 1) {
      throw wrong("says in more than one way what the password is", example);
    }
    if (file != null) {
      return Secret.inFile(file);
    }
    return variable == null ? new Secret(password) : Secret.inEnvironment(variable);
  }

  /** Where the path begins: a slash after the last @ that is before any other slash. */
  private static int pathStart(String beforeQuery) {
    int slash = beforeQuery.indexOf('/');
    return slash < 0 ? beforeQuery.length() : slash;
  }

  private static int portColon(String hostAndPort, String example) {
    if (!hostAndPort.startsWith("[")) {
      int colon = hostAndPort.lastIndexOf(':');
      if (colon != hostAndPort.indexOf(':')) {
        throw wrong(
            "has more than one colon in its host; put an IPv6 address in brackets", example);
      }
      return colon;
    }
    int bracket = hostAndPort.indexOf(']');
    if (bracket < 0) {
      throw wrong("has an IPv6 address without its closing bracket", example);
    }
    if (bracket == hostAndPort.length() - 1) {
      return -1;
    }
    if (hostAndPort.charAt(bracket + 1) != ':') {
      throw wrong("has something other than a port after its IPv6 address", example);
    }
    return bracket + 1;
  }

  private static int port(String text, String example) {
    // A password with an unencoded @ or / can land here, so the text itself is not shown.
    return number(text)
        .orElseThrow(
            () ->
                wrong(
                    "has a port that is not a number from 1 to 65535 (in a user name or password"
                        + " write @ as %40, / as %2F, : as %3A)",
                    example));
  }

  /** The number of a port, or none if the text is something else. */
  static OptionalInt number(String text) {
    try {
      int port = Integer.parseInt(text);
      return port >= 1 && port <= MAX_PORT ? OptionalInt.of(port) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static Map<String, String> parameters(String query, String example) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw wrong("has a parameter that is not of the form name=value", example);
      }
      String name = decode(pair.substring(0, equals), "parameter", example);
      String value = decode(pair.substring(equals + 1), name, example);
      if (parameters.put(name, value) != null) {
        throw wrong("has the parameter " + name + " twice", example);
      }
    }
    return parameters;
  }

  /** Removes a parameter and gives its value, or the default if it is absent. */
  String take(String name, String defaultValue) {
    String value = parameters.remove(name);
    return value == null ? defaultValue : value;
  }

  /** Fails if a parameter was not taken. */
  void requireNoMoreParameters(List<String> known) {
    if (!parameters.isEmpty()) {
      throw new ConfigurationException(
          "The "
              + scheme
              + " URI has the unknown parameter "
              + parameters.keySet().iterator().next()
              + "; known are "
              + String.join(", ", known)
              + ", password_file and password_env");
    }
  }

  private static String decode(String text, String part, String example) {
    try {
      // URLDecoder is for forms, where + is a blank; in a URI it is itself.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "has a % in its " + part + " that no two hexadecimal digits follow; write it as %25",
          example);
    }
  }

  private static ConfigurationException wrong(String what, String example) {
    return new ConfigurationException("The URI " + what + "; expected " + example);
  }
}
