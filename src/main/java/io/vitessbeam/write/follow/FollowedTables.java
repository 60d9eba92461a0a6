package io.vitessbeam.write.follow;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a destination says of its tables that follow a source. For one thread. */
public interface FollowedTables {

  /** The columns that every such table has behind those of its source. */
  List<String> COLUMNS = List.of("_cdc_lsn", "_cdc_deleted", "_cdc_synced_at");

  /** What the data of a table say by themselves. */
  record Contents(String greatestLsn, long rows) {

    /** Of a table that another one is about to take the place of: no table holds these. */
    public static final Contents UNKNOWN = new Contents(null, -1);
  }

  /**
   * What the table of positions says of a table.
   *
   * @param owner the table of a keyspace whose rows it holds
   * @param position null if it is unknown, as between the two steps in which another table takes
   *     its place
   * @param definition of the source, see {@link io.vitessbeam.sync.TablePlan}
   * @param contents of the table when it was there
   * @param run that wrote it
   */
  record Stored(
      TableName owner,
      Vgtid position,
      int epoch,
      String definition,
      Contents contents,
      String run) {}

  /**
   * Where a run brought a table.
   *
   * @param source its name in the source's keyspace
   * @param definition of the source, see {@link io.vitessbeam.sync.TablePlan}
   * @param done what was done to it
   */
  record Position(
      String source,
      TargetTable table,
      Vgtid position,
      int epoch,
      String definition,
      String run,
      SyncedTable done) {}

  /** The destination, for messages. */
  String place();

  /** Whether names of tables that differ in case only are the same. */
  boolean ignoresCase() throws SQLException;

  /** {@code BASE TABLE}, another type in upper case, or null if there is none of the name. */
  String type(TargetTable table) throws SQLException;

  /** The names of a table's columns. */
  List<String> columns(TargetTable table) throws SQLException;

  /** Whether a table has the columns that every table that follows a source has. */
  default boolean isFollowing(TargetTable table) throws SQLException {
    return areFollowing(columns(table));
  }

  /** Whether these are the columns of a table that follows a source. */
  static boolean areFollowing(List<String> columns) {
    return columns.stream()
        .map(column -> column.toLowerCase(Locale.ROOT))
        .toList()
        .containsAll(COLUMNS);
  }

  /** What a table holds now, by a look at all of it; see {@link KnownContents}. */
  Contents contents(TargetTable table) throws SQLException;

  /** What is done with what is known of tables. */
  @FunctionalInterface
  interface PositionWork<T> {
    T with(Positions positions) throws SQLException;
  }

  /** Looks at, or changes, what is known of a table and the others of its schema. */
  <T> T positions(TargetTable table, PositionWork<T> work) throws SQLException;

  /** What is known of a table, whosever it is; null if nothing is. */
  default Stored position(TargetTable table) throws SQLException {
    return positions(table, positions -> positions.read(table));
  }

  /** The run that wrote what is known of a table last; null if nothing is known. */
  default String lastRun(TargetTable table) throws SQLException {
    return positions(table, positions -> positions.lastRun(table));
  }

  /** What a run did, if it is the one that wrote all tables of its plan last; else nothing. */
  default Optional<List<SyncedTable>> writtenBy(SyncSpec run, SyncPlan plan) throws SQLException {
    List<SyncedTable> done = new ArrayList<>();
    for (TablePlan planned : plan.tables()) {
      TargetTable target = run.targetOf(planned.table());
      SyncSpec.Table table = new SyncSpec.Table(planned.table(), target);
      SyncedTable synced =
          positions(target, positions -> positions.writtenBy(run.runId(), run.keyspace(), table));
      if (synced == null) {
        return Optional.empty();
      }
      done.add(synced);
    }
    return Optional.of(done);
  }
}
