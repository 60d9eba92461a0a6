package io.vitessbeam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists of tables: exact names, all of which have to be there. */
class TableSelectionTest {

  private static final SyncOptions ALL =
      SyncOptions.of(VitessCdcUri.of(VitessUri.parse("vitess://host:1/shop"), "host", 2));
  private static final List<String> NAMES = List.of("b", "a", "Order", "c");

  @Test
  void allTablesUnlessSomeAreNamed() {
    assertThat(TableSelection.of(ALL, NAMES)).containsExactly("Order", "a", "b", "c");
    assertThat(TableSelection.of(ALL.withTables(List.of("b", "a")), NAMES))
        .containsExactly("a", "b");
    assertThat(TableSelection.of(ALL.withoutTables(List.of("b", "a")), NAMES))
        .containsExactly("Order", "c");
  }

  @Test
  void unknownNamesAreErrorsThatListWhatThereIs() {
    String message = "Keyspace shop has no table order; it has Order, a, b, c";
    assertConfiguration(ALL.withTables(List.of("a", "order")), NAMES, message);
    assertConfiguration(ALL.withoutTables(List.of("order")), NAMES, message);
  }

  @Test
  void nothingLeft() {
    assertConfiguration(ALL, List.of(), "The keyspace has no tables");
    assertConfiguration(
        ALL.withTables(List.of("a")).withoutTables(List.of("a")),
        NAMES,
        "All tables that were asked for are excluded; leave one at least");
  }

  private static void assertConfiguration(SyncOptions options, List<String> names, String message) {
    assertThatThrownBy(() -> TableSelection.of(options, names))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }
}
