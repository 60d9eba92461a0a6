package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.mysql.KeptDefinition;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.ReplacedTable;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Replaces a table by rows whose keys may come more than once. */
final class MysqlReplacement implements PublishedChange {

  private final StagedLoad load;
  private final LoadNames names;
  private final Chunks chunks;

  MysqlReplacement(StagedLoad load) {
    this.load = load;
    this.names = load.names();
    this.chunks = new Chunks(load);
  }

  @Override
  public void make() {
    if (!chunks.isBegun(0)) {
      requireKeysApart();
    }
    String insert = AppendedRows.insertInto(names.shaped(), load.staging());
    chunks.runByKeys(
        0,
        this::createShaped,
        (session, staged) ->
            load.write(session, staged, () -> session.update(insert + " FROM " + staged)));
    load.sessions()
        .run(
            load.doing(),
            session -> {
              chunks.requireDone(session, 0);
              ReplacedTable.swap(session, load.id(), names, names.shaped());
            });
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return chunks.isDone(session, 0) && ReplacedTable.isSwapped(session, load.id(), names.shaped());
  }

  private void requireKeysApart() {
    Optional<TableInfo> kept = load.findTarget().filter(this::isKept);
    if (kept.isEmpty()) {
      new KeyCollisions(load, load.staging()).requireApart(load.keys());
    } else {
      KeyCollisions collisions = new KeyCollisions(load, kept.get());
      KeyCollisions.ofConcern(kept.get(), load.staging())
          .forEach(key -> collisions.requireApart(key.columns()));
    }
  }

  private void createShaped(MysqlSession session) throws SQLException {
    Optional<TableInfo> kept =
        TableInfo.read(session.connection(), load.id().schema(), load.id().table().table())
            .filter(this::isKept);
    session.update(
        kept.isPresent()
            ? new KeptDefinition(load.id(), kept.get()).create(session, names.shaped(), source())
            : load.create(names.shaped(), List.of(TableDdl.primaryKey(load.keys()))));
  }

  private boolean isKept(TableInfo target) {
    return KeptDefinition.isOf(target, source());
  }

  /** The source's columns as they are staged. */
  private TableSchema source() {
    TableSchema staged = load.staging().schema();
    return staged.withColumns(
        staged.columns().stream().filter(column -> !LoadNames.isAdded(column.name())).toList());
  }
}
