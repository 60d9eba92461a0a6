package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.Registry;
import io.vitessbeam.write.mysql.Registry.Entry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.ReplacedTable;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.ServerSessions;
import java.sql.SQLException;

/** Replaces a table by the staging table itself, whose rows have the keys of the source. */
record Swap(LoadId<Server> id, ServerSessions sessions, LoadNames names)
    implements PublishedChange {

  @Override
  public void make() {
    sessions.run(
        "Publishing " + id.table(),
        session -> {
          requireBegun(session);
          ReplacedTable.swap(session, id, names, names.staging());
        });
  }

  /** A server that knows that this has begun has all rows that were counted before. */
  private void requireBegun(MysqlSession session) throws SQLException {
    switch (Registry.find(session, id.digest().toString()).map(Entry::state).orElse(State.SWEPT)) {
      case STAGING -> throw AppendedRows.lost(id);
      case SWEPT -> throw Registry.takenForDead(id.table().toString());
      case PUBLISHING, PUBLISHED -> {}
    }
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return ReplacedTable.isSwapped(session, id, names.staging());
  }
}
