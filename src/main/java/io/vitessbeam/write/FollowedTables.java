package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import java.sql.SQLException;
import java.util.List;

/** What a destination says of its tables that follow a source. For one thread. */
public interface FollowedTables {

  /** The columns that every such table has behind those of its source. */
  List<String> COLUMNS = List.of("_cdc_lsn", "_cdc_deleted", "_cdc_synced_at");

  /** What the data of a table say by themselves. */
  record Contents(String greatestLsn, long rows) {}

  /**
   * What the table of positions says of a table.
   *
   * @param definition of the source, see {@link io.vitessbeam.vstream.TablePlan}
   * @param contents of the table when it was there
   */
  record Stored(Vgtid position, int epoch, String definition, Contents contents) {}

  /**
   * Where a run brought a table.
   *
   * @param source its name in the source's keyspace
   * @param definition of the source, see {@link io.vitessbeam.vstream.TablePlan}
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

  /** {@code BASE TABLE}, another type in upper case, or null if there is none of the name. */
  String type(TargetTable table) throws SQLException;

  /** Whether a table has the columns that every table that follows a source has. */
  boolean isFollowing(TargetTable table) throws SQLException;

  /** What a table holds now. */
  Contents contents(TargetTable table) throws SQLException;

  /** The position of a table; null if there is none, or of another table of that name. */
  Stored position(String keyspace, String source, TargetTable table) throws SQLException;
}
