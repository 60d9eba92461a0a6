package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.junit.jupiter.api.Test;

class VStreamReadTest {

  private static final VStreamRead READ =
      VStreamRead.from("vitess+cdc://us3r:geh3im@h:15306/shop?grpc_port=15991");

  private static final Vgtid POSITION =
      new Vgtid("shop", List.of(new Vgtid.ShardGtid("0", "MySQL56/x:1-7")));

  @Test
  void displayData() {
    VStreamRead read = READ.withTable("orders").startingAt(POSITION).until(POSITION);

    for (HasDisplayData shown : List.of(read, read.blocks())) {
      String data = DisplayData.from(shown).items().toString();
      assertThat(data)
          .contains("vitess+cdc://h:15306/shop", "orders", "MySQL56/x:1-7", "until")
          .doesNotContain("geh3im", "us3r");
    }
    assertThat(DisplayData.from(READ.fromNow()).items().toString()).doesNotContain("until");
    assertThat(read.toString()).doesNotContain("geh3im");
  }

  @Test
  void arguments() {
    assertThatThrownBy(() -> READ.withTable(" ")).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withTable(null)).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withRunId("")).hasMessage("The run id to read is empty");
    assertThatThrownBy(() -> READ.until(null)).hasMessage("The boundary is null");
    assertThatThrownBy(() -> READ.startingAt((Vgtid) null)).hasMessage("The position is null");
    assertThatThrownBy(() -> READ.startingAt((Instant) null)).hasMessage("The time is null");
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThatThrownBy(() -> READ.withStallTimeout(wrong))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("must be positive");
    }
    assertThatThrownBy(() -> VStreamRead.from("vitess://h/shop"))
        .isInstanceOf(ConfigurationException.class);
  }
}
