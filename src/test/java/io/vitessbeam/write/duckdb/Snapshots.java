package io.vitessbeam.write.duckdb;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What a process leaves that dies before a statement: copies of the files of a database, taken
 * before each statement that is run while this is open.
 */
final class Snapshots implements AutoCloseable {

  private final Path database;
  private final Path folder;
  private final List<String> statements = new ArrayList<>();
  private final List<DatabaseFile> files = new ArrayList<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Sql.class);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          take(event.getFormattedMessage());
        }
      };

  /**
   * @param folder for the copies
   */
  Snapshots(Path database, Path folder) {
    this.database = database;
    this.folder = folder;
    appender.start();
    log.addAppender(appender);
    log.setLevel(Level.DEBUG);
    log.setAdditive(false);
  }

  private void take(String statement) {
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
    log.detachAppender(appender);
    log.setLevel(null);
    log.setAdditive(true);
  }
}
