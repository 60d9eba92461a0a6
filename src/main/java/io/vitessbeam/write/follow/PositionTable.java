package io.vitessbeam.write.follow;

import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.List;

/** A table of positions as its database keeps it, see {@link Positions}; in one transaction. */
public interface PositionTable {

  /** Its name, which no table of a user has. */
  String NAME = "_vitessbeam_positions";

  /** What its columns hold, none of them NULL unless it is said. */
  enum ColumnKind {
    /** Name of a table or keyspace: up to 64 characters, equal if its bytes are. */
    IDENTIFIER,
    /** Text of up to 255 characters. */
    NAME,
    TEXT,
    NULLABLE_TEXT,
    INTEGER,
    BIGINT,
    BOOLEAN,
    MOMENT
  }

  boolean exists() throws SQLException;

  /**
   * Creates it unless it is there.
   *
   * @param columns their definitions
   */
  void create(String columns) throws SQLException;

  /** How a column is defined, with NOT NULL. */
  String definition(ColumnKind kind);

  /** As it stands in statements. */
  String quoted();

  String literal(String text);

  /** The time of this moment, as an expression. */
  String now();

  /** The condition that its {@code table_name} is the name of a table, as names are the same. */
  default String isOf(TargetTable table) {
    return "table_name = " + literal(table.table());
  }

  List<List<String>> rows(String query) throws SQLException;

  /** The same of rows that nobody else may change until the transaction ends. */
  default List<List<String>> lockedRows(String query) throws SQLException {
    return rows(query);
  }

  void update(String statement) throws SQLException;
}
