package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings rows into a table by their keys: known ones are updated, others inserted. */
final class Merge implements PublishedChange {

  private final StagedLoad load;
  private final Chunks chunks;

  Merge(StagedLoad load) {
    this.load = load;
    this.chunks = new Chunks(load);
  }

  @Override
  public void make() {
    if (!chunks.isBegun(0)) {
      requireKeysApart();
    }
    TableInfo there = load.prepareTarget(List.of(TableDdl.primaryKey(load.keys())));
    String target = load.targetCheck().keyIndex(there).of(load.id().table().table(), "t");
    String matches = new KeyMatch(there, load.staging()).same(load.keys());
    chunks.runByKeys(0, (session, staged) -> bring(session, staged, target, matches));
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return chunks.isDone(session, 0);
  }

  private void requireKeysApart() {
    Optional<TableInfo> there = load.findTarget();
    KeyCollisions collisions = new KeyCollisions(load, there.orElse(load.staging()));
    collisions.requireApart(load.keys());
    there.ifPresent(
        target -> collisions.requireNoOther(load.keys(), load.targetCheck().keyIndex(target)));
  }

  private void bring(MysqlSession session, String staged, String target, String matches)
      throws SQLException {
    String there = target + " ON " + matches;
    String insert =
        AppendedRows.insertInto(load.id().table().table(), load.staging())
            + " FROM "
            + staged
            + " LEFT JOIN "
            + there
            + " WHERE t."
            + LoadNames.quoted(load.keys().get(0))
            + " IS NULL";
    String values =
        load.columns().stream()
            .map(ColumnInfo::name)
            .filter(name -> !load.keys().contains(name))
            .map(name -> "t." + LoadNames.quoted(name) + " = s." + LoadNames.quoted(name))
            .collect(Collectors.joining(", "));
    if (values.isEmpty()) {
      session.update(insert);
      return;
    }
    // The server counts the rows that it found, whether they had these values or not.
    String update = "UPDATE " + staged + " STRAIGHT_JOIN " + there + " SET " + values;
    load.write(session, staged, () -> session.update(update) + session.update(insert));
  }
}
