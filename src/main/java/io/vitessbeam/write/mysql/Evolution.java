package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fits a target to the columns that come: adds those that it lacks, widens others, never less. */
public record Evolution(LoadId<Server> id) {

  /** Alters the target, by one statement, if it has to. See {@link #changes}. */
  public void fit(MysqlSession session, TableInfo target, List<ColumnInfo> columns)
      throws SQLException {
    List<String> changes = changes(session, target, columns);
    if (!changes.isEmpty()) {
      session.update(
          "ALTER TABLE " + LoadNames.quoted(id.table().table()) + " " + String.join(", ", changes));
    }
  }

  /**
   * What is to be altered.
   *
   * @throws ConfigurationException if a column can't take what comes
   * @throws DataException if there is anything, and the table is frozen
   */
  public List<String> changes(MysqlSession session, TableInfo target, List<ColumnInfo> columns)
      throws SQLException {
    List<String> changes = new ArrayList<>();
    String definition = null;
    for (ColumnInfo column : columns) {
      Optional<ColumnInfo> there = target.column(column.name());
      if (there.isEmpty()) {
        changes.add(
            "ADD COLUMN " + LoadNames.quoted(column.name()) + " " + column.definition() + " NULL");
        continue;
      }
      ColumnType wider = wider(there.get(), column);
      if (!wider.equals(there.get().type())) {
        if (definition == null) {
          definition =
              MysqlSql.rows(
                      session.connection(),
                      "SHOW CREATE TABLE " + LoadNames.quoted(id.table().table()))
                  .get(0)
                  .get(1);
        }
        changes.add("MODIFY COLUMN " + modified(definition, there.get(), type(wider, column)));
      }
    }
    id.spec().requireMayChange(id.table(), changes);
    return changes;
  }

  private ColumnType wider(ColumnInfo there, ColumnInfo column) {
    if (there.generated()) {
      throw new ConfigurationException(
          "Column %s of %s is computed by MySQL and can't be written; exclude it"
              .formatted(there.name(), id.table()));
    }
    return TypeFit.wider(there.type(), column.type())
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "Column %s of %s is %s and does not take values of type %s unchanged: ALTER TABLE %s MODIFY it, exclude it, or use the strategy replace"
                        .formatted(
                            there.name(),
                            id.table(),
                            there.columnType(),
                            column.columnType(),
                            LoadNames.quoted(id.table().table()))));
  }

  /** Staged columns have the types of tables that we create already. */
  private static String type(ColumnType wider, ColumnInfo staged) {
    return wider.equals(staged.type()) ? staged.columnType() : ColumnTypes.of(wider);
  }

  /** The line of the column with another type, and with all else that it says. */
  static String modified(String definition, ColumnInfo column, String wider) {
    String start = "\n  " + LoadNames.quoted(column.name()) + " " + column.columnType();
    int at = definition.indexOf(start);
    int end = definition.indexOf('\n', at + 1);
    if (at < 0 || end < 0) {
      throw new IllegalStateException("no column " + column.name() + " in " + definition);
    }
    String rest = definition.substring(at + start.length(), end);
    String type = wider;
    boolean own = rest.startsWith(" CHARACTER SET") || rest.startsWith(" COLLATE");
    if (!column.characterSet().isEmpty()) {
      // Its own character set stays; the line has none if it is the table's.
      type = type.replaceFirst(" CHARACTER SET.*", "");
      type += own ? "" : column.definition().substring(column.columnType().length());
    }
    return LoadNames.quoted(column.name())
        + " "
        + type
        + (rest.endsWith(",") ? rest.substring(0, rest.length() - 1) : rest);
  }
}
