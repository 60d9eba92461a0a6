package io.vitessbeam.write.duckdb;

import io.vitessbeam.testing.SentStatements;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process leaves that dies before a statement: copies of the files of a database, taken
 * before each statement that is run while this is open.
 */
final class Snapshots implements AutoCloseable {

  private final Path database;
  private final Path folder;
  private final List<String> statements = new ArrayList<>();
  private final List<DatabaseFile> files = new ArrayList<>();
  private final SentStatements sent;

  /**
   * @param folder for the copies
   */
  Snapshots(Path database, Path folder) {
    this.database = database;
    this.folder = folder;
    this.sent = SentStatements.of(DuckDbSql.class, this::take);
  }

  private synchronized void take(String statement) {
    try {
      Path target = Files.createDirectory(folder.resolve("before " + files.size()));
      for (String suffix : List.of("", ".wal")) {
        Path source = Path.of(database + suffix);
        if (Files.exists(source)) {
          Files.copy(source, target.resolve(source.getFileName()));
        }
      }
      statements.add(statement);
      files.add(new DatabaseFile(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the statement that comes next. */
  List<DatabaseFile> files() {
    return files;
  }

  List<String> statements() {
    return statements;
  }

  @Override
  public void close() {
    sent.close();
  }
}
