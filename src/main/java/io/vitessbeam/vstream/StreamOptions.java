package io.vitessbeam.vstream;

import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.vstream.position.ShardStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a user asked to be followed, not yet checked against the server.
 *
 * @param table {@code table} or {@code keyspace.table}; empty for "not given"
 * @param without columns to leave out
 * @param until where it ends; null for never
 * @param stall how long a stream may stand still while there is something to come
 */
public record StreamOptions(
    VitessCdcUri uri,
    String table,
    List<String> without,
    Start start,
    Vgtid until,
    Duration stall,
    ZeroDates zeroDates)
    implements Serializable {

  /** Where it begins. */
  public sealed interface Start extends Serializable {

    /** With all rows that are there. */
    record Copy() implements Start {}

    /** With what is committed after the pipeline was built. */
    record Now() implements Start {}

    /** Behind a position. */
    record At(Vgtid position) implements Start {}
  }

  public StreamOptions {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(table, "table");
    without = List.copyOf(without);
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(stall, "stall");
    Objects.requireNonNull(zeroDates, "zeroDates");
  }

  public static StreamOptions of(VitessCdcUri uri) {
    return new StreamOptions(
        uri, "", List.of(), new Start.Copy(), null, ShardStream.DEFAULT_STALL, ZeroDates.FAIL);
  }

  /** The GTID set of a shard at which it ends; empty for never. */
  String until(String shard) {
    return Optional.ofNullable(until).map(boundary -> boundary.gtid(shard)).orElse("");
  }

  public StreamOptions withTable(String name) {
    return new StreamOptions(uri, name, without, start, until, stall, zeroDates);
  }

  public StreamOptions without(List<String> columns) {
    return new StreamOptions(uri, table, columns, start, until, stall, zeroDates);
  }

  public StreamOptions withStart(Start choice) {
    return new StreamOptions(uri, table, without, choice, until, stall, zeroDates);
  }

  public StreamOptions withUntil(Vgtid boundary) {
    return new StreamOptions(uri, table, without, start, boundary, stall, zeroDates);
  }

  public StreamOptions withStall(Duration longest) {
    return new StreamOptions(uri, table, without, start, until, longest, zeroDates);
  }

  public StreamOptions withZeroDates(ZeroDates choice) {
    return new StreamOptions(uri, table, without, start, until, stall, choice);
  }
}
