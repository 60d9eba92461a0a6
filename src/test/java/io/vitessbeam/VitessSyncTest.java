package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.connect.VitessCdcUri;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.junit.jupiter.api.Test;

/** What a sync can tell without a server. */
class VitessSyncTest {

  private static final VitessCdcUri SOURCE =
      VitessCdcUri.parse("vitess+cdc://me:s3cret@vtgate:3306/shop?grpc_port=15991");
  private static final DuckDbUri FILE = new DuckDbUri("/tmp/x.duckdb");

  @Test
  void theGraphIsMadeWithoutAServer() {
    Pipeline pipeline = Pipeline.create();

    pipeline.apply(VitessSync.from(SOURCE).to(FILE).withTables(List.of("a", "b")));
    pipeline.apply("One", VitessSync.from(SOURCE).to(FILE).withTable("other.a", "s", "t"));
  }

  @Test
  void aDestinationIsNeeded() {
    assertThatThrownBy(
            () -> Pipeline.create().apply(VitessSync.from(SOURCE).withTable("a", "", "a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("VitessSync needs to(…)");
  }

  @Test
  void aKeyIsOfASingleTable() {
    assertThatThrownBy(
            () ->
                Pipeline.create()
                    .apply(
                        VitessSync.from(SOURCE)
                            .to(FILE)
                            .withTables(List.of("a", "b"))
                            .withPrimaryKey(List.of("id"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("for a single table");
  }

  @Test
  void tablesThatAreAllLeftOut() {
    assertThatThrownBy(
            () ->
                Pipeline.create()
                    .apply(
                        VitessSync.from(SOURCE)
                            .to(FILE)
                            .withTables(List.of("a"))
                            .withoutTables(List.of("a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("leave one at least");
  }

  @Test
  void numbersThatMakeNoSense() {
    assertThatThrownBy(() -> VitessSync.from(SOURCE).withParallelism(0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("parallelism is 0; it must be from 1 to 1,000");
    assertThatThrownBy(() -> VitessSync.from(SOURCE).withStallTimeout(Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must be positive");
  }

  @Test
  void displayDataHasNoSecrets() {
    DisplayData data =
        DisplayData.from(VitessSync.from(SOURCE).to(FILE).withTables(List.of("a", "b")));

    assertThat(data.items())
        .extracting(item -> item.getKey() + "=" + item.getValue())
        .contains(
            "source=vitess+cdc://vtgate:3306/shop?grpc_port=15991",
            "destination=DuckDB file /tmp/x.duckdb",
            "tables=a, b",
            "parallelism=4");
    assertThat(data.toString()).doesNotContain("s3cret");
  }
}
