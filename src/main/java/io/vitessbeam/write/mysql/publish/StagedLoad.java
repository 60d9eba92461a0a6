package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.mysql.Evolution;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.ServerSessions;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import io.vitessbeam.write.mysql.staging.Duplicates;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load whose rows are all staged, to be published.
 *
 * @param rows how many were staged
 */
public record StagedLoad(
    LoadId<Server> id, ServerSessions sessions, LoadNames names, TableInfo staging, long rows) {

  String doing() {
    return "Publishing " + id.table();
  }

  /** The columns that tell rows apart, by which they are staged. */
  List<String> keys() {
    return staging.primaryKey().stream().filter(name -> !name.equals(LoadNames.ROW)).toList();
  }

  /** The source's columns, as they are staged. */
  List<ColumnInfo> columns() {
    return staging.columns().stream().filter(column -> !LoadNames.isAdded(column.name())).toList();
  }

  public TargetCheck targetCheck() {
    return new TargetCheck(id, keys(), columns());
  }

  Optional<TableInfo> findTarget() {
    return sessions.call(doing(), this::findTarget);
  }

  private Optional<TableInfo> findTarget(MysqlSession session) throws SQLException {
    return TableInfo.read(session.connection(), id.schema(), id.table().table());
  }

  TableInfo target(MysqlSession session) throws SQLException {
    return findTarget(session)
        .orElseThrow(() -> new SQLException("table " + id.table() + " is gone"));
  }

  /**
   * Creates the target, or fits it to the source's columns.
   *
   * @param others of a new table: columns and indexes beside the source's
   */
  TableInfo prepareTarget(List<String> others) {
    return sessions.call(
        doing(),
        session -> {
          Optional<TableInfo> there = findTarget(session);
          if (there.isEmpty()) {
            session.update(create(id.table().table(), others));
          } else {
            new Evolution(id).fit(session, there.get(), columns());
          }
          return target(session);
        });
  }

  /** A table of the staged columns. */
  String create(String table, List<String> others) {
    List<String> parts = new ArrayList<>();
    for (ColumnInfo column : columns()) {
      parts.add(
          LoadNames.quoted(column.name())
              + " "
              + column.definition()
              + (column.nullable() ? " NULL" : " NOT NULL"));
    }
    parts.addAll(others);
    return "CREATE TABLE IF NOT EXISTS "
        + LoadNames.quoted(table)
        + " ("
        + String.join(", ", parts)
        + ")";
  }

  /** Rows of a table that may change in one transaction, by how wide they are on the average. */
  int rowsOfTransaction(String table) {
    Server.Database database = sessions.database();
    long width =
        sessions.call(
            doing(),
            session ->
                session.number(
                    "SELECT COALESCE(MAX(AVG_ROW_LENGTH), 0) FROM information_schema.TABLES WHERE"
                        + " TABLE_SCHEMA = DATABASE() AND TABLE_NAME = "
                        + SqlText.literal(table)));
    long rows = database.bytesOfTransaction() / Math.max(1, width);
    return (int) Math.max(1, Math.min(database.rowsOfTransaction(), rows));
  }

  /** A statement, or several, that write all rows they are given; gives how many they wrote. */
  interface Writing {
    long write() throws SQLException;
  }

  /**
   * Writes staged rows in a transaction: a few, which are read at once again, so that to count them
   * costs little.
   *
   * @param staged these rows, as what stands after FROM
   * @throws io.vitessbeam.DataException if more or less were written
   */
  void write(MysqlSession session, String staged, Writing writing) throws SQLException {
    long rows = session.number("SELECT COUNT(*) FROM " + staged);
    requireWritten(id, rows, writing.write());
  }

  static void requireWritten(LoadId<Server> id, long staged, long written) {
    Receipts.requirePublished(id.table(), "written", staged, written, List.of());
  }

  Duplicates duplicates() {
    return new Duplicates(staging, keys(), id.spec().incrementalKey());
  }

  /** Ranges of the staged rows by their keys. */
  KeyRanges keyRanges() {
    return new KeyRanges(names.staging(), names.bounds(0), keys());
  }
}
