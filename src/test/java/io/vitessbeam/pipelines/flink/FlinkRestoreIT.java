package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.flink.FlinkSession.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that never end go on from what a cluster kept of them, or from what it did not keep. */
@Tag("volume")
class FlinkRestoreIT {

  @TempDir private static Path folder;

  private static FlinkSession session;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    session = FlinkSession.start(folder);
  }

  @AfterAll
  static void down() throws IOException, InterruptedException {
    session.down();
  }

  @Test
  void aKilledJobManagerIsStartedAgain() throws Exception {
    Followed again = Followed.of(folder);
    Followed restored = Followed.of(folder);
    Client firstOfAgain = leave(again);
    Client firstOfRestored = leave(restored);
    job(firstOfAgain);
    String jobOfRestored = job(firstOfRestored);
    again.awaitSame();
    restored.awaitSame();
    session.awaitCheckpoint(jobOfRestored);
    again.change();
    restored.change();
    restored.awaitSame();

    session.kill("jobmanager");
    again.insert(4, "four");
    restored.insert(4, "four");
    session.up();
    Client secondOfAgain = leave(again);
    Client secondOfRestored =
        leave(restored, "--savepointPath=" + session.lastCheckpoint(jobOfRestored));
    String jobOfAgain = job(secondOfAgain);
    jobOfRestored = job(secondOfRestored);
    again.insert(5, "five");
    restored.insert(5, "five");
    again.awaitSame();
    restored.awaitSame();
    session.cancel(jobOfAgain);
    session.cancel(jobOfRestored);
  }

  @Test
  void aSavepointIsRestoredByAnotherBuildWithAnotherParallelism() throws Exception {
    Followed followed = Followed.of(folder);
    Path other = AnotherBuild.in(folder.resolve("another"));
    String one = job(leave(followed, "--parallelism=1"));
    followed.awaitSame();
    String savepoint = session.stop(one);

    followed.change();
    String two = job(leave(other, followed, "--parallelism=2", "--savepointPath=" + savepoint));
    followed.insert(4, "four");
    followed.awaitSame();
    savepoint = session.stop(two);

    followed.insert(5, "five");
    String less = job(leave(followed, "--parallelism=1", "--savepointPath=" + savepoint));
    followed.insert(6, "six");
    followed.awaitSame();
    session.cancel(less);
  }

  @Test
  void anOlderSavepointIsHarmless() throws Exception {
    Followed followed = Followed.of(folder);
    String first = job(leave(followed));
    followed.awaitSame();
    String savepoint = session.savepoint(first);
    followed.change();
    followed.delete(1);
    followed.awaitSame();
    session.cancel(first);
    List<String> written = followed.written();

    String restored = job(leave(followed, "--savepointPath=" + savepoint));
    followed.insert(4, "four");
    followed.awaitSame();
    session.cancel(restored);
    assertThat(followed.written()).startsWith(written.toArray(String[]::new));
  }

  private static Client leave(Followed followed, String... more) throws IOException {
    return leave(Path.of("pipelines/ingest"), followed, more);
  }

  private static Client leave(Path program, Followed followed, String... more) throws IOException {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.addAll(List.of("--stream", "--flush-interval=1s", "--detached"));
    return session.submit(program, followed.flags(flags.toArray(String[]::new)));
  }

  private static String job(Client client) throws IOException, InterruptedException {
    return FlinkSession.job(client.requireSuccess());
  }
}
