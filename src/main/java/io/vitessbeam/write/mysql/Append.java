package io.vitessbeam.write.mysql;

import java.sql.SQLException;
import java.util.List;

/** Brings the staged rows into a table beside those that it has. */
record Append(StagedLoad load, AppendedRows rows) implements Change {

  Append(StagedLoad load) {
    this(load, new AppendedRows(load.sessions()));
  }

  @Override
  public void make() {
    TableInfo target = load.prepareTarget(List.of());
    if (AppendedRows.canBeUndone(target, load.staging())) {
      rows.append(load.id(), load.names(), load.staging());
    } else {
      rows.appendAtOnce(load.id(), load.names(), load.staging());
    }
  }

  @Override
  public boolean isMade(Session session) throws SQLException {
    return rows.isAll(session, load.names());
  }
}
