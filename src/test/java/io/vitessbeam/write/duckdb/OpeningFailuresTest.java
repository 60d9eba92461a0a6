package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.testing.ChildJvm;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningFailuresTest {

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void nameDatabase() {
    database = new DatabaseFile(directory);
  }

  @Test
  void aFileOpenInAnotherProcess() throws Exception {
    try (ChildJvm child = ChildJvm.start(CrashingLoad.class, database.path().toString(), "hold")) {
      child.awaitLine("holding");
      assertThatThrownBy(() -> database.load("run", "t", Rows.itemRange(0, 1, 1, 10)))
          .isInstanceOf(TransientException.class)
          .hasMessageContaining(database.path().toString())
          .hasMessageContaining("is open in another process");
    }
  }

  @Test
  void aFileThatAnotherProcessReadsForAMomentIsWaitedFor() throws Exception {
    try (ChildJvm child = ChildJvm.start(CrashingLoad.class, database.path().toString(), "hold")) {
      child.awaitLine("holding");
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(() -> database.load("run", "t", Rows.itemRange(0, 1, 1, 10)));
      assertThat(load).isNotDone();
      child.kill();
      assertThat(load).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void aMissingDirectory() {
    database = new DatabaseFile(directory.resolve("missing"));
    assertRefused("directory doesn't exist");
  }

  @Test
  void aDirectory() throws Exception {
    Files.createDirectory(database.path());
    assertRefused("is a directory");
  }

  @Test
  void somethingElseThanADatabase() throws Exception {
    Files.writeString(database.path(), "id,name\n1,x\n");
    assertRefused("is not a DuckDB database");
    assertThat(database.path()).hasContent("id,name\n1,x\n");
  }

  @Test
  void aFullDisk() {
    assertThat(
            DuckDbFailures.during(
                "Staging", "/x", new SQLException("IO Error: … No space left on device")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its disk is full");
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> database.load("run", "t", Rows.itemRange(0, 1, 1, 10)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(database.path().toString())
        .hasMessageContaining(reason);
  }
}
