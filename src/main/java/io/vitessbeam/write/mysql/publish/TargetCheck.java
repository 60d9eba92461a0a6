package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Evolution;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.ReplacedTable;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import io.vitessbeam.write.mysql.TableInfo.Index;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a table that is there can be loaded in the way that is asked for. All that can be known
 * to fail fails here: when staging begins, and again before the table is changed.
 */
public record TargetCheck(LoadId<Server> id, List<String> keys, List<ColumnInfo> columns) {

  public TargetCheck {
    keys = List.copyOf(keys);
    columns = List.copyOf(columns);
  }

  /**
   * Passes if the target takes the load.
   *
   * @throws ConfigurationException naming what is in the way
   * @throws io.vitessbeam.DataException if the table is frozen and would have to change
   */
  public void check(MysqlSession session) throws SQLException {
    Optional<TableInfo> there =
        TableInfo.read(session.connection(), id.schema(), id.table().table());
    if (there.isEmpty()) {
      return;
    }
    TableInfo target = there.get();
    if (target.view()) {
      throw new ConfigurationException(
          id.table() + " is a view and can't be loaded; name another table");
    }
    switch (id.spec().strategy()) {
      case REPLACE -> {
        ReplacedTable.check(session, id);
        return;
      }
      case MERGE -> keyIndex(target);
      case SCD2 -> {
        requireVersions(target);
        versionIndex(target);
      }
      case APPEND, DELETE_INSERT -> {}
    }
    new Evolution(id).changes(session, target, columns);
  }

  /** The index by which the row of a key is found. */
  Index keyIndex(TableInfo target) {
    return index(
        target,
        index -> index.isKeyOver(keys),
        "primary or unique key over just the columns",
        "UNIQUE KEY");
  }

  private void requireVersions(TableInfo target) {
    for (String column : List.of(VersionColumns.FROM, VersionColumns.TO, VersionColumns.CURRENT)) {
      if (target.column(column).isEmpty()) {
        throw new ConfigurationException(
            id.table()
                + " has no column "
                + column
                + ", so it holds no versions of rows: name another table, or add "
                + String.join(", ", Versions.DEFINITIONS));
      }
    }
  }

  /** The index by which the versions of a row are found. */
  Index versionIndex(TableInfo target) {
    return index(target, index -> index.startsWith(keys), "index that begins with", "KEY");
  }

  private Index index(TableInfo target, Predicate<Index> fits, String wanted, String kind) {
    return target.indexes().stream()
        .filter(fits)
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "%s has no %s %s, by which its rows are to be found: ALTER TABLE %s ADD %s (%s)"
                        .formatted(
                            id.table(),
                            wanted,
                            String.join(", ", keys),
                            LoadNames.quoted(id.table().table()),
                            kind,
                            TableDdl.names(keys))));
  }
}
