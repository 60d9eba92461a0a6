package io.vitessbeam.pipelines.watch;

import io.vitessbeam.pipelines.UsageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen.
 *
 * @param host name or address of this machine; empty for all its addresses
 * @param port 0 for one that is free
 */
record WatchAddress(String host, int port) {

  /** An address of IPv6 stands in brackets. */
  private static final Pattern FORM = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]*):(\\d{1,5})");

  private static final int HIGHEST_PORT = 65_535;

  /**
   * Reads {@code host:port}, {@code [::1]:port} or {@code :port}.
   *
   * @throws UsageException for anything else
   */
  static WatchAddress parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    int port = form.matches() ? Integer.parseInt(form.group(2)) : HIGHEST_PORT + 1;
    if (port > HIGHEST_PORT) {
      throw new UsageException(
          "--metrics-addr is host:port, :port for all addresses of this machine, with port 0 for"
              + " any that is free; not '"
              + text
              + "'");
    }
    return new WatchAddress(form.group(1), port);
  }

  /**
   * @throws UsageException if no such host is known
   */
  InetSocketAddress resolve() {
    try {
      return host.isEmpty()
          ? new InetSocketAddress(port)
          : new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new UsageException("--metrics-addr=" + this + ": the host is unknown");
    }
  }

  /** Of the page, when it is served at a port. */
  String url(int actualPort) {
    return "http://" + (host.isEmpty() ? "localhost" : host) + ":" + actualPort + "/";
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
