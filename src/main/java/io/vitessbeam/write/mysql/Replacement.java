package io.vitessbeam.write.mysql;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Replaces a table by rows whose keys may come more than once. */
final class Replacement {

  private final StagedLoad load;

  Replacement(StagedLoad load) {
    this.load = load;
  }

  void publish() {
    Names names = load.names();
    Chunks chunks = new Chunks(load);
    if (!chunks.isDone(0)) {
      load.sessions().run(load.doing(), this::createShaped);
      String insert = AppendedRows.insertInto(names.shaped(), load.staging());
      chunks.runByKeys(0, (session, staged) -> session.update(insert + " FROM " + staged));
    }
    load.sessions()
        .run(
            load.doing(),
            session -> {
              chunks.requireDone(session, 0);
              ReplacedTable.swap(session, load.id(), names, names.shaped());
            });
  }

  private void createShaped(Session session) throws SQLException {
    Optional<TableInfo> target =
        TableInfo.read(session.connection(), load.id().database(), load.id().table());
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
            ? ReplacedTable.like(load.names().shaped(), load.id().table())
            : load.create(load.names().shaped(), List.of(TableDdl.primaryKey(load.keys()))));
  }
}
