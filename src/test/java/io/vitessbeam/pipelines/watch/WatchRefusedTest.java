package io.vitessbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --metrics-addr} can't do is said before anything is read: here there is nothing. */
@Timeout(60)
class WatchRefusedTest {

  @TempDir Path folder;

  private IngestRun watchedAt(String address, String... more) {
    String[] flags = {
      "--source-uri=csv:///" + folder.resolve("missing.csv"),
      "--dest-uri=duckdb:///" + folder.resolve("copy.duckdb"),
      "--dest-table=t",
      "--metrics-addr=" + address,
      more.length > 0 ? more[0] : "--runner=DirectRunner",
      more.length > 1 ? more[1] : "--progress=log"
    };
    return IngestRun.of(flags);
  }

  @Test
  void anAddressThatIsNone() {
    IngestRun run = watchedAt("9090");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("ingest: --metrics-addr is host:port, ");
  }

  @Test
  void aPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      IngestRun run = watchedAt(address);
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .isEqualToNormalizingNewlines(
              "ingest: --metrics-addr=" + address + ": Address already in use\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8081", "flink.example:8081"})
  void aRunOnACluster(String master) {
    IngestRun run = watchedAt("127.0.0.1:0", "--runner=FlinkRunner", "--flinkMaster=" + master);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("and this one is to run on a cluster");
  }

  @Test
  void whereThePageIsIsSaid() {
    IngestRun run = watchedAt("127.0.0.1:0");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("ingest: this run can be watched at http://127\\.0\\.0\\.1:\\d+/\n");
  }
}
