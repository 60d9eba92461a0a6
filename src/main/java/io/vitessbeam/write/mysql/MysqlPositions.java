package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a session's database. */
record MysqlPositions(Session session) implements PositionTable {

  private static final String EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL";

  private static final String COLUMNS =
      " (source_keyspace VARCHAR(64)"
          + EXACT
          + ", source_table VARCHAR(64)"
          + EXACT
          + ", table_name VARCHAR(64)"
          + EXACT
          + ", number INT NOT NULL, shard VARCHAR(255)"
          + EXACT
          + ", gtid LONGTEXT"
          + EXACT
          + ", epoch INT NOT NULL, definition LONGTEXT"
          + EXACT
          + ", greatest_lsn LONGTEXT"
          + EXACT.replace(" NOT NULL", "")
          + ", row_count BIGINT NOT NULL, run VARCHAR(255)"
          + EXACT
          + ", copied BOOLEAN NOT NULL, reason TEXT"
          + EXACT
          + ", rows_copied BIGINT NOT NULL, inserted BIGINT NOT NULL, updated BIGINT NOT NULL,"
          + " deleted BIGINT NOT NULL, written_at DATETIME(6) NOT NULL,"
          + " PRIMARY KEY (table_name, number))"
          + " COMMENT 'vitess-beam: where tables that follow a source stand'";

  static Positions of(Session session) {
    return new Positions(new MysqlPositions(session));
  }

  @Override
  public boolean exists() throws SQLException {
    return session.number(
            "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND"
                + " TABLE_NAME = "
                + literal(NAME))
        > 0;
  }

  @Override
  public void create() throws SQLException {
    session.update("CREATE TABLE IF NOT EXISTS " + quoted() + COLUMNS);
  }

  @Override
  public String quoted() {
    return Names.quoted(NAME);
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
    return Sql.rows(session.connection(), query);
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
