package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.Index;
import java.sql.SQLException;
import java.util.List;

/** Brings the staged rows into a table beside those that it has. */
record Append(StagedLoad load, AppendedRows rows) implements PublishedChange {

  Append(StagedLoad load) {
    this(load, new AppendedRows(load.sessions()));
  }

  @Override
  public void make() {
    load.findTarget().ifPresent(this::requireKeysApart);
    TableInfo target = load.prepareTarget(List.of());
    if (AppendedRows.canBeUndone(target, load.staging())) {
      rows.append(load.id(), load.names(), load.staging());
    } else {
      rows.appendAtOnce(load.id(), load.names(), load.staging(), load.rows());
    }
  }

  private void requireKeysApart(TableInfo target) {
    if (!rows.isBegun(load.id(), load.names())) {
      KeyCollisions collisions = new KeyCollisions(load, target);
      for (Index key : KeyCollisions.ofConcern(target, load.staging())) {
        collisions.requireApart(key.columns());
        collisions.requireNoOther(key.columns(), key);
      }
    }
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return rows.isAll(session, load.names());
  }
}
