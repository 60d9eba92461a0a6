package io.vitessbeam.sync;

import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.vstream.position.ShardStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a user asked to be followed, not yet checked against the server.
 *
 * @param uri its keyspace is the one of the tables
 * @param include exact names of the tables; none for all tables of the keyspace
 * @param exclude exact names of tables to leave out
 * @param primaryKey of a single table that has none
 * @param without columns to leave out
 * @param fullRefresh whether what the destination has is forgotten
 * @param frozenSchema whether a table that changed its definition is an error
 * @param parallelism how many ranges, or streams, are copied at the same time
 * @param held by name, why tables of a run without an end are left out for now
 * @param stall how long a stream may stand still while there is something to come
 */
public record SyncOptions(
    VitessCdcUri uri,
    List<String> include,
    List<String> exclude,
    List<String> primaryKey,
    List<String> without,
    boolean fullRefresh,
    boolean frozenSchema,
    ZeroDates zeroDates,
    int parallelism,
    Map<String, String> held,
    Duration stall)
    implements Serializable {

  public static final int DEFAULT_PARALLELISM = 4;

  public SyncOptions {
    Objects.requireNonNull(uri, "uri");
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    primaryKey = List.copyOf(primaryKey);
    without = List.copyOf(without);
    Objects.requireNonNull(zeroDates, "zeroDates");
    held = Map.copyOf(held);
    Objects.requireNonNull(stall, "stall");
  }

  /** All tables of a keyspace, as they are. */
  public static SyncOptions of(VitessCdcUri uri) {
    return new SyncOptions(
        uri,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        false,
        false,
        ZeroDates.FAIL,
        DEFAULT_PARALLELISM,
        Map.of(),
        ShardStream.DEFAULT_STALL);
  }

  public String keyspace() {
    return uri.vitess().keyspace();
  }

  /** Whether one table was asked for, which is what a key can be given for. */
  public boolean single() {
    return include.size() == 1;
  }

  public SyncOptions withUri(VitessCdcUri other) {
    return with(draft -> draft.uri = other);
  }

  public SyncOptions withTables(List<String> names) {
    return with(draft -> draft.include = names);
  }

  public SyncOptions withoutTables(List<String> names) {
    return with(draft -> draft.exclude = names);
  }

  public SyncOptions withPrimaryKey(List<String> columns) {
    return with(draft -> draft.primaryKey = columns);
  }

  public SyncOptions withoutColumns(List<String> columns) {
    return with(draft -> draft.without = columns);
  }

  public SyncOptions withFullRefresh(boolean choice) {
    return with(draft -> draft.fullRefresh = choice);
  }

  public SyncOptions withFrozenSchema(boolean choice) {
    return with(draft -> draft.frozenSchema = choice);
  }

  public SyncOptions withZeroDates(ZeroDates choice) {
    return with(draft -> draft.zeroDates = choice);
  }

  public SyncOptions withParallelism(int ranges) {
    return with(draft -> draft.parallelism = ranges);
  }

  public SyncOptions withHeld(Map<String, String> tables) {
    return with(draft -> draft.held = tables);
  }

  public SyncOptions withStall(Duration longest) {
    return with(draft -> draft.stall = longest);
  }

  private SyncOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options of which one is about to change. */
  private static final class Draft {
    private VitessCdcUri uri;
    private List<String> include;
    private List<String> exclude;
    private List<String> primaryKey;
    private List<String> without;
    private boolean fullRefresh;
    private boolean frozenSchema;
    private ZeroDates zeroDates;
    private int parallelism;
    private Map<String, String> held;
    private Duration stall;

    Draft(SyncOptions options) {
      uri = options.uri;
      include = options.include;
      exclude = options.exclude;
      primaryKey = options.primaryKey;
      without = options.without;
      fullRefresh = options.fullRefresh;
      frozenSchema = options.frozenSchema;
      zeroDates = options.zeroDates;
      parallelism = options.parallelism;
      held = options.held;
      stall = options.stall;
    }

    SyncOptions options() {
      return new SyncOptions(
          uri,
          include,
          exclude,
          primaryKey,
          without,
          fullRefresh,
          frozenSchema,
          zeroDates,
          parallelism,
          held,
          stall);
    }
  }
}
