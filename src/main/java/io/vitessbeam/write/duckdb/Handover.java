package io.vitessbeam.write.duckdb;

import io.vitessbeam.SyncedTable;
import java.sql.SQLException;
import java.util.List;

/** What else is done when a run is published, for those whose tables are not of the file. */
interface Handover {

  /** The tables of the file are those of the run. */
  Handover NONE =
      new Handover() {
        @Override
        public void begin(List<TableSync> tables) {}

        @Override
        public void end(List<TableSync> tables, List<SyncedTable> done) {}
      };

  /** Before anything is merged: brings the rows that changes are merged into. */
  void begin(List<TableSync> tables) throws SQLException;

  /** When everything is merged, and before the file is let go: takes the rows away. */
  void end(List<TableSync> tables, List<SyncedTable> done) throws SQLException;
}
