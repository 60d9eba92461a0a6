package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.flink.FlinkSession.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that never end, left to a cluster: what they survive, and what ends them. */
@Tag("volume")
class FlinkStreamIT {

  private static final String[] STREAM = {"--stream", "--flush-interval=1s"};

  @TempDir private static Path folder;

  private static FlinkSession session;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    session = FlinkSession.start(folder, "--taskmanagers=2", "--state-backend=rocksdb");
  }

  @AfterAll
  static void down() throws IOException, InterruptedException {
    session.down();
  }

  @Test
  void aStreamGoesOnAfterAKillAndFromASavepoint() throws Exception {
    Followed followed = Followed.of(folder);
    String job = leave(followed);
    awaitRows(followed, "1|one", "2|two");

    session.awaitCheckpoint(job);
    session.kill(session.taskManager(job));
    followed.change();
    awaitRows(followed, "1|one", "2|zwei", "3|three");

    String savepoint = session.stop(job);
    followed.insert(4, "four");
    String same = leave(followed, "--savepointPath=" + savepoint);
    awaitRows(followed, "1|one", "2|zwei", "3|three", "4|four");
    session.stop(same);
  }

  @Test
  void aFailureThatLastsEndsAStreamWithTheReason() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Followed followed = Followed.of(gone);
    Client client = session.submit(followed.flags(STREAM));
    awaitRows(followed, "1|one", "2|two");

    Files.delete(followed.file());
    Files.delete(gone);
    followed.insert(3, "three");

    assertThat(client.status()).isEqualTo(1);
    assertThat(client.output().lines())
        .last()
        .asString()
        .startsWith("ingest: The DuckDB file ")
        .contains("its directory doesn't exist");
  }

  private static String leave(Followed followed, String... more)
      throws IOException, InterruptedException {
    String[] flags = new String[more.length + STREAM.length + 1];
    System.arraycopy(STREAM, 0, flags, 0, STREAM.length);
    System.arraycopy(more, 0, flags, STREAM.length, more.length);
    flags[flags.length - 1] = "--detached";
    return FlinkSession.job(session.submit(followed.flags(flags)).requireSuccess());
  }

  private static void awaitRows(Followed followed, String... expected) throws InterruptedException {
    followed.awaitRows(List.of(expected));
  }
}
