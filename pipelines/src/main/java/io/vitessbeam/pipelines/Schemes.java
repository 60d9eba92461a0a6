package io.vitessbeam.pipelines;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the schemes of the two URIs stand for, now and later. */
final class Schemes {

  private static final List<String> LATER_SOURCES =
      List.of("mysql+cdc", "ps_mysql", "ps_mysql+cdc");
  private static final List<String> LOADED =
      Stream.of(
              List.of(VitessUri.SCHEME, "duckdb", "csv", "jsonl", "parquet"),
              MysqlUri.SCHEMES,
              PostgresqlUri.SCHEMES)
          .flatMap(List::stream)
          .toList();

  /** What is done with a source. */
  enum Source {
    /** A table or query is read as it is now. */
    LOAD,
    /** Tables are copied once and followed from then on. */
    SYNC
  }

  /** What a destination is. */
  enum Destination {
    DUCKDB,
    VITESS,
    MYSQL,
    POSTGRESQL
  }

  private Schemes() {}

  /**
   * Says what is done with a source.
   *
   * @throws UsageException for a URI that is none of ours
   */
  static Source source(String uri) {
    String scheme = scheme("--source-uri", uri);
    if (LOADED.contains(scheme)) {
      return Source.LOAD;
    }
    if (scheme.equals(VitessCdcUri.SCHEME)) {
      return Source.SYNC;
    }
    if (LATER_SOURCES.contains(scheme)) {
      String near = scheme.endsWith("+cdc") ? VitessCdcUri.SCHEME : VitessUri.SCHEME;
      throw new UsageException(
          scheme + ":// is not supported as a source yet; use " + near + "://");
    }
    throw new UsageException(
        "--source-uri: unknown scheme "
            + scheme
            + "://; use vitess://, vitess+cdc://, mysql://, postgresql://, duckdb://, csv://,"
            + " jsonl:// or parquet://");
  }

  /**
   * Says what a destination is.
   *
   * @throws UsageException for a URI that is none of ours
   */
  static Destination destination(String uri) {
    String scheme = scheme("--dest-uri", uri);
    if (scheme.equals("duckdb")) {
      return Destination.DUCKDB;
    }
    if (scheme.equals(VitessUri.SCHEME)) {
      return Destination.VITESS;
    }
    if (MysqlUri.SCHEMES.contains(scheme)) {
      return Destination.MYSQL;
    }
    if (PostgresqlUri.SCHEMES.contains(scheme)) {
      return Destination.POSTGRESQL;
    }
    throw new UsageException(
        "--dest-uri: unknown scheme "
            + scheme
            + "://; use vitess://, mysql://, postgresql:// or duckdb://");
  }

  /** The scheme of a URI, in lower case. */
  static String scheme(String flag, String uri) {
    int end = uri.indexOf("://");
    if (end <= 0) {
      // The text itself may hold a password.
      throw new UsageException(flag + " is no URI: it must begin with a scheme such as vitess://");
    }
    return uri.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
