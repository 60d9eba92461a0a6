package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.TargetTable;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ReferencedTableIT {

  private static final TestMysql MYSQL = TestMysql.shared();

  @Test
  void aTableToWhichOneOfAnotherDatabaseRefersIsNotReplaced() throws Exception {
    String table = MYSQL.newTable("parent");
    try (Connection connection = MYSQL.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, name VARCHAR(50), changed DATETIME)");
      statement.execute("INSERT INTO " + table + " VALUES (7, 'old', NULL)");
      statement.execute("CREATE DATABASE elsewhere");
      try {
        statement.execute(
            "CREATE TABLE elsewhere.child (parent BIGINT, FOREIGN KEY (parent) REFERENCES shop."
                + table
                + " (id))");
        Loader loader =
            MysqlDestination.mysql(MysqlUri.parse(MYSQL.uri()))
                .loader(LoadSpec.replace("referenced", new TargetTable("", table)));

        assertThatThrownBy(() -> loader.stage(Source.items().row(1, "a", null).blocks().get(0)))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining("foreign keys (from elsewhere.child)")
            .hasMessageContaining("drop them");
        loader.release();
        assertThat(MysqlSql.rows(connection, "SELECT id FROM " + table).toString())
            .isEqualTo("[[7]]");
      } finally {
        statement.execute("DROP DATABASE elsewhere");
      }
    }
  }
}
