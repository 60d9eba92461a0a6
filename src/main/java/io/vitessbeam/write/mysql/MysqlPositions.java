package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.follow.PositionTable;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a session's database. */
record MysqlPositions(MysqlSession session) implements PositionTable {

  private static final String EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

  @Override
  public boolean exists() throws SQLException {
    return session.number(
            "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND"
                + " TABLE_NAME = "
                + literal(NAME))
        > 0;
  }

  @Override
  public void create(String columns) throws SQLException {
    session.update(
        "CREATE TABLE IF NOT EXISTS %s (%s, PRIMARY KEY (table_name, number)) COMMENT 'vitess-beam: where tables that follow a source stand'"
            .formatted(quoted(), columns));
  }

  @Override
  public String definition(ColumnKind kind) {
    return switch (kind) {
      case IDENTIFIER -> "VARCHAR(64)" + EXACT + " NOT NULL";
      case NAME -> "VARCHAR(255)" + EXACT + " NOT NULL";
      case TEXT -> "LONGTEXT" + EXACT + " NOT NULL";
      case NULLABLE_TEXT -> "LONGTEXT" + EXACT;
      case INTEGER -> "INT NOT NULL";
      case BIGINT -> "BIGINT NOT NULL";
      case BOOLEAN -> "BOOLEAN NOT NULL";
      case MOMENT -> "DATETIME(6) NOT NULL";
    };
  }

  @Override
  public String quoted() {
    return LoadNames.quoted(NAME);
  }

  @Override
  public String literal(String text) {
    return SqlText.literal(text);
  }

  @Override
  public String now() {
    return "UTC_TIMESTAMP(6)";
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return MysqlSql.rows(session.connection(), query);
  }

  @Override
  public List<List<String>> lockedRows(String query) throws SQLException {
    return rows(query + " FOR UPDATE");
  }

  @Override
  public void update(String statement) throws SQLException {
    session.update(statement);
  }
}
