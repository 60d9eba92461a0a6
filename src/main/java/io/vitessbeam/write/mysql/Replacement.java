package io.vitessbeam.write.mysql;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Replaces a table by rows whose keys may come more than once. */
final class Replacement implements Change {

  private final StagedLoad load;
  private final Names names;
  private final Chunks chunks;

  Replacement(StagedLoad load) {
    this.load = load;
    this.names = load.names();
    this.chunks = new Chunks(load);
  }

  @Override
  public void make() {
    String insert = AppendedRows.insertInto(names.shaped(), load.staging());
    chunks.runByKeys(
        0, this::createShaped, (session, staged) -> session.update(insert + " FROM " + staged));
    load.sessions()
        .run(
            load.doing(),
            session -> {
              chunks.requireDone(session, 0);
              ReplacedTable.swap(session, load.id(), names, names.shaped());
            });
  }

  @Override
  public boolean isMade(Session session) throws SQLException {
    return chunks.isDone(session, 0) && ReplacedTable.isSwapped(session, load.id(), names.shaped());
  }

  private void createShaped(Session session) throws SQLException {
    Optional<TableInfo> target =
        TableInfo.read(session.connection(), load.id().schema(), load.id().table().table());
    boolean kept =
        target.isPresent()
            && ReplacedTable.keepsDefinition(
                target.get(),
                load.staging()
                    .schema()
                    .withColumns(
                        load.staging().schema().columns().stream()
                            .filter(column -> !column.name().equals(Names.ROW))
                            .toList()));
    session.update(
        kept
            ? ReplacedTable.like(names.shaped(), load.id().table().table())
            : load.create(names.shaped(), List.of(TableDdl.primaryKey(load.keys()))));
  }
}
