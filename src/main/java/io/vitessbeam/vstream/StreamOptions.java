package io.vitessbeam.vstream;

import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardStream;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a user asked to be followed, not yet checked against the server.
 *
 * @param tables their names, with or without the keyspace; none for "not given"
 * @param allTables all of the keyspace that are there when the pipeline is built
 * @param without columns to leave out
 * @param until where it ends; null for never
 * @param stall how long a stream may stand still while there is something to come
 * @param newColumns what becomes of columns that tables get meanwhile
 */
public record StreamOptions(
    VitessCdcUri uri,
    List<String> tables,
    boolean allTables,
    List<String> without,
    Start start,
    Vgtid until,
    Duration stall,
    ZeroDates zeroDates,
    NewColumns newColumns)
    implements Serializable {

  /** Where it begins. */
  public sealed interface Start extends Serializable {

    /** With all rows that are there. */
    record Copy() implements Start {}

    /** With what is committed after the pipeline was built. */
    record Now() implements Start {}

    /** Behind a position. */
    record At(Vgtid position) implements Start {}

    /** With what was committed at a time or later. */
    record Time(Instant time) implements Start {}
  }

  public StreamOptions {
    Objects.requireNonNull(uri, "uri");
    tables = List.copyOf(tables);
    without = List.copyOf(without);
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(stall, "stall");
    Objects.requireNonNull(zeroDates, "zeroDates");
    Objects.requireNonNull(newColumns, "newColumns");
  }

  public static StreamOptions of(VitessCdcUri uri) {
    return new StreamOptions(
        uri,
        List.of(),
        false,
        List.of(),
        new Start.Copy(),
        null,
        ShardStream.DEFAULT_STALL,
        ZeroDates.FAIL,
        NewColumns.LEAVE_OUT);
  }

  /** The GTID set of a shard at which it ends; empty for never. */
  String until(String shard) {
    return Optional.ofNullable(until).map(boundary -> boundary.gtid(shard)).orElse("");
  }

  /** The same but for what is changed. */
  public StreamOptions with(Consumer<Change> changes) {
    Change change = new Change(this);
    changes.accept(change);
    return change.made();
  }

  /** Other values of some options. For one thread. */
  public static final class Change {

    private final VitessCdcUri uri;
    private List<String> tables;
    private boolean allTables;
    private List<String> without;
    private Start start;
    private Vgtid until;
    private Duration stall;
    private ZeroDates zeroDates;
    private NewColumns newColumns;

    private Change(StreamOptions options) {
      uri = options.uri;
      tables = options.tables;
      allTables = options.allTables;
      without = options.without;
      start = options.start;
      until = options.until;
      stall = options.stall;
      zeroDates = options.zeroDates;
      newColumns = options.newColumns;
    }

    private StreamOptions made() {
      return new StreamOptions(
          uri, tables, allTables, without, start, until, stall, zeroDates, newColumns);
    }

    public Change tables(List<String> names) {
      tables = names;
      allTables = false;
      return this;
    }

    public Change allTables() {
      tables = List.of();
      allTables = true;
      return this;
    }

    public Change without(List<String> columns) {
      without = columns;
      return this;
    }

    public Change start(Start choice) {
      start = choice;
      return this;
    }

    public Change until(Vgtid boundary) {
      until = boundary;
      return this;
    }

    public Change stall(Duration longest) {
      stall = longest;
      return this;
    }

    public Change zeroDates(ZeroDates choice) {
      zeroDates = choice;
      return this;
    }

    public Change newColumns(NewColumns choice) {
      newColumns = choice;
      return this;
    }
  }
}
