package io.vitessbeam.read.duckdb;

import io.vitessbeam.DuckDbRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Files in a folder, and reads of them. */
record TestFiles(Path folder) {

  /** A read of the files that a pattern names. */
  DuckDbRead of(String scheme, String pattern) {
    return DuckDbRead.from(scheme + "://" + folder + "/" + pattern);
  }

  DuckDbRead csv(String name, String... lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return of("csv", name);
  }

  DuckDbRead jsonLines(String name, String... lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return of("jsonl", name);
  }

  /** Runs statements of DuckDB, which write files. */
  static void write(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
