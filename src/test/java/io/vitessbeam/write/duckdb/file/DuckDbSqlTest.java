package io.vitessbeam.write.duckdb.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuckDbSqlTest {

  /** As when a disk is full, where the reason must not get lost. */
  @Test
  void aTransactionThatIsGoneFailsWithItsOwnReason() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      DuckDbSql.execute(connection, List.of("CREATE TABLE t (id INT)"));
      assertThatThrownBy(
              () ->
                  DuckDbSql.atomically(
                      connection,
                      () -> {
                        DuckDbSql.execute(
                            connection, List.of("INSERT INTO t VALUES (1)", "ROLLBACK"));
                        throw new SQLException("the disk is full");
                      }))
          .hasMessage("the disk is full");

      DuckDbSql.atomically(connection, List.of("INSERT INTO t VALUES (2)"));
      assertThat(DuckDbSql.rows(connection, "FROM t")).containsExactly(List.of("2"));
    }
  }
}
