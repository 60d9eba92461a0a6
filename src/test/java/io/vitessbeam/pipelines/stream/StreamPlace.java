package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestVitess.SHOP;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Where a stream goes. */
enum StreamPlace {
  DUCKDB {
    @Override
    String uri(Path folder) {
      return "duckdb:///" + file(folder);
    }

    @Override
    List<String> rows(Path folder, String sql) throws SQLException {
      return TableRows.ofDuckDb(file(folder), sql);
    }

    private static Path file(Path folder) {
      return folder.resolve("stream.duckdb");
    }
  },
  POSTGRESQL {
    @Override
    String uri(Path folder) {
      return TestPostgresql.shared().uri();
    }

    @Override
    List<String> rows(Path folder, String sql) throws SQLException {
      return TableRows.ofPostgresql(sql);
    }
  },
  MYSQL {
    @Override
    String uri(Path folder) {
      return TestMysql.shared().uri();
    }

    @Override
    List<String> rows(Path folder, String sql) throws SQLException {
      try (Connection connection = TestMysql.shared().connect()) {
        return TableRows.of(connection, sql);
      }
    }
  },
  VITESS {
    @Override
    String uri(Path folder) {
      return TestVitess.shared().uriText(SHOP);
    }

    @Override
    List<String> rows(Path folder, String sql) throws SQLException {
      try (Connection connection = TestVitess.shared().connect(SHOP + ":0")) {
        return TableRows.ofVitess(connection, sql);
      }
    }
  };

  /**
   * Its address.
   *
   * @param folder of the test, for a file
   */
  abstract String uri(Path folder);

  /** What it holds now. */
  abstract List<String> rows(Path folder, String sql) throws SQLException;
}
