package io.vitessbeam.write.duckdb;

import io.vitessbeam.SyncedTable;
import java.sql.SQLException;
import java.util.List;

/**
 * Where the tables of a run are if they are not of the file in which its changes are merged: gives
 * the rows that are merged into, and takes those that came of it.
 */
public interface RemoteTarget {

  /** The tables of the file are those of the run. */
  RemoteTarget NONE =
      new RemoteTarget() {
        @Override
        public void begin(List<TablePublication> tables) {}

        @Override
        public void end(List<TablePublication> tables, List<SyncedTable> done) {}
      };

  /** Before anything is merged: brings the rows that changes are merged into. */
  void begin(List<TablePublication> tables) throws SQLException;

  /** When everything is merged, and before the file is let go: takes the rows away. */
  void end(List<TablePublication> tables, List<SyncedTable> done) throws SQLException;
}
